import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUmsClient, type UmsClient } from "../../generated/ums/index.js";
import { createMemoryStore } from "../store/memory-store.js";
import { startUmsServer, type UmsServer } from "./server.js";

let server: UmsServer;
const open = (bearer?: string): UmsClient =>
  createUmsClient({ baseUrl: server.url, retry: false, ...(bearer === undefined ? {} : { auth: { bearer } }) });

const channel = { title: "Rain", ixs_url: "http://ixs.example", data_source_id: "gauge", data_id: "rainfall" };

beforeAll(async () => {
  server = await startUmsServer({
    store: createMemoryStore(),
    adminTokens: ["the-administrator"],
    omsTokens: ["an-oms"],
    limits: { wrongCredentials: 5 },
  });
  const admin = open("the-administrator");
  for (const UID of ["alice", "bob"]) {
    const user = { credential: `${UID}-secret`, service_class: UID === "alice" ? 1 : 2, peer_id: [`peer-of-${UID}`] };
    expect((await admin.UMS_USER_PUT({ params: { UID }, body: { user } })).status).toBe(200);
  }
  const users = [{ user_id: "alice" }];
  expect(
    (await admin.UMS_CHANNEL_PUT({ params: { CID: "rain" }, body: { channel: { ...channel, users } } })).status,
  ).toBe(200);
});
afterAll(() => server.close());

const request = { user_credential: "alice-secret", peer_id: "peer-of-alice", session_id: "Rain" };

test("an OMS learns rights, class and period [X.609.10 8.7]", async () => {
  const { body } = await open("an-oms").UMS_ACCESS_QUERY({ body: { access_request: request } });
  const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
  expect(body).toEqual({
    access_rights: { granted: true, service_class: 1, valid_from: moment, valid_until: moment },
  });
  const refused = await open("an-oms").UMS_ACCESS_QUERY({ body: { access_request: { ...request, user_id: "bob" } } });
  expect(refused.body).toMatchObject({ access_rights: { granted: false } });
});

test("a peer learns the channels of its user alone [X.609.10 8.12]", async () => {
  expect((await open("alice-secret").UMS_CHANNEL_LIST()).body).toEqual({ channels: [channel] });
  expect((await open("bob-secret").UMS_CHANNEL_LIST()).body).toEqual({ channels: [] });
});

test("access is given for a time and taken back", async () => {
  const admin = open("the-administrator");
  const params = { CID: "rain", UID: "bob" };
  const bob = open("bob-secret");
  expect((await admin.UMS_GRANT_PUT({ params, body: { grant: { valid_until: "2999-01-01T00:00:00Z" } } })).status).toBe(
    200,
  );
  expect((await bob.UMS_CHANNEL_LIST()).body).toEqual({ channels: [channel] });
  expect((await admin.UMS_GRANT_DELETE({ params })).status).toBe(200);
  expect((await bob.UMS_CHANNEL_LIST()).body).toEqual({ channels: [] });
  expect((await admin.UMS_GRANT_DELETE({ params })).status).toBe(404);
});

describe("who may do what", () => {
  const calls: Record<string, (client: UmsClient) => Promise<{ status: number | "other" }>> = {
    access: (client) => client.UMS_ACCESS_QUERY({ body: { access_request: request } }),
    list: (client) => client.UMS_CHANNEL_LIST(),
    "set a user": (client) => client.UMS_USER_PUT({ params: { UID: "new" }, body: { user: {} } }),
    "remove a user": (client) => client.UMS_USER_DELETE({ params: { UID: "nobody" } }),
    "set a channel": (client) => client.UMS_CHANNEL_PUT({ params: { CID: "new" }, body: { channel } }),
    "remove a channel": (client) => client.UMS_CHANNEL_DELETE({ params: { CID: "nothing" } }),
    grant: (client) => client.UMS_GRANT_PUT({ params: { CID: "rain", UID: "new" }, body: { grant: {} } }),
    revoke: (client) => client.UMS_GRANT_DELETE({ params: { CID: "rain", UID: "nobody" } }),
  };
  test.each([
    [undefined, []],
    ["an-oms", ["access"]],
    ["alice-secret", ["list"]],
    ["the-administrator", Object.keys(calls).filter((name) => name !== "list")],
  ])("%s: %j", async (bearer, allowed) => {
    const open401 = [];
    for (const [name, call] of Object.entries(calls)) if ((await call(open(bearer))).status !== 401) open401.push(name);
    expect(open401).toEqual(allowed);
  });

  test("a refusal says whose token is wanted", async () => {
    const refused = await open("an-oms").UMS_USER_PUT({ params: { UID: "x" }, body: { user: {} } });
    expect(refused).toMatchObject({
      status: 401,
      body: { detail: "this takes the administrator's token", errors: [{ member: "Authorization" }] },
    });
  });

  test("who guesses credentials is sent away for a while", async () => {
    const other = await startUmsServer({
      store: createMemoryStore(),
      adminTokens: ["a"],
      limits: { wrongCredentials: 5 },
    });
    const statuses = [];
    for (let i = 0; i < 7; i++) {
      const response = await fetch(`${other.url}/ums/channels`, { headers: { authorization: `Bearer guess-${i}` } });
      statuses.push(response.status);
      if (response.status === 429) expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    await other.close();
  });

  test("whoever repeats a wrong credential, or guesses, locks nobody out of the same address who was in before", async () => {
    const other = await startUmsServer({
      store: createMemoryStore(),
      adminTokens: ["a"],
      limits: { wrongCredentials: 3 },
    });
    const admin = createUmsClient({ baseUrl: other.url, retry: false, auth: { bearer: "a" } });
    for (const UID of ["alice", "bob"]) {
      await admin.UMS_USER_PUT({ params: { UID }, body: { user: { credential: `${UID}-secret` } } });
    }
    const ask = async (credential: string) => {
      const headers = { authorization: `Bearer ${credential}` };
      return (await fetch(`${other.url}/ums/channels`, { headers })).status;
    };
    for (let i = 0; i < 6; i++) expect(await ask("an-old-secret")).toBe(401);
    expect(await ask("alice-secret")).toBe(200);
    for (let i = 0; i < 3; i++) await ask(`guess-${i}`);
    // Bob was never seen here: right or wrong, he waits; otherwise guessing would go on.
    expect([await ask("guess-9"), await ask("alice-secret"), await ask("bob-secret")]).toEqual([429, 200, 429]);
    await other.close();
  });

  test("a UMS without an administrator does not start", async () => {
    for (const adminTokens of [[], [""]]) {
      await expect(startUmsServer({ store: createMemoryStore(), adminTokens })).rejects.toThrow(TypeError);
    }
  });
});

describe("bad input names the member and the clause", () => {
  test.each([
    ["POST", "access-rights", { access_request: { session_id: "x" } }, /peer_id/, /8\.7 a\)/],
    [
      "POST",
      "access-rights",
      { access_request: { ...request, user_credential: "short" } },
      /user_credential/,
      /8\.7 a\)/,
    ],
    ["PUT", "users/x", { user: { credential: "with a blank" } }, /credential/, /8\.7 a\)/],
    ["PUT", "users/x", { user: { service_class: "best" } }, /service_class/, /8\.5 g\)/],
    ["PUT", "users/x", { user: { peer_id: "p" } }, /peer_id/, /8\.7 a\)/],
    ["PUT", "channels/x", { channel: { title: "x" } }, /data_id/, /8\.12/],
    ["PUT", "channels/x", { channel: { ...channel, ixs_url: "x" } }, /ixs_url/, /8\./],
    ["PUT", "channels/x", { channel: { ...channel, users: [{}] } }, /user_id/, /8\.12/],
    ["PUT", "channels/rain/users/bob", { grant: { valid_from: "tomorrow" } }, /valid_from/, /8\.7 b\)/],
    ["PUT", "channels/x", { channel: { ...channel, ixs_url: "http://[" } }, /ixs_url/, /8\./],
    ["PUT", "channels/rain/users/bob", { grant: { valid_until: "2026-02-30T00:00:00Z" } }, /valid_until/, /8\.7 b\)/],
    ["PUT", "channels/rain/users/bob", { grant: { valid_from: "2026-01-01T24:00:00Z" } }, /valid_from/, /8\.7 b\)/],
    ["PUT", "channels/rain/users/bob", { grant: { valid_from: "2026-99-99T00:00:00Z" } }, /valid_from/, /8\.7 b\)/],
  ])("%s %s %j", async (method, path, body, member, clause) => {
    const response = await fetch(`${server.url}/ums/${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: "Bearer the-administrator" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { member: string; clause: string }[] };
    expect(errors[0]?.member).toMatch(member);
    expect(errors[0]?.clause).toMatch(clause);
  });
});

test("a store that cannot be written: 503, and nothing is changed", async () => {
  const store = createMemoryStore();
  const failing = await startUmsServer({ store, adminTokens: ["admin"] });
  const admin = createUmsClient({ baseUrl: failing.url, retry: false, auth: { bearer: "admin" } });
  const commit = store.commit;
  store.commit = () => Promise.reject(new Error("the disk is full"));
  const result = await admin.UMS_USER_PUT({ params: { UID: "x" }, body: { user: { credential: "x-secret-x" } } });
  expect(result.status).toBe(503);
  expect(failing.ums.core.directory.users.size).toBe(0);
  store.commit = commit;
  await failing.close();
});

test("health and metrics are on the same port, without names", async () => {
  const health = await (await fetch(`${server.url}/healthz`)).text();
  expect(JSON.parse(health)).toMatchObject({ status: "ok", entity: "ums", users: expect.any(Number) });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/mp2p_ums_users \d/);
  expect(health + metrics).not.toMatch(/alice|bob|secret/);
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createUmsClient } from "../../generated/ums/index.js";
import { createSigningKey, readPublicKey } from "../keys/ed25519.js";
import { readSessionKey } from "../keys/session-key.js";
import { createMemoryStore } from "../store/index.js";
import { startUmsServer, type UmsServer } from "../ums/index.js";
import type { OmsServerOptions } from "./server.js";
import { bearer, creation, type Served, serve } from "./test/laboratory.js";

const key = createSigningKey();
/** Ahead of the real time, in ms: for both servers, so that they agree. */
let ahead = 0;
const clock = { now: () => Date.now() + ahead };
const umsStore = createMemoryStore();
let ums: UmsServer;
let oms: Served;

const startUms = (port = 0) =>
  startUmsServer({
    store: umsStore,
    clock,
    port,
    adminTokens: ["administrator"],
    omsTokens: ["an-oms"],
    settings: { review: 600 },
  });

async function begin(options: Partial<OmsServerOptions> = {}): Promise<string> {
  const policy = { firstExpiration: 86_400, ...options.policy };
  oms = await serve({ clock, ums: { url: ums.url, token: "an-oms" }, ...options, policy });
  return (await oms.create({ ums_session: "rain", service_classes: true, refresh_expiration: 86_400 })).id;
}

beforeEach(async () => {
  ahead = 0;
  ums = await startUms();
  const admin = createUmsClient({ baseUrl: ums.url, auth: { bearer: "administrator" } });
  for (const [UID, service_class] of [
    ["alice", 1],
    ["bob", 2],
    ["carol", 3],
  ] as const) {
    const peers = UID === "carol" ? { peer_id: ["peer-of-carol"] } : {};
    const user = { credential: `secret-of-${UID}`, service_class, ...peers };
    await admin.UMS_USER_PUT({ params: { UID }, body: { user } });
  }
  const channel = { title: "Rain", ixs_url: "http://ixs.example", data_source_id: "gauge", data_id: "rainfall" };
  await admin.UMS_CHANNEL_PUT({
    params: { CID: "rain" },
    body: { channel: { ...channel, users: [{ user_id: "alice" }, { user_id: "carol" }] } },
  });
});
afterEach(async () => {
  await oms.server.close();
  await ums.close();
});

const alice = { user_id: "alice", user_credential: "secret-of-alice" };
const statusOf = async (id: string, peer: string, more: object): Promise<number | "other"> => {
  const body = { join: { peer_id: peer, addresses: [], ...more } };
  return (await oms.client.OMS_JOIN({ params: { NID: id }, body })).status;
};
const keep = async (id: string, peer: string, token: string, membership: object = {}) =>
  oms.client.OMS_MEMBERSHIP_REFRESH({ params: { NID: id, PID: peer }, body: { membership } }, bearer(token));

describe("access rights [X.609.10 8.7 a] (E-DS-27)", () => {
  it.each([
    ["the user with its credential", "x", alice, 200],
    ["the peer of the user", "peer-of-carol", {}, 200],
    ["a user with a wrong credential", "x", { ...alice, user_credential: "secret-of-nobody" }, 403],
    ["a user with a credential that no UMS takes", "x", { ...alice, user_credential: "x" }, 403],
    ["a user without access", "x", { user_id: "bob", user_credential: "secret-of-bob" }, 403],
    ["nobody", "x", {}, 403],
  ])("%s", async (_, peer, more, status) => {
    const id = await begin();
    expect(await statusOf(id, peer, more)).toBe(status);
  });

  it("may be a matter of class alone", async () => {
    const id = await begin({ policy: { umsRefused: "admit" } });
    expect(await statusOf(id, "x", {})).toBe(200);
  });
});

describe("validity periods [X.609.10 8.7 b]", () => {
  it("end membership and session key, unless the UMS says yes again", async () => {
    const id = await begin({ policy: { membershipExpires: 3600 } });
    const { membership, token, sessionKey = "" } = await oms.join(id, "x", { ...alice, public_key: key.publicKey });
    const expires = (membership as { expires: number }).expires;
    expect(expires).toBeLessThanOrEqual(600);
    const provider = readPublicKey((membership as { provider_public_key: string }).provider_public_key);
    const notAfter = provider === undefined ? 0 : (readSessionKey(sessionKey, provider)?.notAfter ?? 0);
    expect(Math.abs(notAfter - clock.now() - 600_000)).toBeLessThan(30_000);
    ahead += 300_000;
    expect((await keep(id, "x", token)).status).toBe(200);
    ahead += 400_000;
    const kept = await keep(id, "x", token);
    expect(kept).toMatchObject({ status: 200, body: { session_key: expect.any(String) as string } });
    ahead += 601_000;
    expect((await keep(id, "x", token)).status).toBe(404);
  });

  it("a right that was taken back ends at the next question", async () => {
    const id = await begin({ policy: { membershipExpires: 3600 } });
    const { token } = await oms.join(id, "x", alice);
    const admin = createUmsClient({ baseUrl: ums.url, auth: { bearer: "administrator" } });
    await admin.UMS_GRANT_DELETE({ params: { CID: "rain", UID: "alice" } });
    expect((await keep(id, "x", token)).status).toBe(403);
    expect((await keep(id, "x", token)).status).toBe(404);
  });
});

it("nothing is kept of who took part in a session that is over, unless another overlay network goes on with it [7.1.3]", async () => {
  const store = createMemoryStore();
  const rows = () => [...store.table("oms_rights").load()].length;
  const session = {
    ums_session: "rain",
    source_peer: { ...creation().overlay_creation.source_peer, peer_id: "other" },
  };
  oms = await serve({ store, clock, ums: { url: ums.url, token: "an-oms" }, upkeepMs: 10 });
  const [first, second] = [await oms.create({ ums_session: "rain" }), await oms.create(session)];
  await oms.join(first.id, "x", alice);
  await oms.join(first.id, "peer-of-carol", {});
  expect(rows()).toBe(2);
  await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: first.id } }, bearer(first.owner));
  oms.server.oms.upkeep();
  expect(rows()).toBe(2);
  await oms.client.OMS_OVERLAY_REMOVE({ params: { NID: second.id } }, bearer(second.owner));
  oms.server.oms.upkeep();
  expect([rows(), oms.server.oms.figures().rights]).toEqual([0, 0]);
});

describe("while the UMS is down", () => {
  it("an earlier grant counts while it is valid, with the same credential; others wait", async () => {
    const store = createMemoryStore();
    const id = await begin({ store, policy: { membershipExpires: 3600 } });
    const { token } = await oms.join(id, "x", alice);
    const { port } = ums;
    await ums.close();
    expect((await keep(id, "x", token)).status).toBe(200);
    await oms.client.OMS_LEAVE({ params: { NID: id, PID: "x" } }, bearer(token));
    // It is remembered over a restart.
    await oms.server.close();
    oms = await serve({ store, clock, ums: { url: `http://127.0.0.1:${port}`, token: "an-oms" } });
    expect(await statusOf(id, "x", { ...alice, user_credential: "secret-of-nobody" })).toBe(503);
    expect(await statusOf(id, "peer-of-carol", {})).toBe(503);
    expect(await statusOf(id, "x", alice)).toBe(200);
    ahead += 601_000;
    expect(await statusOf(id, "x", alice)).toBe(503);
    ums = await startUms(port);
    ahead += 11_000;
    expect(await statusOf(id, "x", alice)).toBe(200);
  });

  it("everybody comes in where the policy says so, until it answers", async () => {
    const id = await begin({ policy: { umsDown: "open" } });
    const { port } = ums;
    await ums.close();
    const { token } = await oms.join(id, "x", {});
    ums = await startUms(port);
    ahead += 11_000;
    expect((await keep(id, "x", token)).status).toBe(403);
  });
});

it("a user without rights learns neither who is in, nor whose name is listed", async () => {
  oms = await serve({ clock, ums: { url: ums.url, token: "an-oms" } });
  const { id } = await oms.create({ ums_session: "rain", closed: { peer_id: ["a", "b"], password: "sesame" } });
  expect(await statusOf(id, "a", alice)).toBe(200);
  const told = async (peer_id: string, more: object = {}) => {
    const result = await oms.client.OMS_JOIN({
      params: { NID: id },
      body: { join: { peer_id, addresses: [], ...more } },
    });
    return [result.code, result.body];
  };
  const stranger = await told("nobody");
  for (const peer of ["a", "b"]) expect(await told(peer)).toEqual(stranger);
  const [code, said] = await told("a", { password: "sesame" });
  expect([code, JSON.stringify(said)]).toEqual([403, expect.stringContaining("8.7 a)")]);
  expect(await statusOf(id, "a", { ...alice, password: "sesame" })).toBe(409);
});

import { expect, test } from "vitest";
import { createUmsClient } from "../../generated/ums/index.js";
import { createSigningKey } from "../keys/ed25519.js";
import type { Logger } from "../net/logger.js";
import { createMemoryStore, type MemoryDisk } from "../store/memory-store.js";
import { startUmsServer } from "../ums/index.js";
import { bearer, serve } from "./test/laboratory.js";
import { standInCs } from "./test/stand-in-cs.js";

/*
 * Privacy of peers [X.609.1 REQ-SEC-02, REQ-SEC-03]: whoever asks whatever, what is private of a peer, its user or its overlay network
 * stays where it belongs. Every answer of every operation, every log line and every row is searched for everything that is secret.
 */
const secrets = {
  users: ["user-alice-7f", "user-bob-7f"],
  credentials: ["credential-of-alice-7f", "credential-of-bob-7f"],
  passwords: ["closed-password-7f"],
  servers: ["ums-token-7f", "cs-token-7f", "operator-7f", "own-token-of-cs-7f"],
};

test("no answer, log line or row tells user ids, credentials, passwords or tokens", async () => {
  const lines: string[] = [];
  const write = (fields: object, message: string) =>
    void lines.push(JSON.stringify(fields) + String((fields as { err?: Error }).err?.stack) + message);
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  const ums = await startUmsServer({
    store: createMemoryStore(),
    adminTokens: ["administrator"],
    omsTokens: ["ums-token-7f"],
  });
  const admin = createUmsClient({ baseUrl: ums.url, auth: { bearer: "administrator" } });
  for (const [i, UID] of secrets.users.entries()) {
    await admin.UMS_USER_PUT({ params: { UID }, body: { user: { credential: secrets.credentials[i] ?? "" } } });
  }
  const users = secrets.users.map((user_id) => ({ user_id }));
  const channel = { title: "Rain", ixs_url: "http://ixs.example", data_source_id: "g", data_id: "r", users };
  await admin.UMS_CHANNEL_PUT({ params: { CID: "rain" }, body: { channel } });
  const cs = await standInCs("cs", 0, "cs-token-7f");
  const disk: MemoryDisk = new Map();
  const oms = await serve({
    store: createMemoryStore({ disk }),
    logger,
    upkeepMs: 10,
    ums: { url: ums.url, token: "ums-token-7f" },
    csToken: "cs-token-7f",
    cacheServers: [{ id: "cs", url: cs.url }],
    adminToken: "operator-7f",
  });
  const { client } = oms;
  const key = createSigningKey();

  // Everything that can be asked, by everybody, rightly and wrongly.
  const created = await client.OMS_OVERLAY_CREATE({
    body: {
      overlay_creation: {
        content_type: "FILE",
        fragment_size: 1000,
        source_peer: { peer_id: "source", public_key: key.publicKey, addresses: ["tcp://192.0.2.1:1"] },
        closed: { password: "closed-password-7f" },
        ums_session: "rain",
        cs_resources: { wanted: 1 },
      },
    },
  });
  if (created.status !== 200) throw new Error(String(created.code));
  const { overlay_network_id: NID, owner_token } = created.body.overlay_network;
  const join = (peer_id: string, i: number, password = "closed-password-7f") =>
    client.OMS_JOIN({
      params: { NID },
      body: {
        join: {
          peer_id,
          public_key: key.publicKey,
          addresses: ["tcp://192.0.2.2:2"],
          password,
          user_id: secrets.users[i] ?? "",
          user_credential: secrets.credentials[i] ?? "",
        },
      },
    });
  const a = await join("a", 0);
  const b = await join("b", 1);
  if (a.status !== 200 || b.status !== 200) throw new Error(`${a.code} ${b.code}`);
  const tokens = [a.body.membership.peer_token, b.body.membership.peer_token];
  const operator = bearer("operator-7f");
  const cache_server = { cs_id: "x", url: "http://127.0.0.1:9", capacity: 1, access_token: "own-token-of-cs-7f" };
  const answers: unknown[] = [a, b, await join("c", 0, "wrong"), await join("a", 1)];
  answers.push(await client.OMS_CACHE_SERVER_REGISTER({ body: { cache_server } }, operator));
  for (const token of [...tokens, owner_token, "operator-7f", "guess"]) {
    const as = bearer(token);
    answers.push(await client.OMS_OVERLAY_QUERY({ params: { NID } }, as));
    answers.push(await client.OMS_OVERLAY_REFRESH({ params: { NID } }, as));
    answers.push(await client.OMS_RESOURCES_QUERY({ params: { NID } }, as));
    for (const PID of ["a", "b", "source", "nobody"]) {
      const params = { NID, PID };
      answers.push(await client.OMS_PEER_LIST({ params, body: { peer_list_request: {} } }, as));
      answers.push(await client.OMS_MEMBERSHIP_REFRESH({ params, body: { membership: {} } }, as));
    }
  }
  for (const path of ["/", "/healthz", "/metrics"]) answers.push(await (await fetch(oms.server.url + path)).text());
  answers.push(await client.OMS_CACHE_SERVER_REMOVE({ params: { CSID: "x" } }, operator));
  answers.push(await client.OMS_LEAVE({ params: { NID, PID: "b" } }, bearer(tokens[1] ?? "")));
  answers.push(await client.OMS_OVERLAY_REMOVE({ params: { NID } }, bearer(owner_token)));
  await oms.server.close();
  await ums.close();
  await cs.close();

  const all = Object.values(secrets).flat();
  expect(all.filter((secret) => JSON.stringify(answers).includes(secret))).toEqual([]);
  const own = [owner_token, ...tokens];
  expect([...all, ...own].filter((secret) => lines.some((line) => line.includes(secret)))).toEqual([]);
  expect(lines.length).toBeGreaterThan(20);
  // The token of a member or owner is told once, to whom it belongs.
  const later = JSON.stringify(answers.slice(2));
  expect(own.filter((secret) => later.includes(secret))).toEqual([]);
  // Nothing of a member but what a list has.
  const lists = JSON.stringify(b.body.membership.peer_list);
  expect(
    Object.keys(
      (JSON.parse(lists) as object[]).find((one) => (one as { peer_id: string }).peer_id === "a") ?? {},
    ).sort(),
  ).toEqual(["addresses", "peer_id", "role"]);
});

test("what is kept of secrets is hashed", async () => {
  const disk: MemoryDisk = new Map();
  const store = createMemoryStore({ disk });
  const oms = await serve({ store });
  const { id, owner } = await oms.create({ closed: { password: "closed-password-7f" } });
  const { token } = await oms.join(id, "a", { password: "closed-password-7f" });
  await store.commit();
  const rows = JSON.stringify([...disk].map(([name, table]) => [name, ...table]));
  expect(rows).toContain(id);
  expect(["closed-password-7f", owner, token].filter((secret) => rows.includes(secret))).toEqual([]);
  await oms.server.close();
});

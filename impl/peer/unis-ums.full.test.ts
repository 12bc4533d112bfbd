import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createUmsClient } from "../../generated/ums/index.js";
import { createUnisClient, type LocatedPeer } from "../../generated/unis/index.js";
import { createMemoryStore } from "../store/index.js";
import { startUmsServer, type UmsServer } from "../ums/index.js";
import { startUnisServer, type UnisServer } from "../unis/index.js";
import { Gate } from "./test/gate.js";
import { collect, patience, pieces, Servers, sessionOf, until } from "./test/servers.js";
import type { SourceSession } from "./types.js";

const content = randomBytes(200_000);
let ums: UmsServer;
let unis: UnisServer;
let gate: Gate;
let servers: Servers;

beforeAll(async () => {
  ums = await startUmsServer({
    store: createMemoryStore(),
    adminTokens: ["administrator"],
    omsTokens: ["an-oms"],
    settings: { review: 2 },
  });
  unis = await startUnisServer({ store: createMemoryStore() });
  gate = await Gate.to(ums.url);
  servers = await new Servers({ ums: { url: gate.url, token: "an-oms" } }).start("pams", "ixs", "oms");
  const admin = createUmsClient({ baseUrl: ums.url, auth: { bearer: "administrator" } });
  for (const UID of ["alice", "bob"]) {
    await admin.UMS_USER_PUT({ params: { UID }, body: { user: { credential: `${UID}-secret`, service_class: 1 } } });
  }
  const channel = { title: "film", ixs_url: servers.url("ixs"), data_source_id: "source", data_id: "data" };
  const users = [{ user_id: "alice" }];
  await admin.UMS_CHANNEL_PUT({ params: { CID: "film" }, body: { channel: { ...channel, users } } });
});
afterAll(async () => {
  await servers.close();
  gate.close();
  await ums.close();
  await unis.close();
});

async function share(title: string, rest: object = {}): Promise<SourceSession> {
  const source = await servers.peer({ settings: { uploadRate: 100_000 } });
  const session = await source.createSession(sessionOf(servers, { title, dataId: title, ...rest }));
  for (const piece of pieces(content, 4096)) await session.append(piece);
  await session.end();
  return session;
}

const credentials = (user: string) => ({ userId: user, userCredential: `${user}-secret` });

test("a user's channels, and who may join what the UMS is asked about [X.609.10 8.7, 8.12]", {
  timeout: patience,
}, async () => {
  const session = await share("film", { umsSession: "film", dataId: "data" });
  const alice = await servers.peer({ ums: { url: ums.url, credential: "alice-secret" } });
  const bob = await servers.peer({ ums: { url: ums.url, credential: "bob-secret" } });
  const stranger = await servers.peer({ ums: { url: ums.url, credential: "nobody's" } });
  expect(await bob.channels()).toEqual([]);
  await expect(stranger.channels()).rejects.toMatchObject({ code: "ERR_REFUSED", status: 401 });
  const [channel] = await alice.channels();
  expect(channel).toMatchObject({ title: "film", ixsUrl: servers.url("ixs"), dataSourceId: "source", dataId: "data" });
  const indexFile = await alice.find({ dataSourceId: channel?.dataSourceId ?? "", dataId: channel?.dataId ?? "" });
  await expect(bob.join(indexFile, credentials("bob"))).rejects.toMatchObject({ code: "ERR_REFUSED", status: 403 });
  const joined = await alice.join(indexFile, credentials("alice"));

  // The UMS goes away for longer than its answers hold: who is in stays in and gets everything.
  gate.open = false;
  await until(() => joined.state.held.length > 0, "it begins");
  const received = await collect(joined);
  expect(received.octets.equals(content)).toBe(true);
  await joined.completed;
  expect(joined.state.phase).toBe("running");
  gate.open = true;
  await session.terminate();
});

test("peers ask the UNIS once, and go on without it [X.609.10 8.4]", { timeout: patience }, async () => {
  const session = await share("near");
  const gateToUnis = await Gate.to(unis.url);
  const times = { listMs: 200, leastListMs: 100 };
  const one = await servers.peer({ unis: gateToUnis.url, times });
  const joined = await one.join(session.indexFile);
  const asked = async (): Promise<number> => {
    const text = await (await fetch(`${unis.url}/metrics`)).text();
    const line = text
      .split("\n")
      .find((each) => /_count\{.*UNIS_DISTANCE_QUERY/.test(each) || /requests_total\{.*UNIS_DISTANCE_QUERY/.test(each));
    return Number(line?.split(" ").at(-1) ?? 0);
  };
  await until(async () => (await asked()) > 0, "the UNIS is asked");
  const before = await asked();
  await joined.askForPeers();
  await joined.askForPeers();
  // Within its update request interval nothing known is asked for again.
  expect(await asked()).toBe(before);
  gateToUnis.open = false;
  const two = await servers.peer({ unis: gateToUnis.url, times });
  const late = await two.join(session.indexFile);
  for (const { octets } of await Promise.all([joined, late].map(collect))) expect(octets.equals(content)).toBe(true);
  await session.terminate();
  gateToUnis.close();
});

test("peers tell the UNIS the round trips of the links that they open [X.609.10 8.4]", {
  timeout: patience,
}, async () => {
  const measuring = await startUnisServer({ store: createMemoryStore(), settings: { quorum: 1, reportInterval: 1 } });
  const session = await share("measured");
  // Two networks: within a host nothing is measured. The second peer opens links to the first.
  const hosts = ["127.0.1.1", "127.0.0.1"];
  const others = await Promise.all(hosts.map((host) => servers.peer({ unis: measuring.url, listen: { host } })));
  for (const peer of others) await (await peer.join(session.indexFile)).completed;
  const [one, two] = others.map(({ peerId, addresses: [address = ""] }) => ({ peer_id: peerId, address }));
  const unisClient = createUnisClient({ baseUrl: measuring.url });
  await until(async () => {
    const distance_query = {
      peer: one as LocatedPeer,
      peers: [two as LocatedPeer],
      preferences: { prefer: ["low-rtt"] },
    };
    const answer = await unisClient.UNIS_DISTANCE_QUERY({ body: { distance_query } });
    return answer.status === 200 && (answer.body.distances.peer[0]?.round_trip ?? 0) > 0;
  }, "round trips count");
  await session.terminate();
  await measuring.close();
});

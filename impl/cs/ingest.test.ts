import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { readdirSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Session as SessionElement, SessionRequest } from "../../generated/cs/types.js";
import { createIxsClient } from "../../generated/ixs/index.js";
import { createOmsClient } from "../../generated/oms/index.js";
import { createUmsClient } from "../../generated/ums/index.js";
import { startDataSource } from "../data-source/data-source.js";
import { silentLogger } from "../net/logger.js";
import { createRecordReader, type ReadRecord } from "../records/index.js";
import { startUmsServer } from "../ums/index.js";
import type { CacheServer, CacheServerOptions } from "./index.js";
import { clientOf, delayMs, octetsOf, Stage } from "./test/stage.js";

const stage = new Stage();
afterEach(() => stage.close());

const asked: SessionRequest = {
  title: "title",
  data_source_id: "s",
  data_id: "d",
  content_type: "STREAM",
  methods: ["http"],
};

async function served(options: Partial<CacheServerOptions> = {}) {
  const servers = await stage.servers();
  return { servers, cs: await stage.cacheServer({ ...servers, ...options }) };
}

async function create(cs: CacheServer, change: Partial<SessionRequest> = {}, bearer?: string): Promise<SessionElement> {
  const result = await clientOf(cs, bearer).CS_SESSION_CREATE({ body: { session: { ...asked, ...change } } });
  if (result.status !== 200) throw new Error(`${result.code}: ${JSON.stringify(result.body)}`);
  return result.body.session;
}

const pointOf = ({ ingest }: SessionElement, method: string): URL =>
  new URL(ingest.find((one) => one.method === method)?.url ?? "none:");

function put(session: SessionElement, body: Uint8Array | ReadableStream, query = "", token = session.session_token) {
  const headers = { authorization: `Bearer ${token}` };
  return fetch(`${pointOf(session, "http")}${query}`, { method: "PUT", headers, body, duplex: "half" } as RequestInit);
}

async function joined(servers: { ixs: string }) {
  const peer = await stage.peer({ ixs: servers.ixs });
  return peer.join(await peer.find({ dataSourceId: "s", dataId: "d" }), { settings: { delayMs } });
}

const statusOf = async (cs: CacheServer, { session_id, session_token }: SessionElement) => {
  const result = await clientOf(cs, session_token).CS_SESSION_QUERY({ params: { SID: session_id } });
  return result.status === 200 ? result.body.session_status : { code: result.code };
};

test("the OMS asks the UMS who may join a session that names itself there [X.609.10 8.7 a)]", async () => {
  const ums = stage.keep(await startUmsServer({ adminTokens: ["admin"], omsTokens: ["an-oms"] }));
  const admin = createUmsClient({ baseUrl: ums.url, auth: { bearer: "admin" } });
  for (const UID of ["alice", "bob"]) {
    await admin.UMS_USER_PUT({ params: { UID }, body: { user: { credential: `${UID}-secret`, service_class: 1 } } });
  }
  const servers = await stage.servers({ ums: { url: ums.url, token: "an-oms" } });
  const channel = {
    title: "title",
    ixs_url: servers.ixs,
    data_source_id: "s",
    data_id: "d",
    users: [{ user_id: "alice" }],
  };
  await admin.UMS_CHANNEL_PUT({ params: { CID: "news" }, body: { channel } });
  const cs = await stage.cacheServer(servers);
  await create(cs, { ums_session: "news", service_classes: true });
  const peer = await stage.peer({ ixs: servers.ixs });
  const file = await peer.find({ dataSourceId: "s", dataId: "d" });
  await expect(peer.join(file, { userId: "bob", userCredential: "bob-secret" })).rejects.toMatchObject({ status: 403 });
  await peer.join(file, { userId: "alice", userCredential: "alice-secret" });
});

describe("R12 over HTTP: the cache server is the source peer [X.609.10 8.11]", () => {
  test("a FILE arrives whole at a peer, and terminating leaves nothing on OMS and IXS [7.1.3]", async () => {
    const folder = stage.folder();
    const { servers, cs } = await served({ folder });
    const content = randomBytes(700_000);
    const session = await create(cs, { content_type: "FILE", content_size: content.length, fragment_size: 100_000 });
    const half = await put(session, content.subarray(0, 300_001), "?offset=0");
    expect([half.status, half.headers.get("upload-offset")]).toEqual([200, "300001"]);
    const rest = await put(session, content.subarray(300_001), "?offset=300001&last=true");
    expect(await rest.json()).toMatchObject({ session_status: { received: 700_000, fragments: 7, ended: true } });
    // What is not in memory is below the folder (X.609.10 3.1.6).
    const kept = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      /^session-.*\/content$/.test(name),
    );
    expect(kept.map((name) => statSync(join(folder, name)).size)).toEqual([700_000]);
    const reader = await joined(servers);
    await reader.completed;
    expect((await octetsOf(reader)).equals(content)).toBe(true);

    const client = clientOf(cs, session.session_token);
    expect((await client.CS_SESSION_TERMINATE({ params: { SID: session.session_id } })).status).toBe(200);
    const oms = createOmsClient({ baseUrl: servers.oms });
    expect((await oms.OMS_OVERLAY_QUERY({ params: { NID: session.overlay_network_id } })).code).toBe(404);
    const ixs = createIxsClient({ baseUrl: servers.ixs });
    const { body } = await ixs.IXS_INDEX_FILE_QUERY();
    expect(body).toMatchObject({ index_file_list: { index_file: [] } });
    expect(await statusOf(cs, session)).toEqual({ code: 404 });
    expect(readdirSync(folder)).toEqual([]);
    expect((await clientOf(cs).CS_QUERY()).body).toMatchObject({ cache_server: { sessions: 0, storage_used: 0 } });
  });

  test("a live stream is handed out while it is still being sent", async () => {
    const { servers, cs } = await served({ times: { flushMs: 10 } });
    const session = await create(cs);
    const reader = await joined(servers);
    let more: (octets: Uint8Array | undefined) => void = () => {};
    const stream = new ReadableStream({
      start(controller) {
        more = (octets) => (octets === undefined ? controller.close() : controller.enqueue(octets));
      },
    });
    const answer = put(session, stream, "?last=true");
    const got: string[] = [];
    more(Buffer.from("one"));
    for await (const { octets } of reader.read()) {
      got.push(Buffer.from(octets).toString());
      if (got.join("") === "one") more(Buffer.from("two"));
      if (got.join("") === "onetwo") more(undefined);
    }
    expect(got.join("")).toBe("onetwo");
    expect((await answer).status).toBe(200);
  });

  test("an upload that breaks off goes on where it stood", async () => {
    const { cs } = await served();
    const session = await create(cs);
    const { hostname, port, pathname } = pointOf(session, "http");
    const socket = connect(Number(port), hostname);
    const { session_token } = session;
    socket.write(
      `PUT ${pathname} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${session_token}\r\ncontent-length: 100\r\n\r\n0123456789`,
    );
    await expect.poll(() => statusOf(cs, session), { timeout: 5_000 }).toMatchObject({ received: 10 });
    expect((await put(session, Buffer.from("x"))).status).toBe(409);
    socket.destroy();
    await expect
      .poll(async () => (await put(session, Buffer.from("x"), "?offset=10")).status, { timeout: 5_000 })
      .toBe(200);
    const gap = await put(session, Buffer.from("x"), "?offset=99");
    expect([gap.status, gap.headers.get("upload-offset")]).toEqual([409, "11"]);
    expect(await gap.json()).toMatchObject({ detail: "the stream stands at 11" });
  });

  test("data become records, POST by POST (E-DS-25)", async () => {
    const { servers, cs } = await served({ times: { flushMs: 5 } });
    const session = await create(cs, { format: "records" });
    const peerSession = await joined(servers);
    const client = clientOf(cs, session.session_token);
    const params = { SID: session.session_id };
    for (const datum of [
      { text: "warm", time: 1_700_000_000_000 },
      { octets: "AAE=", time: 1_700_000_000_001 },
      { last: true },
    ])
      expect((await client.CS_SESSION_POST({ params, body: { datum } })).status).toBe(200);
    const records: ReadRecord[] = [];
    const reader = createRecordReader();
    for await (const { octets } of peerSession.read()) records.push(...reader.push(octets));
    expect(
      records.map(({ sourceId, dataId, time, payload }) => [
        sourceId,
        dataId,
        time,
        Buffer.from(payload).toString("hex"),
      ]),
    ).toEqual([
      ["s", "d", 1_700_000_000_000, Buffer.from("warm").toString("hex")],
      ["s", "d", 1_700_000_000_001, "0001"],
    ]);
    expect((await client.CS_SESSION_POST({ params, body: { datum: { text: "late" } } })).status).toBe(409);
    expect((await put(session, Buffer.from("x"))).status).toBe(409);
  });

  test("a session without data for too long ends by itself", async () => {
    const { servers, cs } = await served({ times: { idleStreamMs: 200 } });
    const session = await create(cs);
    const oms = createOmsClient({ baseUrl: servers.oms });
    const code = async () => (await oms.OMS_OVERLAY_QUERY({ params: { NID: session.overlay_network_id } })).code;
    expect(await code()).toBe(200);
    await expect.poll(code, { timeout: 10_000 }).toBe(404);
    await expect.poll(() => statusOf(cs, session)).toEqual({ code: 404 });
  });
});

test("R12 by LDMP, as on R11 [8.10]: data of two sources in one session", async () => {
  const { servers, cs } = await served({ times: { flushMs: 10 } });
  const session = await create(cs, { methods: ["ldmp"] });
  const peerSession = await joined(servers);
  const { hostname: host, port } = pointOf(session, "ldmp");
  const feed = { items: [{ name: "load", read: () => "0" }], parameters: [] };
  const news: string[] = [];
  const stranger = stage.keep(
    await startDataSource({ id: 9, sourcePeer: { transport: "udp", host, port: Number(port) }, feed }),
  );
  stranger.onNews(({ kind }) => news.push(kind));
  for (const id of [1, 2]) {
    const source = stage.keep(
      await startDataSource({
        id,
        sourcePeer: { transport: "udp", host, port: Number(port) },
        secret: session.ldmp_secret ?? "",
        feed,
      }),
    );
    await source.registered();
    source.post(`from ${id}`);
  }
  const got: string[] = [];
  const reader = createRecordReader();
  for await (const { octets } of peerSession.read()) {
    for (const { sourceId, payload } of reader.push(octets)) got.push(`${sourceId} ${Buffer.from(payload).toString()}`);
    if (got.length === 2) break;
  }
  expect(got.sort()).toEqual(["1 from 1", "2 from 2"]);
  await expect.poll(() => news, { timeout: 5_000 }).toContain("failed");
  expect(stranger.post("mine")).toBe(false);
});

describe("R12 by RTP", () => {
  const packet = (sequence: number): Buffer => {
    const datagram = Buffer.alloc(12 + 188);
    datagram.writeUInt16BE(0x8021, 0);
    datagram.writeUInt16BE(sequence, 2);
    datagram.writeUInt32BE(1, 8);
    datagram[12] = 0x47;
    datagram.writeUInt16BE(sequence, 14);
    return datagram;
  };

  test("packets in any order come out as one stream of MPEG-TS; garbage and what is lost are counted", async () => {
    const { servers, cs } = await served({ times: { flushMs: 10 } });
    const session = await create(cs, { methods: ["rtp", "http"] });
    expect((await put(session, Buffer.alloc(0))).status).toBe(200);
    const reader = await joined(servers);
    expect(reader.indexFile).toMatchObject({ format: "video/mp2t", fragment_size: 63_168 });
    const { hostname, port } = pointOf(session, "rtp");
    const socket = createSocket("udp4");
    stage.keep({ close: async () => socket.close() });
    for (const datagram of [packet(1), Buffer.from("garbage"), packet(3), packet(2), packet(5)])
      socket.send(datagram, Number(port), hostname);
    const octets = await octetsOf(reader, 4 * 188);
    expect([0, 1, 2, 3].map((i) => octets.readUInt16BE(188 * i + 2))).toEqual([1, 2, 3, 5]);
    expect(await statusOf(cs, session)).toMatchObject({ data: 4, lost: 1, refused: 1 });
    // HTTP shows the session's token, RTP none.
    const wins = await put(session, Buffer.from("x"));
    expect([wins.status, (await wins.json()) as object]).toMatchObject([200, { session_status: { received: 1 } }]);
    for (const datagram of [packet(6), packet(7)]) socket.send(datagram, Number(port), hostname);
    await expect.poll(() => statusOf(cs, session), { timeout: 5_000 }).toMatchObject({ data: 4, refused: 3 });
  });

  test("a stray packet does not shut an upload out, nor one from elsewhere than announced the sender", async () => {
    const { cs } = await served();
    const session = await create(cs, { methods: ["rtp", "http"] });
    const elsewhere = await create(cs, { methods: ["rtp"], data_id: "e", rtp_sender: "192.0.2.1" });
    const here = await create(cs, { methods: ["rtp"], data_id: "f", rtp_sender: "127.0.0.1" });
    const socket = createSocket("udp4");
    stage.keep({ close: async () => socket.close() });
    const send = (to: SessionElement, ...numbers: number[]) => {
      const { hostname, port } = pointOf(to, "rtp");
      for (const number of numbers) socket.send(packet(number), Number(port), hostname);
    };
    send(session, 1);
    send(elsewhere, 1, 2, 3);
    send(here, 1, 2, 3);
    const until = (of: SessionElement) => expect.poll(() => statusOf(cs, of), { timeout: 5_000 });
    await until(session).toMatchObject({ data: 0, refused: 1 });
    await until(elsewhere).toMatchObject({ data: 0, refused: 3 });
    await until(here).toMatchObject({ data: 3, refused: 0 });
    expect((await put(session, Buffer.from("x"))).status).toBe(200);
  });
});

describe("bad input", () => {
  test("a wrong token, an unknown session, and tokens of others", async () => {
    const { cs } = await served({ authentication: { providers: ["prov"] } });
    const refused = await clientOf(cs, "wrong").CS_SESSION_CREATE({ body: { session: asked } });
    expect(refused.status).toBe(401);
    const session = await create(cs, {}, "prov");
    const other = await create(cs, { data_id: "e" }, "prov");
    for (const token of ["wrong", "prov", other.session_token]) {
      const answer = await put(session, Buffer.alloc(1000), "", token);
      expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="cs"']);
      const client = clientOf(cs, token);
      const params = { SID: session.session_id };
      expect((await client.CS_SESSION_TERMINATE({ params })).status).toBe(401);
      expect((await client.CS_SESSION_POST({ params, body: { datum: { text: "x" } } })).status).toBe(401);
    }
    expect(await statusOf(cs, session)).toMatchObject({ received: 0 });
    const url = `${cs.url}/cs/sessions/none/data`;
    expect((await fetch(url, { method: "PUT", body: Buffer.from("x") })).status).toBe(404);
    expect((await fetch(url.replace("none", session.session_id), { method: "PATCH", body: "x" })).status).toBe(405);
  });

  test("an upload beyond what the session takes, announced or not", async () => {
    const { cs } = await served({ limits: { sessionOctets: 5_000 } });
    const file = await create(cs, { content_type: "FILE" });
    const announced = await put(file, Buffer.alloc(5_001));
    expect(announced.status).toBe(413);
    const chunks = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(3_000));
      },
    });
    const endless = await put(file, chunks);
    expect([endless.status, endless.headers.get("upload-offset")]).toEqual([413, "3000"]);
    expect((await put(file, Buffer.alloc(2_000), "?last=true")).status).toBe(200);
    expect((await put(file, Buffer.alloc(1))).status).toBe(409);
    expect((await put(file, Buffer.alloc(0), "?offset=-1")).status).toBe(400);
  });

  test.each<[string, Partial<SessionRequest>, string]>([
    ["LDMP into octets", { methods: ["ldmp"], format: "octets" }, "/session/format"],
    ["RTP as records", { methods: ["rtp"], format: "records" }, "/session/methods"],
    ["RTP as a FILE", { methods: ["rtp"], content_type: "FILE" }, "/session/content_type"],
    ["a long identifier in records", { format: "records", data_id: "ä".repeat(128) }, "/session/data_id"],
    ["records in small fragments", { format: "records", fragment_size: 100 }, "/session/fragment_size"],
    ["MPEG-TS in fragments smaller than a packet", { methods: ["rtp"], fragment_size: 187 }, "/session/fragment_size"],
    ["a FILE of nothing", { content_type: "FILE", content_size: 0 }, "/session/content_size"],
    ["a sender of what is no RTP", { rtp_sender: "192.0.2.1" }, "/session/rtp_sender"],
    ["a sender that is no address", { methods: ["rtp"], rtp_sender: "1:2" }, "/session/rtp_sender"],
  ])("refuses %s", async (_, change, member) => {
    const { cs } = await served();
    const result = await clientOf(cs).CS_SESSION_CREATE({ body: { session: { ...asked, ...change } } });
    expect(result).toMatchObject({ status: 400, body: { errors: [{ member, clause: "X.609.10 8.11" }] } });
  });

  test("no more sessions than it may have; none without an OMS; a second one of the same data", async () => {
    const { servers, cs } = await served({ limits: { sessions: 1 } });
    const session = await create(cs);
    const more = await clientOf(cs).CS_SESSION_CREATE({ body: { session: { ...asked, data_id: "e" } } });
    expect(more).toMatchObject({ status: 503, body: { detail: expect.stringContaining("no more than 1") } });
    const alone = await stage.cacheServer();
    expect((await clientOf(alone).CS_SESSION_CREATE({ body: { session: asked } })).status).toBe(503);
    const twin = await stage.cacheServer(servers);
    const taken = await clientOf(twin).CS_SESSION_CREATE({ body: { session: asked } });
    const named = { member: "/session/data_id", clause: "X.609.10 8.6 a)", message: expect.stringContaining('"d"') };
    expect(taken).toMatchObject({ status: 409, body: { errors: [named] } });
    expect(await statusOf(cs, session)).toMatchObject({ ended: false });
    expect((await clientOf(twin).CS_QUERY()).body).toMatchObject({ cache_server: { sessions: 0 } });
  });

  test("the same session again, there or in the making; too much of a description", async () => {
    const { cs } = await served();
    const all = await Promise.all([1, 2, 3].map(() => clientOf(cs).CS_SESSION_CREATE({ body: { session: asked } })));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const long = { ...asked, data_id: "e", title: "\0".repeat(1_000), description: "\0".repeat(8_000) };
    const result = await clientOf(cs).CS_SESSION_CREATE({ body: { session: long } });
    expect(result).toMatchObject({ status: 413, body: { errors: [{ member: "/session/description" }] } });
  });

  test.each([
    ["closed to everybody", { closed: {} }, "/session/closed"],
    ["an empty format", { format: "" }, "/session/format"],
  ])("%s", async (_, change, member) => {
    const { cs } = await served();
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ session: { ...asked, ...change } });
    const response = await fetch(`${cs.url}/cs/sessions`, { method: "POST", headers, body });
    expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ member }] }]);
  });

  test("an end before the end is refused, and costs nothing", async () => {
    const { servers, cs } = await served();
    const session = await create(cs, { content_type: "FILE", content_size: 1_000 });
    const early = await put(session, Buffer.alloc(10, 1), "?last=true");
    expect([early.status, early.headers.get("upload-offset")]).toEqual([409, "10"]);
    expect(await early.json()).toMatchObject({
      errors: [{ member: "?last", message: expect.stringContaining("1000") }],
    });
    const client = clientOf(cs, session.session_token);
    const last = await client.CS_SESSION_POST({ params: { SID: session.session_id }, body: { datum: { last: true } } });
    expect(last).toMatchObject({ status: 409, body: { errors: [{ member: "/datum/last" }] } });
    expect(await statusOf(cs, session)).toMatchObject({ received: 10, ended: false });
    expect((await put(session, Buffer.alloc(990, 2), "?offset=10&last=true")).status).toBe(200);
    const reader = await joined(servers);
    await reader.completed;
    expect((await octetsOf(reader)).length).toBe(1_000);
  });

  test("small fragments count with what they take in memory beside their octets", async () => {
    const { cs } = await served({ limits: { storage: 1_000_000 } });
    const file = await create(cs, { content_type: "FILE", fragment_size: 1 });
    expect((await put(file, Buffer.alloc(1_000))).status).toBe(507);
    const wanted = { ...asked, data_id: "e", content_type: "FILE", content_size: 1_000, fragment_size: 1 } as const;
    const announced = await clientOf(cs).CS_SESSION_CREATE({ body: { session: wanted } });
    expect(announced).toMatchObject({ status: 413, body: { errors: [{ member: "/session/content_size" }] } });
    const large = { ...asked, data_id: "f", fragment_size: 1_000_000 };
    const stream = await clientOf(cs).CS_SESSION_CREATE({ body: { session: large } });
    expect(stream).toMatchObject({ status: 413, body: { errors: [{ member: "/session/fragment_size" }] } });
  });

  test("OMSs that the operator did not name are not asked", async () => {
    const { servers, cs } = await served({ allowedOms: ["http://oms.example/"] });
    const allocate = (oms_url: string) =>
      clientOf(cs).CS_ALLOCATE({ body: { allocation: { overlay_network_id: "o", oms_url } } });
    const refused = await allocate(servers.oms);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ member: "/allocation/oms_url" }] } });
    expect((await allocate("http://oms.example")).status).toBe(200);
  });

  test("whoever lets everybody reach it without tokens is told what that means", async () => {
    const said: string[] = [];
    const logger = { ...silentLogger, warn: (_: object, text: string) => void said.push(text) };
    await served({ host: "0.0.0.0", logger });
    expect(said).toEqual(["TLS", "token of OMSs", "token of providers"].map((what) => expect.stringContaining(what)));
    said.splice(0);
    await served({ host: "0.0.0.0", logger, authentication: { oms: ["o"], providers: ["p"] } });
    expect(said).toEqual([expect.stringContaining("TLS")]);
  });
});

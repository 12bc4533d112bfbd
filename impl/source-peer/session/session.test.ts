import { afterEach, describe, expect, test } from "vitest";
import { createIxsClient } from "../../../generated/ixs/index.js";
import { createOmsClient } from "../../../generated/oms/index.js";
import { type DataSource, startDataSource } from "../../data-source/data-source.js";
import { startIxsServer } from "../../ixs/index.js";
import { type OmsServerOptions, startOmsServer } from "../../oms/index.js";
import { createPeer, type Session } from "../../peer/index.js";
import { createRecordReader, type ReadRecord } from "../../records/index.js";
import { createMemoryStore, type MemoryDisk } from "../../store/index.js";
import {
  type SourcePeer,
  type StreamingNews,
  type StreamingSessionOptions,
  startSourcePeer,
  startStreamingSession,
} from "../index.js";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
function keep<T extends { close(): Promise<unknown> }>(one: T): T {
  open.push(one);
  return one;
}

const admin = "administrator";
/** So long that a busy machine does not make live data late. */
const delayMs = 60_000;
async function servers(oms: Partial<OmsServerOptions> = {}) {
  const ixs = keep(await startIxsServer({ store: keep(createMemoryStore()), adminTokens: [admin] }));
  const managed = keep(await startOmsServer({ store: keep(createMemoryStore()), ...oms }));
  return { oms: managed.url, ixs: ixs.url, server: managed };
}

async function streaming(
  at: { oms: string; ixs: string },
  change: Partial<StreamingSessionOptions> = {},
  control = false,
) {
  const sourcePeer = keep(await startSourcePeer({ id: 100, ...(control ? {} : { control: false }) }));
  const peer = keep(await createPeer({ ixs: at.ixs, times: { answerMs: 500, retryMs: 20, leaveMs: 1_000 } }));
  const session = keep(
    startStreamingSession({
      ...at,
      peer,
      sourcePeer,
      title: "weather",
      fragmentSize: 1024,
      flushMs: 10,
      lingerMs: 50,
      drainMs: 50,
      retryMs: 20,
      session: { settings: { delayMs } },
      ...change,
    }),
  );
  const news: StreamingNews[] = [];
  session.onNews((one) => news.push(one));
  return { sourcePeer, session, news };
}

async function source(sourcePeer: SourcePeer, id: number): Promise<DataSource> {
  const one = keep(await startDataSource({ id, sourcePeer: `udp://127.0.0.1:${sourcePeer.udp?.port}` }));
  await one.registered();
  return one;
}

const until = (look: () => unknown) => expect.poll(look, { timeout: 15_000, interval: 10 });

async function listed(ixs: string) {
  const { body } = await createIxsClient({ baseUrl: ixs }).IXS_INDEX_FILE_QUERY();
  const files = (body as { index_file_list: { index_file: { data_source_id: string; overlay_network_id: string }[] } })
    .index_file_list.index_file;
  return files;
}
const sources = async (ixs: string) => (await listed(ixs)).map(({ data_source_id }) => data_source_id).sort();

/** Reads data until there are so many. */
async function read(session: Session, count: number): Promise<ReadRecord[]> {
  const reader = createRecordReader();
  const records: ReadRecord[] = [];
  for await (const { octets, missed } of session.read()) {
    records.push(...reader.push(octets, missed));
    if (records.length >= count) break;
  }
  return records;
}

describe("a session of a source peer [X.609.10 7.1, 8.10]", () => {
  test("data of several sources reach peers in order; each has an index file of the same overlay network (E-DS-38)", async () => {
    const at = await servers();
    const { sourcePeer, session } = await streaming(at);
    const one = await source(sourcePeer, 1);
    const two = await source(sourcePeer, 2);
    await until(() => sources(at.ixs)).toEqual(["1", "2", "source-peer-100"]);
    expect(new Set((await listed(at.ixs)).map(({ overlay_network_id }) => overlay_network_id)).size).toBe(1);

    // By the title of the session, and by a data source of it.
    const readers = await Promise.all(
      [{ title: "weather" }, { dataSourceId: "2" }].map(async (query) => {
        const peer = keep(await createPeer({ ixs: at.ixs }));
        return peer.join(await peer.find(query), { settings: { delayMs } });
      }),
    );
    // Who comes later begins with what is new then.
    await until(() =>
      readers.every(({ state }) => state.links.some(({ remote }) => remote.role === "source-peer")),
    ).toBe(true);
    const wanted = Array.from({ length: 30 }, (_, i) => `${1 + (i % 2)} value ${i}`);
    const got = readers.map((reader) => read(reader, wanted.length));
    for (const [i, text] of wanted.entries()) (i % 2 === 0 ? one : two).post(text.slice(2));
    two.post(Uint8Array.from({ length: 5000 }, (_, i) => i & 0xff));
    for (const records of await Promise.all(got)) {
      for (const id of ["1", "2"]) {
        const own = records.filter(({ sourceId }) => sourceId === id);
        expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, i) => i));
        const texts = own.map(({ sourceId, payload }) => `${sourceId} ${Buffer.from(payload).toString()}`);
        expect(texts.slice(0, 15)).toEqual(wanted.filter((text) => text.startsWith(id)));
      }
    }
    expect(session.state).toMatchObject({ phase: "open", sources: 2, data: 31, dropped: 0 });
  });

  test("the last Release ends it, and nothing of it remains [7.1.3] (E-DS-20)", async () => {
    const at = await servers();
    const { sourcePeer, session, news } = await streaming(at);
    const one = await source(sourcePeer, 1);
    const two = await source(sourcePeer, 2);
    await until(() => sources(at.ixs)).toEqual(["1", "2", "source-peer-100"]);
    const NID = session.state.overlayId ?? "";
    await one.close();
    await until(() => sources(at.ixs)).toEqual(["2", "source-peer-100"]);
    expect(session.state.phase).toBe("open");
    await two.close();
    await until(() => session.state.phase).toBe("closed");
    expect(await sources(at.ixs)).toEqual([]);
    expect((await createOmsClient({ baseUrl: at.oms }).OMS_OVERLAY_QUERY({ params: { NID } })).code).toBe(404);
    expect(news.map(({ kind }) => kind).filter((kind) => kind !== "session")).toEqual([
      "opened",
      "indexed",
      "indexed",
      "unindexed",
      "closed",
    ]);
    // And a first Registration begins another.
    await source(sourcePeer, 3);
    await until(() => sources(at.ixs)).toEqual(["3", "source-peer-100"]);
    expect(session.state.overlayId).not.toBe(NID);
  });

  test("what comes before the OMS answers is kept, in order and within bounds", async () => {
    const at = await servers();
    const { port } = at.server;
    await at.server.close();
    open.splice(open.indexOf(at.server), 1);
    const { sourcePeer, session, news } = await streaming(at, { maxBuffered: 4_000 });
    const one = await source(sourcePeer, 1);
    for (let i = 0; i < 8; i++) one.post(Uint8Array.from({ length: 900 }, () => i));
    await until(() => session.state.dropped).toBe(4);
    await until(() => news.some(({ kind }) => kind === "failed")).toBe(true);
    keep(await startOmsServer({ store: keep(createMemoryStore()), port }));
    await until(() => session.state.phase).toBe("open");
    const peer = keep(await createPeer({ ixs: at.ixs }));
    const reader = await peer.join(await peer.find({ title: "weather" }), { settings: { delayMs } });
    expect((await read(reader, 4)).map(({ payload }) => payload[0])).toEqual([4, 5, 6, 7]);
  });

  test("the operator's commands, over the control interface (E-DS-21)", async () => {
    const at = await servers();
    const { sourcePeer, session } = await streaming(at, { trigger: "operator" }, true);
    const call = async (method: string, path: string) => {
      const response = await fetch(sourcePeer.url + path, { method });
      return [response.status, await response.json()];
    };
    expect(await call("GET", "/session")).toMatchObject([404, {}]);
    sourcePeer.manage(session);
    const one = await source(sourcePeer, 1);
    one.post("nobody listens");
    await until(() => session.state.dropped).toBe(1);
    expect(await call("GET", "/session")).toMatchObject([200, { phase: "closed", sources: 1 }]);
    expect(await call("POST", "/session/start")).toMatchObject([202, {}]);
    await until(() => sources(at.ixs)).toEqual(["1", "source-peer-100"]);
    expect((await call("GET", "/session/stop"))[0]).toBe(405);
    expect(await call("POST", "/session/stop")).toMatchObject([202, {}]);
    await until(() => session.state.phase).toBe("closed");
    expect(await sources(at.ixs)).toEqual([]);
  });

  test("an overlay network that the OMS has lost is made anew", async () => {
    const policy: Partial<OmsServerOptions> = { limits: { shortestExpiration: 1 } };
    const at = await servers(policy);
    const { sourcePeer, session, news } = await streaming(at, { session: { refreshExpiration: 1 } });
    await source(sourcePeer, 1);
    await until(() => session.state.phase).toBe("open");
    const before = session.state.overlayId;
    await at.server.close();
    open.splice(open.indexOf(at.server), 1);
    keep(await startOmsServer({ store: keep(createMemoryStore()), port: at.server.port, ...policy }));
    await until(() => news.filter(({ kind }) => kind === "opened").length).toBe(2);
    await until(() => session.state.phase).toBe("open");
    expect(session.state.overlayId).not.toBe(before);
    await until(
      async () => new Set((await listed(at.ixs)).map(({ overlay_network_id }) => overlay_network_id)),
    ).toEqual(new Set([session.state.overlayId]));
    await until(() => sources(at.ixs)).toEqual(["1", "source-peer-100"]);
  });

  test("a source peer that was killed takes over the index files it left", async () => {
    const at = await servers();
    const disk: MemoryDisk = new Map();
    const first = await streaming(at, { store: keep(createMemoryStore({ disk })) });
    await source(first.sourcePeer, 1);
    await until(() => sources(at.ixs)).toEqual(["1", "source-peer-100"]);
    await until(() => disk.get("source_index_files")?.size).toBe(1);
    // It is gone without a word: only its disk is left.
    const copy: MemoryDisk = new Map([...disk].map(([name, rows]) => [name, new Map(rows)]));
    const second = await streaming(at, { store: keep(createMemoryStore({ disk: copy })), title: "weather again" });
    await source(second.sourcePeer, 1);
    await until(() => second.session.state.phase).toBe("open");
    await until(async () => (await listed(at.ixs)).find(({ data_source_id }) => data_source_id === "1")).toMatchObject({
      version: 2,
      overlay_network_id: second.session.state.overlayId,
    });
  });
});

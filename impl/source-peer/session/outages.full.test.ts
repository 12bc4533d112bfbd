import { afterEach, describe, expect, test } from "vitest";
import { type OmsServerOptions, startOmsServer } from "../../oms/index.js";
import { createPeer } from "../../peer/index.js";
import { createMemoryStore, type MemoryDisk } from "../../store/index.js";
import {
  closeAll,
  delayMs,
  keep,
  listed,
  open,
  read,
  servers,
  source,
  sources,
  streaming,
  until,
} from "./test/stage.js";

afterEach(closeAll);

describe("a session of a source peer whose servers, or which itself, is gone for a while [X.609.10 7.1]", () => {
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

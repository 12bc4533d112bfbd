import { afterEach, describe, expect, test } from "vitest";
import { createOmsClient } from "../../../generated/oms/index.js";
import { createPeer } from "../../peer/index.js";
import { closeAll, delayMs, keep, listed, read, servers, source, sources, streaming, until } from "./test/stage.js";

afterEach(closeAll);

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
});

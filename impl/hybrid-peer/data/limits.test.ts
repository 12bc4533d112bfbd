import { describe, expect, it } from "vitest";
import { type BroadcastData, Code, type Data } from "../core/message.js";
import type { CoreNews } from "../core/ports.js";
import { Network, type Node } from "./test/network.js";

function broadcast(source: string, sequence: number, more: Partial<Data> = {}): BroadcastData {
  const data = { source, sequence, payloadType: "", appId: "", payload: new Uint8Array(10), ...more };
  return { code: Code.broadcastData, ack: false, candidatePath: false, data };
}

/** A peer, its child, and what makes the child receive. */
function pair(...options: ConstructorParameters<typeof Network>) {
  const network = new Network(...options);
  const [root, child] = [network.node("root"), network.node("child")];
  const [, end] = network.attach(child, root);
  network.world.run(10);
  const receive = (message: BroadcastData): void => child.data.received(child.parent as never, message);
  return { network, root, child, end, receive };
}

const lost = (node: Node) =>
  node.news.filter((news): news is CoreNews & { kind: "data-lost" } => news.kind === "data-lost");

describe("what a SubTree takes [Q.4100 6]", () => {
  const sub = { type: "sub", sourcePeer: "root" } as const;

  it("is the source peer's data alone", () => {
    const { network, root, child, receive } = pair(sub);
    const leaf = network.node("leaf");
    network.attach(leaf, child);
    network.world.run(10);
    root.publish("state");
    receive(broadcast("intruder", 1));
    network.world.run(50);
    expect(child.delivered.map(({ source }) => source)).toEqual(["root"]);
    expect(leaf.delivered.map(({ source }) => source)).toEqual(["root"]);
    expect(child.news).toContainEqual({ kind: "refused", from: "root", reason: expect.stringContaining("intruder") });
    expect(() => child.publish("me too")).toThrow(expect.objectContaining({ code: "ERR_NOT_SOURCE" }));
  });
});

describe("publishing", () => {
  it.each([
    ["too long", { maxMessage: 3 }, "ERR_TOO_LARGE"],
    ["not to be split", { maxFramePayload: 3, split: false }, "ERR_TOO_LARGE"],
  ])("a message that is %s takes no sequence", (_, settings, code) => {
    const { root } = pair({}, settings);
    expect(() => root.publish("four")).toThrow(expect.objectContaining({ code }));
    expect(root.publish("one")).toBe(1);
  });

  it("counts on from `firstSequence`, by parts, and through a new membership", () => {
    const { network, root, child } = pair({}, { firstSequence: 100, maxFramePayload: 4 });
    expect([root.publish("one"), root.publish("in three pts"), root.publish("two")]).toEqual([100, 103, 104]);
    network.world.run(50);
    expect(child.delivered.map(({ payload, sequence }) => [sequence, new TextDecoder().decode(payload)])).toEqual([
      [100, "one"],
      [103, "in three pts"],
      [104, "two"],
    ]);
  });

  it("keeps its order behind a long message, and sends that as fast as the link takes it", () => {
    const network = new Network(
      { cacheMessages: 5 },
      { maxFramePayload: 1000, maxQueued: 20_000, maxMessage: 100_000 },
    );
    const [root, child] = [network.node("root"), network.node("child")];
    const [, end] = network.attach(child, root, { rate: 10 });
    network.world.run(100);
    root.publish("m".repeat(100_000));
    root.publish("after it");
    expect(end.queued).toBeLessThan(7000);
    network.world.run(20_000);
    expect(root.dropped).toEqual([]);
    expect(child.delivered.map(({ sequence, missing }) => [sequence, missing])).toEqual([
      [100, 0],
      [101, 0],
    ]);
    expect(child.delivered[0]?.payload.byteLength).toBe(100_000);
  });

  it("does not depend on what the application does to its octets later", () => {
    const { network, root } = pair();
    const payload = new Uint8Array([1, 2, 3]);
    root.data.publish({ appId: "", payloadType: "", payload });
    payload.fill(9);
    const late = network.node("late");
    network.attach(late, root);
    network.world.run(50);
    expect([...(late.delivered[0]?.payload ?? [])]).toEqual([1, 2, 3]);
  });
});

describe("a primary that does not keep up", () => {
  it("is dropped, gets what it lacks when it comes again, and costs the others nothing", () => {
    const network = new Network({}, { maxQueued: 20_000 });
    const [root, slow, fast] = [network.node("root"), network.node("slow"), network.node("fast")];
    network.attach(slow, root, { rate: 1 });
    network.attach(fast, root);
    network.world.run(200);
    for (let i = 0; i < 100; i++) {
      root.publish("m".repeat(1000));
      network.world.run(0);
    }
    network.world.run(10);
    expect(root.dropped).toEqual([expect.stringContaining("20000 octets")]);
    expect(fast.delivered).toHaveLength(100);
    slow.lose(slow.parent as never);
    network.attach(slow, root);
    network.world.run(10_000);
    expect(slow.delivered).toHaveLength(100);
  });
});

describe("memory, whatever others send", () => {
  it("holes: the oldest are given up and told, at a bounded rate", () => {
    const { network, child, receive } = pair({ recoveryBy: "push" });
    for (let n = 0; n < 1500; n++) receive(broadcast("hostile", 1 + 3 * n));
    network.world.run(150);
    expect(lost(child).length).toBeLessThanOrEqual(32);
    expect(child.data.statistics().lost).toBe(2 * (1500 - 512));
    expect(child.data.bufferMap()?.[0]?.ranges).toHaveLength(512);
  });

  it("held back: the oldest gap is given up where too much waits for it", () => {
    const { network, child, receive } = pair({}, { order: "source", maxCacheOctets: 4 * 1024 * 1024 });
    receive(broadcast("s", 1));
    for (let n = 3; n < 60; n++) receive(broadcast("s", n, { payload: new Uint8Array(20_000) }));
    network.world.run(150);
    expect(child.sequences("s").slice(0, 3)).toEqual([1, 3, 4]);
    expect(lost(child)).toEqual([{ kind: "data-lost", source: "s", from: 2, to: 2 }]);
  });

  it("sources: those quiet longest are forgotten, with their caches", () => {
    const { child, receive } = pair({}, { maxSources: 32 });
    for (let n = 0; n < 500; n++) {
      receive(broadcast(`source ${n}`, 1));
      receive(broadcast("steady", n + 1));
    }
    expect(child.data.bufferMap()?.length).toBeLessThanOrEqual(32);
    expect(child.data.statistics().cachedMessages).toBeLessThanOrEqual(500 + 32);
    receive(broadcast("steady", 1));
    expect(child.sequences("steady")).toHaveLength(500);
  });

  it("a map that claims more than there is costs requests at a bounded rate, and is not believed for long", () => {
    const { network, root, child, end } = pair({ recoveryBy: "pull" });
    root.data.received = (path, message) => {
      if (message.code === Code.bufferMap) {
        const ranges = [[1, Number.MAX_SAFE_INTEGER]] as const;
        path.link.send({ code: Code.bufferMapAnswer, overlayId: "o", bufferMap: [{ source: "s", ranges }] });
      } else if (message.code === Code.getData) path.link.send({ ...message, code: Code.getDataAbsent });
    };
    const asked = end.peer.sent;
    child.data.received(end.peer.path, broadcast("s", 5));
    child.data.received(end.peer.path, broadcast("s", 50));
    network.world.run(60_000);
    expect(asked.filter(({ code }) => code === Code.getData).length).toBeLessThan(1000);
    expect(lost(child)).toEqual([{ kind: "data-lost", source: "s", from: 6, to: 49 }]);
  });

  it("a map that goes on claiming what never comes does not keep others from going on", () => {
    const { network, root, child, end } = pair({}, { order: "source" });
    root.data.received = (path, message) => {
      if (message.code !== Code.bufferMap) return;
      const bufferMap = [{ source: "s", ranges: [[1, 4] as const] }];
      path.link.send({ code: Code.bufferMapAnswer, overlayId: "o", bufferMap });
    };
    for (const sequence of [1, 2, 4]) child.data.received(end.peer.path, broadcast("s", sequence));
    network.world.run(60_000);
    expect(child.sequences("s")).toEqual([1, 2, 4]);
    expect(lost(child)).toEqual([{ kind: "data-lost", source: "s", from: 3, to: 3 }]);
  });

  it("asking for data and maps is answered as far as the link takes it", () => {
    const { network, root, child, end } = pair({}, { maxQueued: 10_000 });
    root.publish("m".repeat(1000));
    const [request, map] = [Code.getData, Code.bufferMap];
    for (let n = 0; n < 1000; n++) {
      root.data.received(end.path, { code: request, overlayId: "o", source: "root", sequence: 1 });
      root.data.received(end.path, { code: map, overlayId: "o" });
    }
    expect(end.queued).toBeLessThan(10_000);
    expect(end.sent.filter(({ code }) => code === Code.bufferMapAnswer)).toHaveLength(10);
    expect(root.dropped).toEqual([]);
    network.world.run(100);
    expect(child.delivered).toHaveLength(1);
  });
});

describe("what is refused", () => {
  it.each([
    ["a part before the first sequence", broadcast("s", 2, { part: { index: 2, count: 3 } }), "part.index"],
    ["another overlay", { code: Code.getData, overlayId: "other", source: "root", sequence: 1 } as const, "overlay-id"],
  ])("%s is told, and nothing else", (_, message, reason) => {
    const { network, child, end } = pair();
    const sent = end.peer.sent.length;
    child.data.received(end.peer.path, message);
    network.world.run(50);
    expect(child.delivered).toEqual([]);
    expect(end.peer.sent).toHaveLength(sent);
    expect(child.news).toEqual([{ kind: "refused", from: "root", reason: expect.stringContaining(reason) }]);
  });
});

describe("peers of the field that do not count their messages", () => {
  it("are relayed and delivered as they come", () => {
    const { network, root, child, receive } = pair({}, { order: "source" });
    const leaf = network.node("leaf");
    network.attach(leaf, child);
    network.world.run(10);
    for (let n = 0; n < 3; n++) receive(broadcast("old", 0));
    network.world.run(10);
    expect([root, child, leaf].map((node) => node.sequences("old"))).toEqual([[], [0, 0, 0], [0, 0, 0]]);
    expect(child.data.statistics().cachedMessages).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { Code } from "../core/message.js";
import { Network, type Node } from "./test/network.js";

const mesh = { type: "sub", subType: "mesh", sourcePeer: "source", recoveryBy: undefined, cacheMessages: 0 } as const;

function publish(node: Node, count: number): void {
  for (let i = 0; i < count; i++) node.publish(`message ${i}`);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

/** A ring of `count` peers and the source. */
function ring(count: number) {
  const network = new Network(mesh);
  const source = network.node("source");
  const others = Array.from({ length: count }, (_, index) => network.node(`peer ${index}`));
  const all = [source, ...others];
  for (const [index, node] of all.entries()) {
    if (index > 0) network.candidates(node, all[index - 1] as Node);
  }
  network.candidates(all.at(-1) as Node, source);
  return { network, source, others };
}

describe("a SubMesh [Q.4100 6]", () => {
  it("brings everything everywhere, once, by asking", () => {
    const { network, source, others } = ring(5);
    for (let round = 0; round < 10; round++) {
      publish(source, 20);
      network.world.run(300);
    }
    network.world.run(5000);
    for (const node of others) expect(sorted(node.sequences("source"))).toEqual(upTo(200));
    expect(others.flatMap(({ data }) => data.statistics().lost)).toEqual([0, 0, 0, 0, 0]);
  });

  it("keeps like a database: a newcomer gets all, spread over its neighbours, few twice", () => {
    const { network, source, others } = ring(3);
    publish(source, 400);
    network.world.run(10_000);
    const late = network.node("late", { order: "source" });
    const ends = others.map((node) => network.candidates(late, node)[0]);
    network.world.run(10_000);
    expect(late.sequences("source")).toEqual(upTo(400));
    const asked = ends.map(({ sent }) => sent.filter(({ code }) => code === Code.getData).length);
    expect(asked.every((count) => count > 80)).toBe(true);
    expect(asked.reduce((sum, count) => sum + count, 0)).toBeLessThan(410);
  });

  it("asks for the rarest first", () => {
    const network = new Network(mesh);
    const late = network.node("late");
    const holders = [1, 2, 3].map((n) => network.node(`holder ${n}`));
    const [first] = holders.map((node, index) => {
      // The first has all, the others only the older ones.
      node.data.received = (path, message) => {
        if (message.code !== Code.bufferMap) return;
        const ranges = [[1, index === 0 ? 40 : 37]] as const;
        path.link.send({ code: Code.bufferMapAnswer, overlayId: "o", bufferMap: [{ source: "source", ranges }] });
      };
      return network.candidates(late, node)[0];
    });
    network.world.run(20);
    const asked = first?.sent.flatMap((message) => (message.code === Code.getData ? [message.sequence] : []));
    expect(sorted(asked ?? []).slice(-3)).toEqual([38, 39, 40]);
  });

  it("has not more under way to one neighbour than its window, and goes on where one is silent", () => {
    const { network, source, others } = ring(2);
    publish(source, 500);
    network.world.run(10_000);
    const late = network.node("late");
    const silent = network.node("silent");
    silent.data.received = (path, message) => {
      if (message.code !== Code.bufferMap) return;
      const ranges = [[1, 500]] as const;
      path.link.send({ code: Code.bufferMapAnswer, overlayId: "o", bufferMap: [{ source: "source", ranges }] });
    };
    const [end] = network.candidates(late, silent);
    network.candidates(late, others[0] as Node);
    network.world.run(10_000);
    expect(sorted(late.sequences("source"))).toEqual(upTo(500));
    expect(end.sent.filter(({ code }) => code === Code.getData).length).toBeLessThan(100);
  });

  it("takes and publishes the source peer's data alone", () => {
    const { network, others } = ring(2);
    const [one, two] = others as [Node, Node];
    expect(() => one.publish("no")).toThrow(expect.objectContaining({ code: "ERR_NOT_SOURCE" }));
    const data = { source: "intruder", sequence: 1, payloadType: "", appId: "", payload: new Uint8Array(1) };
    two.outgoing[0]?.link.send({ code: Code.getDataAnswer, data });
    network.world.run(50);
    expect(one.delivered).toEqual([]);
  });

  it("keeps as many as are configured, where that is a number", () => {
    const network = new Network(mesh, { cacheMessages: 50 });
    const source = network.node("source");
    publish(source, 120);
    expect(source.data.statistics().cachedMessages).toBe(50);
  });
});

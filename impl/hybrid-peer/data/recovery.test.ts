import { describe, expect, it } from "vitest";
import { Code } from "../core/message.js";
import { type Connection, Network, type Node } from "./test/network.js";

function publish(node: Node, count: number): void {
  for (let i = 0; i < count; i++) node.publish(`message ${i}`);
}

function upTo(count: number, from = 1): number[] {
  return Array.from({ length: count - from + 1 }, (_, index) => index + from);
}

const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

describe.each(["push", "pull"] as const)("recovery by %s [Q.4100 7.2.3.2]", (recoveryBy) => {
  it("gives a late joiner what is cached, once, and the live data", () => {
    const network = new Network({ recoveryBy, cacheMessages: 20 });
    const root = network.node();
    publish(root, 50);
    const late = network.node();
    network.attach(late, root);
    network.world.run(5);
    publish(root, 5);
    network.world.run(5000);
    expect(sorted(late.sequences("p0"))).toEqual(upTo(55, 31));
    expect(late.news.filter(({ kind }) => kind === "data-lost")).toEqual([]);
  });

  it("brings both ends of a new path what they lack, and hands it on", () => {
    const network = new Network({ recoveryBy });
    const [root, old, orphan, leaf] = [network.node(), network.node(), network.node(), network.node()];
    network.attach(old, root);
    const cut = network.attach(orphan, old);
    network.attach(leaf, orphan);
    network.world.run(20);
    for (const node of network.nodes) publish(node, 3);
    network.world.run(20);
    network.cut(cut, () => 30);
    for (const node of network.nodes) publish(node, 4);
    network.world.run(100);
    for (const node of network.nodes) publish(node, 2);
    network.attach(orphan, root);
    for (const node of network.nodes) publish(node, 1);
    network.world.run(1);
    for (const node of network.nodes) publish(node, 2);
    network.world.run(10_000);
    for (const node of network.nodes) {
      for (const { id } of network.nodes) {
        expect(sorted(node.sequences(id)), `${id} at ${node.id}`).toEqual(id === node.id ? [] : upTo(12));
      }
    }
  });

  it("tells once what no cache has any more, and goes on", () => {
    const network = new Network({ recoveryBy, cacheMessages: 5 }, { order: "source" });
    const [root, child] = [network.node(), network.node()];
    const cut = network.attach(child, root);
    network.world.run(10);
    publish(root, 3);
    network.world.run(10);
    network.cut(cut);
    publish(root, 20);
    network.world.run(10);
    network.attach(child, root);
    network.world.run(60_000);
    publish(root, 1);
    network.world.run(10);
    expect(child.sequences("p0")).toEqual([1, 2, 3, ...upTo(24, 19)]);
    expect(child.delivered[3]?.missing).toBe(15);
    expect(child.news.filter(({ kind }) => kind === "data-lost")).toEqual([
      { kind: "data-lost", source: "p0", from: 4, to: 18 },
    ]);
    expect(child.data.statistics().lost).toBe(15);
  });
});

describe("recovery by push", () => {
  it("sends not more at a time than the link takes", () => {
    const network = new Network({}, { maxQueued: 40_000 });
    const [root, late] = [network.node(), network.node()];
    for (let i = 0; i < 100; i++) root.data.publish({ appId: "", payloadType: "", payload: new Uint8Array(1000) });
    const [, end] = network.attach(late, root, { rate: 10 });
    let most = 0;
    for (let i = 0; i < 20_000; i += 10) {
      network.world.run(10);
      most = Math.max(most, end.queued);
    }
    expect(late.sequences("p0")).toEqual(upTo(100));
    expect(most).toBeGreaterThan(9000);
    expect(most).toBeLessThan(12_000);
    expect(root.dropped).toEqual([]);
  });

  it("asks for the map of an end that did not say it", () => {
    const network = new Network();
    const [root, child] = [network.node(), network.node()];
    publish(root, 3);
    publish(child, 3);
    const [childEnd, rootEnd] = network.connect(child, root);
    root.primaries = [rootEnd.path];
    child.primaries = [childEnd.path];
    root.data.primaryUp(rootEnd.path, undefined);
    network.world.run(50);
    expect(child.sequences("p0")).toEqual([1, 2, 3]);
    expect(root.sequences("p1")).toEqual([1, 2, 3]);
  });
});

describe("recovery by pull", () => {
  it("asks again for what was there before, where an answer does not come", () => {
    const network = new Network({ recoveryBy: "pull" });
    const [root, late] = [network.node(), network.node()];
    publish(root, 20);
    let lost = 0;
    const { received } = root.data;
    root.data.received = (path, message) => {
      if (message.code === Code.getData && message.sequence < 3 && lost < 2) lost += 1;
      else received(path, message);
    };
    network.attach(late, root);
    network.world.run(10_000);
    expect(lost).toBe(2);
    expect(sorted(late.sequences("p0"))).toEqual(upTo(20));
  });
});

describe('first contact in order "source"', () => {
  it("waits for what is on its way from before it, when a source began while the peer was cut off", () => {
    const network = new Network({ recoveryBy: "pull" }, { order: "source" });
    const [root, begun, orphan] = [network.node(), network.node("begun"), network.node()];
    network.attach(begun, root);
    network.world.run(20);
    publish(begun, 6);
    network.world.run(20);
    // The first request for the first of them is lost.
    let lost = 0;
    const { received } = root.data;
    root.data.received = (path, message) => {
      if (message.code === Code.getData && message.sequence === 1 && lost === 0) lost += 1;
      else received(path, message);
    };
    network.attach(orphan, root);
    network.world.run(600);
    publish(begun, 1);
    network.world.run(10_000);
    expect([lost, orphan.sequences("begun")]).toEqual([1, upTo(7)]);
  });

  it("asks for what a neighbour got late itself", () => {
    const network = new Network({}, { order: "source" });
    const [root, begun, leaf] = [network.node(), network.node("begun"), network.node()];
    network.attach(leaf, root);
    network.world.run(20);
    // The leaf misses the beginning, as where its parent got that after what followed, and is still at handing it on.
    const link = root.primaries[0]?.link;
    const send = link?.send.bind(link);
    if (link === undefined || send === undefined) throw new Error("no path");
    link.send = (message) => (message.code === Code.broadcastData && message.data.sequence < 3 ? true : send(message));
    network.attach(begun, root);
    network.world.run(20);
    publish(begun, 5);
    network.world.run(10_000);
    expect(leaf.sequences("begun")).toEqual(upTo(5));
  });

  it("waits while the other end pushes, however long that takes, and asks for nothing", () => {
    const network = new Network({}, { order: "source", maxQueued: 20_000 });
    const root = network.node();
    for (let i = 0; i < 40; i++) root.data.publish({ appId: "", payloadType: "", payload: new Uint8Array(1000) });
    const begun = network.node("begun");
    network.attach(begun, root);
    network.world.run(1000);
    publish(begun, 3);
    network.world.run(10);
    const slow = network.node();
    const [end] = network.attach(slow, root, { rate: 10 });
    network.world.run(100);
    publish(begun, 1);
    network.world.run(3000);
    expect(slow.sequences("begun")).toEqual([]);
    network.world.run(10_000);
    expect(slow.sequences("begun")).toEqual([1, 2, 3, 4]);
    expect(end.sent.filter(({ code }) => code === Code.getData)).toEqual([]);
  });
});

describe("gaps on a living path", () => {
  /** Loses some messages on the way, as no path should, but a peer of the field or a displaced child may see. */
  function lossy(recoveryBy: "push" | "pull" | undefined, order: "arrival" | "source") {
    const network = new Network({ recoveryBy }, { order });
    const [root, child] = [network.node(), network.node()];
    const connection: Connection = network.attach(child, root);
    network.world.run(10);
    const [childEnd, rootEnd] = connection;
    const send = rootEnd.send.bind(rootEnd);
    rootEnd.send = (message) =>
      message.code === Code.broadcastData && [3, 4, 7].includes(message.data.sequence) ? true : send(message);
    return { network, root, child, childEnd };
  }

  it.each(["push", "pull"] as const)("are asked for under %s, and filled in order", (recoveryBy) => {
    const { network, root, child } = lossy(recoveryBy, "source");
    publish(root, 10);
    network.world.run(100);
    expect(child.sequences("p0")).toEqual([1, 2]);
    network.world.run(2000);
    expect(child.sequences("p0")).toEqual(upTo(10));
    expect(child.data.statistics().recovered).toBe(3);
    expect(child.news).toContainEqual({ kind: "recovered", source: "p0", count: 3 });
  });

  it("are told by `missing` on arrival", () => {
    const { network, root, child } = lossy("push", "arrival");
    publish(root, 10);
    network.world.run(5000);
    expect(child.delivered.map(({ sequence, missing }) => [sequence, missing])).toEqual([
      [1, 0],
      [2, 0],
      [5, 2],
      [6, 0],
      [8, 1],
      [9, 0],
      [10, 0],
      [3, 0],
      [4, 0],
      [7, 0],
    ]);
  });

  it("are given up without asking where the overlay has no recovery", () => {
    const { network, root, child, childEnd } = lossy(undefined, "source");
    publish(root, 10);
    network.world.run(10_000);
    expect(child.sequences("p0")).toEqual([1, 2, 5, 6, 8, 9, 10]);
    expect(childEnd.sent.filter(({ code }) => code === Code.bufferMap || code === Code.getData)).toEqual([]);
  });

  it("are asked of the next peer where one says absent, and where one is silent", () => {
    const { network, root, child } = lossy("push", "source");
    const [silent, liar, honest] = [network.node(), network.node(), network.node()];
    for (const other of [silent, liar]) {
      other.data.received = (path, message) => {
        if (message.code === Code.bufferMap) {
          path.link.send({
            code: Code.bufferMapAnswer,
            overlayId: "o",
            bufferMap: [{ source: "p0", ranges: [[1, 10]] }],
          });
        } else if (message.code === Code.getData && other === liar) {
          path.link.send({ ...message, code: Code.getDataAbsent });
        }
      };
    }
    network.attach(honest, root);
    network.world.run(50);
    // The parent has forgotten what it sent.
    const [, rootEnd] = [root.primaries, root.primaries[0]?.link];
    const send = rootEnd?.send.bind(rootEnd);
    if (rootEnd !== undefined && send !== undefined) {
      rootEnd.send = (message) =>
        message.code === Code.bufferMapAnswer ? send({ ...message, bufferMap: null }) : send(message);
    }
    publish(root, 10);
    for (const other of [silent, liar, honest]) network.candidates(child, other);
    network.world.run(10_000);
    expect(child.sequences("p0")).toEqual(upTo(10));
    expect(child.data.statistics().lost).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { Code } from "../core/message.js";
import type { CoreMembership } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import { type Connection, Network, type Node } from "./test/network.js";

function publish(node: Node, count: number): void {
  for (let i = 0; i < count; i++) node.publish(`message ${i}`);
}

/** root – middle – leaf. */
function chain(membership: Partial<CoreMembership> = {}, settings: Partial<CoreSettings> = {}) {
  const network = new Network(membership, settings);
  const [root, middle, leaf] = [network.node("root"), network.node("middle"), network.node("leaf")];
  const connections: Connection[] = [network.attach(middle, root), network.attach(leaf, middle)];
  network.world.run(50);
  return { network, root, middle, leaf, connections };
}

describe("data broadcast [Q.4100 7.2.3.3]", () => {
  it("reaches every peer once, in every direction, and not its source", () => {
    const { network, root, middle, leaf } = chain();
    for (const node of [root, middle, leaf]) publish(node, 3);
    network.world.run(100);
    for (const node of [root, middle, leaf]) {
      for (const source of ["root", "middle", "leaf"]) {
        expect(node.sequences(source)).toEqual(source === node.id ? [] : [1, 2, 3]);
      }
    }
  });

  it("relays the very message, and answers by hop where that is asked for", () => {
    const { network, middle, connections } = chain();
    const [toMiddle, fromRoot] = connections[0] as Connection;
    const [toLeaf] = [connections[1]?.[1]];
    const data = { source: "far", sequence: 7, payloadType: "text/plain", appId: "a", payload: new Uint8Array(3) };
    const message = {
      code: Code.broadcastData,
      ack: true,
      candidatePath: false,
      data,
      frame: { octets: new Uint8Array(5), profile: "p23" },
    };
    fromRoot.send(message);
    network.world.run(10);
    expect(toLeaf?.sent.at(-1)).toBe(message);
    expect(toMiddle.sent.filter(({ code }) => code === Code.broadcastAccepted)).toHaveLength(1);
    expect(middle.delivered).toEqual([{ ...data, missing: 0 }]);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])("with candidate-path %s candidates get it %d times", (candidatePath, times) => {
    const { network, root, middle } = chain();
    const aside = network.node("aside");
    const [, end] = network.candidates(aside, middle);
    const data = { source: "far", sequence: 1, payloadType: "", appId: "", payload: new Uint8Array(1) };
    root.primaries[0]?.link.send({ code: Code.broadcastData, ack: false, candidatePath, data });
    network.world.run(10);
    expect(end.sent.filter(({ code }) => code === Code.broadcastData)).toHaveLength(times);
    expect(aside.delivered).toHaveLength(times);
  });
});

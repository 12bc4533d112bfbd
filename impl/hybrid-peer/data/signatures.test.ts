import { describe, expect, it } from "vitest";
import { type BroadcastData, Code, type Data } from "../core/message.js";
import type { DataSignatures } from "../core/ports.js";
import { Network } from "./test/network.js";

const seal = (data: Data) => `${data.source}/${data.sequence}/${new TextDecoder().decode(data.payload)}`;

/** Signatures that take a while to check: `checked` gives the size of each batch. */
function sealed(network: () => Network, checked: number[]): DataSignatures {
  return {
    sign: seal,
    verify(batch, done) {
      checked.push(batch.length);
      network().world.after(5, () => done(batch.map((data) => data.signature === seal(data))));
    },
  };
}

function chain(recoveryBy: "push" | "pull" = "push") {
  const checked: number[] = [];
  const network: Network = new Network({ recoveryBy, signatures: sealed(() => network, checked) });
  const [root, middle, leaf] = [network.node("root"), network.node("middle"), network.node("leaf")];
  network.attach(middle, root);
  network.attach(leaf, middle);
  network.world.run(50);
  return { network, root, middle, leaf, checked };
}

function forged(data: Partial<Data>): BroadcastData {
  const all = { source: "root", sequence: 1, payloadType: "", appId: "", payload: new Uint8Array([120]), ...data };
  return { code: Code.broadcastData, ack: false, candidatePath: false, data: all };
}

describe("signed data", () => {
  it("is signed once, checked at each hop in batches, and delivered in its order", () => {
    const { network, root, middle, leaf, checked } = chain();
    for (let n = 0; n < 100; n++) root.publish(`message ${n}`);
    network.world.run(500);
    for (const node of [middle, leaf]) {
      expect(node.sequences("root")).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      expect(node.delivered[0]?.signature).toBe("root/1/message 0");
    }
    expect(checked.reduce((sum, size) => sum + size, 0)).toBe(200);
    expect(checked.length).toBeLessThan(20);
  });

  it.each<[string, Partial<Data>]>([
    ["without a signature", {}],
    ["with one of something else", { signature: "root/1/y" }],
    ["of a peer of the field that does not count", { sequence: 0 }],
  ])("a forgery %s is told, goes nowhere, and does not stand in the place of the true message", (_, data) => {
    const { network, root, middle, leaf } = chain();
    middle.data.received(middle.parent as never, forged(data));
    network.world.run(200);
    expect([middle.delivered, leaf.delivered]).toEqual([[], []]);
    const reason = "signature: not of root";
    expect(middle.news).toEqual([{ kind: "refused", from: "root", reason }]);
    root.publish("true");
    network.world.run(200);
    expect([middle, leaf].map((node) => node.sequences("root"))).toEqual([[1], [1]]);
  });

  it.each(["push", "pull"] as const)("is recovered by %s with its signature", (recoveryBy) => {
    const { network, root } = chain(recoveryBy);
    for (let n = 0; n < 300; n++) root.publish(`message ${n}`);
    network.world.run(1000);
    const late = network.node("late");
    network.attach(late, network.nodes[2] as never);
    network.world.run(5000);
    expect([...late.sequences("root")].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
    expect(late.data.statistics().duplicates).toBe(0);
  });

  it("is not checked without limit: what is too much is left out, and recovered later", () => {
    const { network, middle, checked } = chain();
    for (let n = 1; n <= 10_000; n++) middle.data.received(middle.parent as never, forged({ sequence: n }));
    network.world.run(1000);
    expect(checked.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4096 + 256);
  });
});

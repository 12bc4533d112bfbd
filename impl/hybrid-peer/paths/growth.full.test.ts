import { describe, expect, it } from "vitest";
import { createMiniNetwork, type MiniNetwork, type MiniNode } from "./test/mini-network.js";

const living = (network: MiniNetwork): MiniNode[] => [...network.nodes.values()].filter(({ alive }) => alive);

/** Primary paths up to the root; throws in a loop. */
function depthOf(node: MiniNode, network: MiniNetwork): number {
  let depth = 0;
  for (let at: MiniNode | undefined = node; at?.parent !== undefined; at = network.nodes.get(at.parent)) {
    depth += 1;
    if (depth > network.nodes.size) throw new Error(`a loop over ${node.peerId}`);
  }
  return depth;
}

/** Least depth of a tree of so many peers: the root has `degree` children, the others have one less. */
function leastDepth(peers: number, degree: number): number {
  let depth = 0;
  for (let held = 1, level = degree; held < peers; level *= degree - 1) {
    held += level;
    depth += 1;
  }
  return depth;
}

/** Entry peers as this project's HOMS names them: shallow ones with room first, by what was reported. */
function grown(size: number, gapMs: number, maxPrimary: number): MiniNetwork {
  const offered = new Map<string, number>();
  const entries = (self: MiniNode, recovering: boolean): string[] => {
    const rank = (node: MiniNode): number => {
      const primaries = node.report?.primary.length ?? 0;
      const isFull = primaries + (offered.get(node.peerId) ?? 0) >= maxPrimary;
      const isAlone = primaries === 0 && node.ticketId > 1;
      return (isAlone ? 10_000 : 0) + (isFull ? 1000 : 0) + depthOf(node, network);
    };
    const best = [...network.nodes.values()]
      .filter((node) => node !== self && (!recovering || node.ticketId < self.ticketId))
      .map((node) => ({ node, at: rank(node) }))
      .sort((a, b) => a.at - b.at || a.node.ticketId - b.node.ticketId)
      .slice(0, 4)
      .map(({ node }) => node.peerId);
    if (best[0] !== undefined) offered.set(best[0], (offered.get(best[0]) ?? 0) + 1);
    return best;
  };
  const network: MiniNetwork = createMiniNetwork(size, {
    settings: { maxPrimary },
    recover: (node) => entries(node, true),
  });
  for (let ticket = 1; ticket <= size; ticket += 1) {
    const node = network.add(`p${ticket}`, ticket);
    node.start(entries(node, false));
    network.run(gapMs);
    if (ticket % 20 === 0) offered.clear();
  }
  network.run(10_000);
  return network;
}

describe.each([
  [300, 20, 5],
  [200, 5, 5],
  [150, 50, 3],
])("%i peers that join every %i ms, %i primary paths each", (size, gapMs, maxPrimary) => {
  it("are one shallow tree, and are so again soon after half of them fell silent", { timeout: 120_000 }, () => {
    const network = grown(size, gapMs, maxPrimary);
    const depths = living(network).map((node) => depthOf(node, network));
    expect(depths.filter((depth) => depth === 0)).toHaveLength(1);
    expect(Math.max(...depths)).toBeLessThanOrEqual(2 * leastDepth(size, maxPrimary));

    for (const node of living(network)) {
      node.news.length = 0;
      if (node.ticketId % 2 === 1) network.kill(node, true);
    }
    network.run(8000);
    expect(living(network).filter((node) => depthOf(node, network) === 0)).toHaveLength(1);
    const times = living(network)
      .flatMap(({ news }) => news.flatMap((one) => (one.kind === "attached" ? [one.afterMs] : [])))
      .sort((a, b) => a - b);
    // After it was noticed, by silence: candidates are at hand.
    expect(times[times.length >> 1]).toBeLessThan(100);
  });
});

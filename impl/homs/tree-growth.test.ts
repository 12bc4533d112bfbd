import { describe, expect, test } from "vitest";
import { Harness } from "./test/harness.js";

/** Primary paths of one peer, parent and children together: what paths/ has as its default. */
const degree = 5;

interface Member {
  id: string;
  parent: Member | undefined;
  children: Member[];
  depth: number;
}

const full = ({ parent, children }: Member): boolean => children.length + (parent === undefined ? 0 : 1) >= degree;

/** Depth of the tree with this degree and so many peers that has no free place above its last level. */
function optimum(peers: number): number {
  let depth = 0;
  for (let room = peers - 1, level = degree; room > 0; room -= level, level *= degree - 1) depth++;
  return depth;
}

/**
 * Peers join one after the other, and take the first entry peer with room, or a child of the first one, as HELLO does when it is
 * handed down. Each new path is reported by both ends, `lag` joins later.
 */
async function grow(peers: number, lag: number) {
  const homs = new Harness();
  const overlayId = await homs.overlay();
  const members = new Map<string, Member>();
  const unreported: Member[] = [];
  let hops = 0;
  const report = async (member: Member): Promise<void> => {
    const { id, parent, children } = member;
    const near = parent === undefined ? children : [parent, ...children];
    await homs.report(
      overlayId,
      id,
      near.map((other) => other.id),
    );
  };
  for (let i = 0; i < peers; i++) {
    const id = `p${i}`;
    const entries = (await homs.entries(overlayId, id)).map((entry) => members.get(entry) as Member);
    let parent = entries.find((entry) => !full(entry)) ?? entries[0];
    while (parent !== undefined && full(parent)) {
      hops++;
      parent = parent.children[i % parent.children.length];
    }
    const member: Member = { id, parent, children: [], depth: parent === undefined ? 0 : parent.depth + 1 };
    parent?.children.push(member);
    members.set(id, member);
    unreported.push(member);
    if (unreported.length <= lag) continue;
    for (const one of unreported.splice(0)) {
      await report(one);
      if (one.parent !== undefined) await report(one.parent);
    }
  }
  const depths = [...members.values()].map(({ depth }) => depth);
  return { depth: Math.max(...depths), mean: depths.reduce((a, b) => a + b, 0) / peers, hops };
}

describe("a tree that grows by its entry peers [Q.4100 7.3.1.4]", () => {
  test.each([
    ["one by one", 0],
    ["twenty at a time", 20],
    ["a hundred at a time", 100],
  ])("of 1000 peers, that come %s, is hardly deeper than it must be", async (_how, lag) => {
    const { depth, mean, hops } = await grow(1000, lag);
    if (process.env.MP2P_SHOW) console.log({ lag, optimum: optimum(1000), depth, mean, hops });
    expect(optimum(1000)).toBe(5);
    expect(depth).toBeLessThanOrEqual(optimum(1000) + 1);
  });
});

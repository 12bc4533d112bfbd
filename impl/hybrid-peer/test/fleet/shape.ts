import type { PathState } from "../../core/ports.js";

export interface Shape {
  /** What keeps the peers from being one tree in which both ends of each primary path agree. */
  readonly fault: string | undefined;
  /** Paths from the root to the peer farthest from it. */
  readonly depth: number;
}

/** The tree that the peers' own lists of paths make up. */
export function shapeOf(pathsByPeer: ReadonlyMap<string, readonly PathState[]>): Shape {
  const parents = new Map<string, string>();
  for (const [peerId, paths] of pathsByPeer) {
    const own = paths.filter(({ kind }) => kind === "parent");
    if (own.length > 1) return { fault: `${peerId} has ${own.length} parents`, depth: 0 };
    const parent = own[0]?.peerId;
    if (parent === undefined) continue;
    parents.set(peerId, parent);
    if (!pathsByPeer.get(parent)?.some((path) => path.kind === "child" && path.peerId === peerId)) {
      return { fault: `${peerId} has ${parent} for its parent, which does not have it for a child`, depth: 0 };
    }
  }
  const roots = [...pathsByPeer.keys()].filter((peerId) => !parents.has(peerId));
  if (roots.length !== 1) return { fault: `${roots.length} peers have no parent: ${roots.slice(0, 5)}`, depth: 0 };
  let depth = 0;
  for (const start of pathsByPeer.keys()) {
    let steps = 0;
    for (let above = parents.get(start); above !== undefined; above = parents.get(above)) {
      if (++steps > pathsByPeer.size) return { fault: `a loop above ${start}`, depth: 0 };
    }
    depth = Math.max(depth, steps);
  }
  return { fault: undefined, depth };
}

/** Least depth of a tree of so many peers, each with so many primary paths at most. */
export function leastDepth(peers: number, maxPrimary: number): number {
  let depth = 0;
  let level = 1;
  for (let room = 1; room < peers; room += level) {
    level *= depth === 0 ? maxPrimary : maxPrimary - 1;
    depth++;
  }
  return depth;
}

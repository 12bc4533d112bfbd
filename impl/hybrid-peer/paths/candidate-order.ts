import type { PathContext } from "./context.js";
import { isFresh } from "./liveness.js";
import type { Path } from "./path.js";

/** Whom to ask first to be the parent: who is heard of, the grandparent, who has room, who is near the root, who is near. */
export function isBetterParent(a: Path, b: Path, ctx: PathContext): boolean {
  const fresh = isFresh(a, ctx);
  if (fresh !== isFresh(b, ctx)) return fresh;
  if (a.vertical !== b.vertical) return a.vertical;
  if (a.allowsPrimary !== b.allowsPrimary) return a.allowsPrimary;
  const depth = ({ depth: own }: Path): number => own ?? Number.MAX_SAFE_INTEGER;
  if (depth(a) !== depth(b)) return depth(a) < depth(b);
  return (a.rttMs ?? Number.POSITIVE_INFINITY) < (b.rttMs ?? Number.POSITIVE_INFINITY);
}

/** Most worth keeping first: the grandparent, who has room, who is near the root. */
export function byWorth(paths: readonly Path[]): Path[] {
  const depth = ({ depth: own }: Path): number => own ?? Number.MAX_SAFE_INTEGER;
  return [...paths].sort(
    (a, b) =>
      Number(b.vertical) - Number(a.vertical) ||
      Number(b.allowsPrimary) - Number(a.allowsPrimary) ||
      depth(a) - depth(b) ||
      a.ticketId - b.ticketId,
  );
}

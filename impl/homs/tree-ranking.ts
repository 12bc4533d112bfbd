import { deriveTree, type TreePlace } from "./core-tree.js";
import type { Overlay, Peer } from "./overlay.js";

/** A member that newcomers may be sent to. */
export interface RankedPeer {
  peer: Peer;
  /** It is in the largest part of the tree, by the reports: who hangs below it gets the broadcast. */
  attached: boolean;
  depth: number;
}

/** Ranked members kept between joins; a join looks at all of them. */
const poolSize = 64;

/**
 * The members of a tree overlay that are best placed to take a newcomer, from the reports. Ranking reads every report, so it is
 * done again only after changes in the order of an eighth of the members: its cost per join or report stays constant.
 */
export class TreeRanking {
  #pool: RankedPeer[] = [];
  #changes = Number.POSITIVE_INFINITY;

  /** A member came, left or reported. */
  noteChange(): void {
    this.#changes++;
  }

  /** At most 64 live members, best first at the time of ranking. */
  pool(overlay: Overlay, primarySlots: number): readonly RankedPeer[] {
    const { members } = overlay;
    if (this.#changes > 0 && (members.size <= poolSize || this.#changes >= members.size / 8)) {
      this.#rank(overlay, primarySlots);
    }
    let live = this.#pool.filter(({ peer }) => members.has(peer));
    if (live.length < Math.min(poolSize / 4, members.size)) {
      this.#rank(overlay, primarySlots);
      live = this.#pool;
    }
    this.#pool = live;
    return live;
  }

  #rank(overlay: Overlay, primarySlots: number): void {
    const { places } = deriveTree(overlay);
    const main = largestPart(places);
    this.#pool = places
      .map(({ peer, root, depth }) => ({ peer, attached: root === main, depth }))
      .sort((a, b) => compareRank(a, b, primarySlots))
      .slice(0, poolSize);
    this.#changes = 0;
  }
}

/** The root of the part with most members; of equal ones the oldest, which comes first. */
function largestPart(places: readonly TreePlace[]): Peer | undefined {
  const sizes = new Map<Peer, number>();
  for (const { root } of places) sizes.set(root, (sizes.get(root) ?? 0) + 1);
  let largest: Peer | undefined;
  for (const [root, size] of sizes) {
    if (largest === undefined || size > (sizes.get(largest) ?? 0)) largest = root;
  }
  return largest;
}

/** Primary paths reported, and those it may have been asked for since. */
const load = (peer: Peer): number => (peer.record.report?.numPrimary ?? 0) + peer.offered;

/** The field's peers have two primary paths unless told otherwise. */
const fieldSlots = 2;

const full = (peer: Peer, primarySlots: number): boolean =>
  load(peer) >= (peer.record.dialect === undefined ? primarySlots : Math.min(fieldSlots, primarySlots));

/** Not lost before perhaps lost, attached before not, room before none, shallow before deep, idle before busy, old before young. */
export function compareRank(a: RankedPeer, b: RankedPeer, primarySlots: number): number {
  const loadA = load(a.peer);
  const loadB = load(b.peer);
  return (
    Number(a.peer.suspected) - Number(b.peer.suspected) ||
    Number(b.attached) - Number(a.attached) ||
    Number(full(a.peer, primarySlots)) - Number(full(b.peer, primarySlots)) ||
    a.depth - b.depth ||
    loadA - loadB ||
    a.peer.record.ticket - b.peer.record.ticket
  );
}

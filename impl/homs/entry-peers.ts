import type { Random } from "../net/clock.js";
import type { Overlay, Peer } from "./overlay.js";
import { compareRank, TreeRanking } from "./tree-ranking.js";

/** Members with the lowest tickets that a recovery may look through when the ranking holds none that fits. */
const oldestLookedAt = 64;

/**
 * Entry peers for a mesh: a random subset of the members [Q.4100 7.3.1.4], never the requester (E-HOMP-34 A).
 * Each subset is equally likely; the cost depends on `count` only.
 */
export function meshEntryPeers(overlay: Overlay, requester: Peer, count: number, random: Random): Peer[] {
  const { members } = overlay;
  const others = members.size - 1;
  const wanted = Math.min(count, others);
  const chosen = new Set<number>();
  // Floyd's sampling over the places, with the requester's place taken out by shifting those after it.
  for (let top = others - wanted; top < others; top++) {
    const place = below(top + 1, random);
    chosen.add(chosen.has(place) ? top : place);
  }
  return [...chosen]
    .map((place) => members.at(place < requester.index ? place : place + 1))
    .filter((peer) => peer !== undefined);
}

/**
 * Entry peers for a tree: members to be connected to [Q.4100 7.3.1.4], best first, never the requester.
 *
 * A newcomer is sent where the tree is shallow and has room; whom others were sent to since its last report counts as busier,
 * so that a rush of joins spreads. A recovering peer brings its own subtree along, so it gets older members only: a younger one
 * might hang below it, and the tree would become a loop.
 */
export function treeEntryPeers(
  overlay: Overlay,
  requester: Peer,
  count: number,
  primarySlots: number,
  recovering: boolean,
): Peer[] {
  overlay.ranking ??= new TreeRanking();
  const lost = new Set(recovering ? requester.record.report?.primary : []);
  const suits = (peer: Peer): boolean =>
    peer !== requester && (!recovering || peer.record.ticket < requester.record.ticket);
  const ranked = overlay.ranking
    .pool(overlay, primarySlots)
    .filter(({ peer }) => suits(peer))
    .sort(
      (a, b) =>
        Number(lost.has(a.peer.record.peerId)) - Number(lost.has(b.peer.record.peerId)) ||
        compareRank(a, b, primarySlots),
    )
    .map(({ peer }) => peer)
    .slice(0, count);
  if (recovering && ranked.length < count) addOldest(overlay, ranked, count, suits);
  const first = ranked[0];
  if (first !== undefined) first.offered++;
  return ranked;
}

/** The ranking holds the best of all members; for a peer with a low ticket those may all be too young. */
function addOldest(overlay: Overlay, ranked: Peer[], count: number, suits: (peer: Peer) => boolean): void {
  let looked = 0;
  for (const peer of overlay.members) {
    if (ranked.length >= count || looked++ >= oldestLookedAt) return;
    if (suits(peer) && !ranked.includes(peer)) ranked.push(peer);
  }
}

/** A whole number from 0 to `bound - 1`, each equally likely. */
function below(bound: number, random: Random): number {
  const usable = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const octets = random.bytes(4);
    const value = new DataView(octets.buffer, octets.byteOffset, 4).getUint32(0);
    if (value < usable) return value % bound;
  }
}

import { type Overlay, type Patience, scanUpTo } from "./overlay.js";
import type { Peer } from "./peer.js";
import type { PamsLimits } from "./policy.js";
import { countHeld, countOf, type Runs, runsOf } from "./possession.js";
import { type Criterion, rankKey } from "./ranking.js";
import type { OverlayEvent, PeerQueryCondition } from "./types.js";

/** How far a service class may push the start of a list down the ranking. */
const classReach = 10_000;

/** A list query in the form in which it is carried out. */
interface Plan {
  readonly criterion: Criterion;
  readonly status: OverlayEvent | undefined;
  readonly wanted: Runs | undefined;
  readonly wantedCount: number;
  /** Peers to answer, and how many better ones to leave to better classes. */
  readonly count: number;
  readonly skip: number;
  /** Peers last heard before this are silent. */
  readonly heardSince: number;
}

/**
 * The peers of a list answer, best first [X.609.1 9.2.6].
 *
 * 1. Only peers that are not silent [E-PAMP-59], with exactly the status asked for [E-PAMP-26], out of the candidates if some are listed [E-PAMP-28].
 * 2. In the order asked for [E-PAMP-27]; else as listed; else by service class [E-PAMP-29]; else peers take turns.
 * 3. Of these, those that hold every fragment wanted; when nobody does, those that hold most of them [E-PAMP-30].
 */
export function selectPeers(
  overlay: Overlay,
  condition: PeerQueryCondition,
  limits: PamsLimits,
  patience: Patience,
  now: number,
): string[] {
  const count = Math.min(condition.max_peer_num ?? limits.answerDefault, limits.answerPeers);
  if (count === 0) return [];
  overlay.retire(now, patience, 1000);
  const wanted = runsOf(condition.fragment_list, condition.fragment_range);
  const byClass =
    condition.ordering === undefined && condition.peer_id === undefined && condition.service_class !== undefined;
  const plan: Plan = {
    criterion: condition.ordering ?? (byClass ? "UPLOADED" : "NONE"),
    status: condition.overlay_status,
    wanted: wanted?.length === 0 ? undefined : wanted,
    wantedCount: countOf(wanted ?? []),
    count,
    skip: byClass ? classSkip(condition.service_class ?? 1, count, overlay.live) : 0,
    heardSince: now - patience.silentMs,
  };
  const selection = new Selection(plan);
  if (condition.peer_id !== undefined) fromCandidates(overlay, condition.peer_id, plan, selection);
  else fromAll(overlay, plan, selection, limits);
  return selection.result().map((peer) => peer.id);
}

/** The best `count` are for class 1, the next for class 2, and so on, as far as there are enough peers. */
function classSkip(serviceClass: number, count: number, live: number): number {
  const skip = Math.max(0, Math.floor(serviceClass) - 1) * count;
  return Math.min(skip, classReach, Math.max(0, live - count));
}

function fromCandidates(overlay: Overlay, ids: readonly string[], plan: Plan, selection: Selection): void {
  const peers: Peer[] = [];
  for (const id of new Set(ids)) {
    const peer = overlay.peers.get(id);
    if (peer !== undefined && eligible(peer, plan)) peers.push(peer);
  }
  if (plan.criterion !== "NONE") peers.sort((a, b) => inOrder(plan.criterion, a, b));
  for (const peer of peers) if (!selection.offer(peer)) return;
}

function fromAll(overlay: Overlay, plan: Plan, selection: Selection, limits: PamsLimits): void {
  const { criterion, status } = plan;
  const after = criterion === "NONE" ? (overlay.turns.get(status) ?? "") : undefined;
  const ranking = overlay.ranking(criterion, status);
  if (ranking === undefined) {
    scan(overlay, plan, selection, limits, after);
  } else {
    let budget = plan.wanted === undefined ? Number.POSITIVE_INFINITY : limits.fragmentScan;
    ranking.visit((peer) => {
      if (budget-- <= 0) return false;
      return eligible(peer, plan) ? selection.offer(peer) : true;
    }, after);
  }
  const last = selection.result().at(-1);
  if (after !== undefined && last !== undefined) overlay.turns.set(status, last.id);
}

/** Looks at every peer: for small overlay networks, and until the ranking of a large one is made. */
function scan(overlay: Overlay, plan: Plan, selection: Selection, limits: PamsLimits, after: string | undefined): void {
  const compare: Compare =
    after === undefined
      ? (a, b) => inOrder(plan.criterion, a, b)
      : (a, b) => Number(a.id <= after) - Number(b.id <= after) || byId(a, b);
  let found: Peer[];
  if (overlay.peers.size <= scanUpTo) {
    found = [...overlay.peers.values()].filter((peer) => eligible(peer, plan)).sort(compare);
  } else if (plan.wanted === undefined) {
    const keeper = new Keeper(plan.count + plan.skip, compare);
    for (const peer of overlay.peers.values()) if (eligible(peer, plan)) keeper.offer(peer);
    found = keeper.kept;
  } else {
    found = scanHolders(overlay, plan, limits, compare);
  }
  for (const peer of found) if (!selection.offer(peer)) return;
}

function scanHolders(overlay: Overlay, plan: Plan, limits: PamsLimits, compare: Compare): Peer[] {
  const held = new Map<Peer, number>();
  const byHeld = new Keeper(plan.count + plan.skip, (a, b) => (held.get(b) ?? 0) - (held.get(a) ?? 0) || compare(a, b));
  let budget = limits.fragmentScan;
  for (const peer of overlay.peers.values()) {
    if (budget-- <= 0) break;
    if (!eligible(peer, plan)) continue;
    const count = heldOf(peer, plan.wanted ?? [], plan.wantedCount);
    if (count === 0) continue;
    held.set(peer, count);
    byHeld.offer(peer);
  }
  return byHeld.kept;
}

type Compare = (a: Peer, b: Peer) => number;

/** Keeps the best so many of the peers offered, in order. */
class Keeper {
  readonly kept: Peer[] = [];
  readonly #count: number;
  readonly #compare: Compare;

  constructor(count: number, compare: Compare) {
    this.#count = count;
    this.#compare = compare;
  }

  offer(peer: Peer): void {
    const { kept } = this;
    const worst = kept[this.#count - 1];
    if (worst !== undefined && this.#compare(peer, worst) > 0) return;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(kept[middle] as Peer, peer) < 0) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, peer);
    if (kept.length > this.#count) kept.pop();
  }
}

/** Takes peers in order and keeps those to answer. */
class Selection {
  readonly #plan: Plan;
  readonly #holders: Peer[] = [];
  /** Who holds some but not all of what is wanted; kept only while nobody holds it all. */
  #partial: { peer: Peer; held: number }[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** @returns false when no further peer can change the result */
  offer(peer: Peer): boolean {
    const { wanted, wantedCount, count, skip } = this.#plan;
    if (wanted !== undefined) {
      const held = heldOf(peer, wanted, wantedCount);
      if (held < wantedCount) {
        if (held > 0 && this.#holders.length === 0) this.#offerPartial(peer, held, count + skip);
        return true;
      }
    }
    return this.#holders.push(peer) < count + skip;
  }

  result(): Peer[] {
    const peers = this.#holders.length > 0 ? this.#holders : this.#partial.map(({ peer }) => peer);
    return peers.slice(-this.#plan.count);
  }

  #offerPartial(peer: Peer, held: number, room: number): void {
    const partial = this.#partial;
    if (partial.length === room && held <= (partial[room - 1]?.held ?? 0)) return;
    let at = partial.length;
    while (at > 0 && (partial[at - 1]?.held ?? 0) < held) at--;
    partial.splice(at, 0, { peer, held });
    if (partial.length > room) partial.pop();
  }
}

/** A peer that has everything and never said which fragments has all of them [X.609.1 9.1.9]. */
function heldOf(peer: Peer, wanted: Runs, wantedCount: number): number {
  if (peer.held !== undefined) return countHeld(peer.held, wanted);
  return peer.event === "COMPLETED" ? wantedCount : 0;
}

function eligible(peer: Peer, { status, heardSince }: Plan): boolean {
  return peer.lastHeard >= heardSince && (status === undefined || status === peer.event);
}

function inOrder(criterion: Criterion, a: Peer, b: Peer): number {
  const x = rankKey(criterion, a);
  const y = rankKey(criterion, b);
  return x < y ? -1 : x > y ? 1 : byId(a, b);
}

function byId(a: Peer, b: Peer): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

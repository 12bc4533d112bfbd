import { FragmentSet } from "./fragment-set.js";
import { hasAll, type Overlay, type Patience, scanUpTo } from "./overlay.js";
import type { Peer } from "./peer.js";
import type { PamsLimits } from "./policy.js";
import { runsOf } from "./possession.js";
import { type Criterion, rankKey } from "./ranking.js";
import type { OverlayEvent, PeerQueryCondition } from "./types.js";

/** How far a service class may push the start of a list down the ranking. */
const classReach = 10_000;

/** A list query in the form in which it is carried out. */
interface Plan {
  readonly criterion: Criterion;
  readonly status: OverlayEvent | undefined;
  readonly wanted: FragmentSet | undefined;
  /** Peers to answer, and how many better ones to leave to better classes. */
  readonly count: number;
  readonly skip: number;
  /** Peers last heard before this are silent. */
  readonly heardSince: number;
  /** For whom it is asked [8.2.3]: not in the answer; when a helper is wanted, who has nothing for this peer is passed over. */
  readonly requester: Peer | undefined;
  readonly lacking: FragmentSet | undefined;
}

const nothingHeld = FragmentSet.of([]);

/** Peers looked at for helpers. */
const helperScan = 2_000;

/**
 * The peers of a list answer, best first [X.609.1 9.2.6].
 *
 * 1. Only peers that are not silent [E-PAMP-59], with exactly the status asked for [E-PAMP-26], out of the candidates if some are listed [E-PAMP-28].
 * 2. In the order asked for [E-PAMP-27]; else, for a peer that is served badly, by upload capacity that is free [8.2.3]; else, in a stream, by
 *    newest fragment and service class [8.2.5]; else as listed; else by service class [E-PAMP-29]; else peers take turns.
 * 3. Of these, those that hold every fragment wanted, then those that only say so; when nobody does, those that hold most of them [E-PAMP-30].
 *
 * @param need the peer for which it is asked, and whether it is served badly
 */
export function selectPeers(
  overlay: Overlay,
  condition: PeerQueryCondition,
  limits: PamsLimits,
  patience: Patience,
  now: number,
  need: { readonly peer: Peer | undefined; readonly badly: boolean } = { peer: undefined, badly: false },
): Peer[] {
  const count = Math.min(condition.max_peer_num ?? limits.answerDefault, limits.answerPeers);
  if (count === 0) return [];
  overlay.retire(now, patience, 1000);
  const wanted = runsOf(condition.fragment_list, condition.fragment_range);
  const streaming = overlay.contentType === "STREAM";
  const byClass =
    condition.ordering === undefined &&
    !need.badly &&
    (condition.peer_id === undefined || streaming) &&
    condition.service_class !== undefined;
  const classes = streaming ? "NEWEST" : "UPLOADED";
  const plan: Plan = {
    criterion: condition.ordering ?? (need.badly ? "HELPFUL" : byClass ? classes : "NONE"),
    status: condition.overlay_status,
    wanted: wanted === undefined || wanted.length === 0 ? undefined : FragmentSet.of(wanted),
    count,
    skip: byClass ? classSkip(condition.service_class ?? 1, count, condition.peer_id?.length ?? overlay.live) : 0,
    heardSince: now - patience.silentMs,
    requester: need.peer,
    lacking: need.badly && condition.ordering === undefined ? (need.peer?.counted ?? nothingHeld) : undefined,
  };
  const selection = new Selection(plan);
  if (condition.peer_id !== undefined) fromCandidates(overlay, condition.peer_id, plan, selection);
  else fromAll(overlay, plan, selection, limits);
  return selection.result();
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
  selection.choose((visit) => {
    for (const peer of peers) if (!visit(peer)) return;
  });
}

function fromAll(overlay: Overlay, plan: Plan, selection: Selection, limits: PamsLimits): void {
  const { criterion, status } = plan;
  const after = criterion === "NONE" ? (overlay.turns.get(status) ?? "") : undefined;
  const ranking = overlay.ranking(criterion, status);
  if (ranking === undefined) {
    scan(overlay, plan, selection, limits, after);
  } else {
    const scan = plan.lacking === undefined ? Number.POSITIVE_INFINITY : helperScan;
    selection.choose((visit) => {
      let budget = plan.wanted === undefined ? scan : Math.min(scan, limits.fragmentScan);
      ranking.visit((peer) => {
        if (budget-- <= 0) return false;
        return eligible(peer, plan) ? visit(peer) : true;
      }, after);
    });
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
  selection.choose((visit) => {
    for (const peer of found) if (!visit(peer)) return;
  });
}

function scanHolders(overlay: Overlay, plan: Plan, limits: PamsLimits, compare: Compare): Peer[] {
  const room = plan.count + plan.skip;
  const looked: Peer[] = [];
  const all = new Keeper(room, compare);
  const claimants = new Keeper(room, compare);
  for (const peer of overlay.peers.values()) {
    if (looked.length >= limits.fragmentScan) break;
    if (!eligible(peer, plan)) continue;
    looked.push(peer);
    if (holdsAll(peer, plan)) all.offer(peer);
    else if (claimsAll(peer, plan)) claimants.offer(peer);
  }
  if (all.kept.length + claimants.kept.length > 0) return [...all.kept, ...claimants.kept];
  const held = new Map<Peer, number>();
  const most = new Keeper(room, (a, b) => (held.get(b) ?? 0) - (held.get(a) ?? 0) || compare(a, b));
  for (const peer of looked) {
    const last = most.kept[room - 1];
    // Who holds less in all cannot hold more of what is wanted.
    if (last !== undefined && (peer.counted?.count ?? 0) < (held.get(last) ?? 0)) continue;
    const count = heldOf(peer, plan);
    if (count === 0) continue;
    held.set(peer, count);
    most.offer(peer);
  }
  return most.kept;
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
  /** Who says that it holds what is wanted, and nothing confirms it. */
  readonly #claimants: Peer[] = [];
  /** Who holds some but not all of what is wanted; kept only while nobody holds it all. */
  #partial: { peer: Peer; held: number }[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Takes what it wants of the peers that `each` shows, in order, until told that it is enough; a second time where nobody has it all. */
  choose(each: (visit: (peer: Peer) => boolean) => void): void {
    const { wanted, count, skip } = this.#plan;
    const room = count + skip;
    each((peer) => {
      if (wanted === undefined || holdsAll(peer, this.#plan)) return this.#holders.push(peer) < room;
      if (this.#claimants.length < room && claimsAll(peer, this.#plan)) this.#claimants.push(peer);
      return true;
    });
    if (wanted === undefined || this.#holders.length + this.#claimants.length > 0) return;
    each((peer) => {
      // Who holds less in all cannot hold more of what is wanted.
      if ((peer.counted?.count ?? 0) > (this.#partial[room - 1]?.held ?? 0)) {
        const held = heldOf(peer, this.#plan);
        if (held > 0) this.#offerPartial(peer, held, room);
      }
      return true;
    });
  }

  result(): Peer[] {
    const { count, skip } = this.#plan;
    const sure = [...this.#holders, ...this.#claimants];
    const peers = sure.length > 0 ? sure : this.#partial.map(({ peer }) => peer);
    return peers.slice(0, count + skip).slice(-count);
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

function heldOf(peer: Peer, { wanted = nothingHeld }: Plan): number {
  if (peer.counted !== undefined) return peer.counted.countIn(wanted);
  return hasAll(peer) ? wanted.count : 0;
}

function holdsAll(peer: Peer, { wanted = nothingHeld }: Plan): boolean {
  return peer.counted === undefined ? hasAll(peer) : peer.counted.holdsAll(wanted);
}

function claimsAll(peer: Peer, { wanted = nothingHeld }: Plan): boolean {
  if (peer.held === peer.counted) return false;
  return peer.held === undefined ? peer.event === "COMPLETED" : peer.held.holdsAll(wanted);
}

function eligible(peer: Peer, { status, heardSince, requester, lacking }: Plan): boolean {
  if (peer.lastHeard < heardSince || peer === requester || (status !== undefined && status !== peer.event))
    return false;
  // Who has nothing for the peer in need cannot help; of who never said what it has, nobody knows.
  return lacking === undefined || peer.held === undefined || peer.held.countIn(lacking) < peer.held.count;
}

function inOrder(criterion: Criterion, a: Peer, b: Peer): number {
  const x = rankKey(criterion, a);
  const y = rankKey(criterion, b);
  return x < y ? -1 : x > y ? 1 : byId(a, b);
}

function byId(a: Peer, b: Peer): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

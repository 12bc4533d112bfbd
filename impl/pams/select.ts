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
  readonly requester: string | undefined;
  readonly lacking: FragmentSet | undefined;
}

/** For whom a list is asked for [8.2.3]. */
export interface Need {
  /** Kilobytes per second; 0: served well, or not known. */
  readonly lack: number;
  /** What it holds. */
  readonly held: FragmentSet | undefined;
}

export const noNeed: Need = { lack: 0, held: undefined };

/** A peer in a list: how well it fits, then how it ranks. */
export interface Entry {
  readonly id: string;
  /** 0: holds all that is wanted; 1: says so; 2: holds some of it. */
  readonly fit: 0 | 1 | 2;
  /** Fragments held of those wanted; looked at where nobody fits better. */
  readonly held: number;
  /** Ascending; of peers that take turns, the place in their turn. */
  readonly key: number;
  /** When it was last heard: of two entries of one peer the later one counts. */
  readonly at: number;
}

/** What one PAMS has for a list. */
export interface Part {
  readonly entries: readonly Entry[];
  /** Peers that could be listed without any condition. */
  readonly live: number;
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
 * What comes out is put together by {@link listOf}.
 */
export function selectPeers(
  overlay: Overlay,
  condition: PeerQueryCondition,
  limits: PamsLimits,
  patience: Patience,
  now: number,
  need: Need,
): Part {
  const count = countOf(condition, limits);
  if (count === 0) return { entries: [], live: overlay.live };
  overlay.retire(now, patience, 1000);
  const wanted = runsOf(condition.fragment_list, condition.fragment_range);
  const criterion = criterionOf(overlay.contentType, condition, need);
  const plan: Plan = {
    criterion,
    status: condition.overlay_status,
    wanted: wanted === undefined || wanted.length === 0 ? undefined : FragmentSet.of(wanted),
    count,
    skip: ranksByClass(overlay.contentType, condition, need) ? classSkip(condition.service_class, count) : 0,
    heardSince: now - patience.silentMs,
    requester: condition.requesting_peer,
    lacking: criterion === "HELPFUL" ? (need.held ?? nothingHeld) : undefined,
  };
  const selection = new Selection(plan);
  if (condition.peer_id !== undefined) fromCandidates(overlay, condition.peer_id, plan, selection);
  else fromAll(overlay, plan, selection, limits);
  return { entries: selection.entries(), live: overlay.live };
}

/**
 * The list that the parts of all PAMSs of an overlay network make together.
 *
 * @param contentType of the overlay network
 */
export function listOf(
  parts: readonly Part[],
  contentType: string | undefined,
  condition: PeerQueryCondition,
  limits: PamsLimits,
  need: Need,
): string[] {
  const count = countOf(condition, limits);
  const newest = new Map<string, Entry>();
  for (const entry of parts.flatMap((part) => part.entries)) {
    if ((newest.get(entry.id)?.at ?? Number.NEGATIVE_INFINITY) < entry.at) newest.set(entry.id, entry);
  }
  const all = [...newest.values()];
  const fitting = all.filter(({ fit }) => fit < 2);
  const entries = fitting.length > 0 ? fitting : all;
  if (parts.length > 1) entries.sort((a, b) => a.fit - b.fit || b.held - a.held || a.key - b.key || byId(a, b));
  if (!ranksByClass(contentType, condition, need)) return entries.slice(0, count).map(({ id }) => id);
  const live = condition.peer_id?.length ?? parts.reduce((sum, part) => sum + part.live, 0);
  const skip = Math.min(classSkip(condition.service_class, count), Math.max(0, live - count));
  return entries
    .slice(0, count + skip)
    .slice(-count)
    .map(({ id }) => id);
}

function countOf({ max_peer_num }: PeerQueryCondition, limits: PamsLimits): number {
  return Math.min(max_peer_num ?? limits.answerDefault, limits.answerPeers);
}

function criterionOf(contentType: string | undefined, condition: PeerQueryCondition, need: Need): Criterion {
  if (condition.ordering !== undefined) return condition.ordering;
  if (need.lack > 0) return "HELPFUL";
  if (!ranksByClass(contentType, condition, need)) return "NONE";
  return contentType === "STREAM" ? "NEWEST" : "UPLOADED";
}

function ranksByClass(
  contentType: string | undefined,
  { ordering, peer_id, service_class }: PeerQueryCondition,
  { lack }: Need,
): boolean {
  if (ordering !== undefined || lack > 0 || service_class === undefined) return false;
  return peer_id === undefined || contentType === "STREAM";
}

/** The best `count` are for class 1, the next for class 2, and so on. */
function classSkip(serviceClass = 1, count = 1): number {
  return Math.min(classReach, Math.max(0, Math.floor(serviceClass) - 1) * count);
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
  const last = selection.entries().at(-1);
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

  /** At most so many as the answer and better classes take. */
  entries(): Entry[] {
    const { criterion, count, skip } = this.#plan;
    const entry = (peer: Peer, fit: Entry["fit"], place: number, held: number): Entry => ({
      id: peer.id,
      fit,
      held,
      key: criterion === "NONE" ? place : rankKey(criterion, peer),
      at: peer.lastHeard,
    });
    const room = count + skip;
    const sure = [
      ...this.#holders.map((peer, place) => entry(peer, 0, place, 0)),
      ...this.#claimants.map((peer, place) => entry(peer, 1, place, 0)),
    ];
    if (sure.length > 0) return sure.slice(0, room);
    return this.#partial.map(({ peer, held }, place) => entry(peer, 2, place, held));
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
  if (peer.lastHeard < heardSince || peer.id === requester || (status !== undefined && status !== peer.event))
    return false;
  // Who has nothing for the peer in need cannot help; of who never said what it has, nobody knows.
  return lacking === undefined || peer.held === undefined || peer.held.countIn(lacking) < peer.held.count;
}

function inOrder(criterion: Criterion, a: Peer, b: Peer): number {
  const x = rankKey(criterion, a);
  const y = rankKey(criterion, b);
  return x < y ? -1 : x > y ? 1 : byId(a, b);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

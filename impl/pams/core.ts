import type { Clock } from "../net/clock.js";
import { newest, rarest } from "./advice.js";
import { type Distribution, distributionOf, distributionWithout } from "./distribution.js";
import { FragmentSet } from "./fragment-set.js";
import { Account, type AccountRow } from "./ledger.js";
import { hasAll, Overlay, type OverlayCharacteristics, type Patience } from "./overlay.js";
import { amount, Peer, type PeerActivityRow, type PeerRegistration } from "./peer.js";
import type { PamsLimits, PamsPolicy } from "./policy.js";
import { completeRange, isAscending, numbersOf, runsOf, runsOfEvents } from "./possession.js";
import { listOf, type Need, noNeed, type Part, selectPeers } from "./select.js";
import { freeUpload, rateAfter, shortfall } from "./service.js";
import type { DynamicStatus, PeerQueryCondition, PeerStatus } from "./types.js";

/** Told of every change that must outlive the process. */
export interface Journal {
  overlayRegistered(overlay: Overlay): void;
  overlayDeregistered(overlay: Overlay): void;
  peerRegistered(overlay: Overlay, peer: Peer): void;
  peerDeregistered(overlay: Overlay, peerId: string): void;
  peerReported(overlay: Overlay, peer: Peer): void;
  accountChanged(overlay: Overlay, peerId: string, account: Account): void;
}

export type RegistrationOutcome = "registered" | "alive" | "duplicate" | "full";

/** Why a request that its schema admits is still refused. */
export interface Fault {
  /** JSON Pointer of the member at fault. */
  readonly member: string;
  readonly clause: string;
  readonly detail: string;
}

function setsOf(peers: readonly Peer[]): FragmentSet[] {
  return peers.flatMap(({ counted }) => counted ?? []);
}

const nothingHeld = FragmentSet.of([]);

/** A peer on its way from one PAMS to another. */
export interface PeerHandover {
  readonly id: string;
  readonly registration: PeerRegistration;
  readonly activity: PeerActivityRow;
  readonly account?: AccountRow;
}

/** Why a condition cannot be met by any peer. */
export function conditionFault({ fragment_range }: PeerQueryCondition): Fault | undefined {
  return rangeFault(fragment_range, "/peer_query_condition/fragment_range");
}

/** Who holds what, and how many hold all there is without having said which. */
export interface KnownDistribution {
  readonly distribution: Distribution;
  readonly everywhere: number;
}

/** Peers that a query takes out of lists because they fell silent; the rest are for upkeep. */
const retirable = 1_000;

/** Peers handled in one step of upkeep, so that no step holds requests up for long. */
const stepSize = 500;

/**
 * What a PAMS knows and decides, without any I/O: overlay networks, their peers and what these reported
 * [X.609.1 8.1]. Every method takes effect at once and tells the journal; expiry is judged against the clock at every
 * look, so that it does not matter when {@link upkeep} last ran.
 */
export class PamsCore {
  readonly policy: PamsPolicy;
  readonly limits: PamsLimits;
  readonly overlays = new Map<string, Overlay>();
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #patience: Patience;
  /** Overlay networks with a ranking to be built. */
  readonly #building = new Set<Overlay>();
  /** Where upkeep stands in its round of the overlay networks. */
  #round: Iterator<Overlay, undefined> | undefined;
  #current: Overlay | undefined;
  #generation = 0;
  #peers = 0;

  constructor(options: { policy: PamsPolicy; limits: PamsLimits; clock: Clock; journal: Journal }) {
    this.policy = options.policy;
    this.limits = options.limits;
    this.#clock = options.clock;
    this.#journal = options.journal;
    const intervalMs = this.policy.reportInterval > 0 ? this.policy.reportInterval * 1000 : Number.POSITIVE_INFINITY;
    this.#patience = {
      silentMs: intervalMs * this.policy.missedUntilSilent,
      forgottenMs: intervalMs * this.policy.missedUntilForgotten,
    };
  }

  /** Registered peers of all overlay networks, the silent ones included. */
  get peerCount(): number {
    return this.#peers;
  }

  /** [X.609.1 9.2.1] */
  registerOverlay(
    id: string,
    contentType: string | undefined,
    characteristics: OverlayCharacteristics = {},
  ): RegistrationOutcome {
    if (this.overlays.has(id)) return this.#duplicate();
    if (this.overlays.size >= this.limits.overlays) return "full";
    const overlay = new Overlay(id, ++this.#generation, contentType, characteristics);
    this.overlays.set(id, overlay);
    this.#journal.overlayRegistered(overlay);
    return "registered";
  }

  /** Its peers go with it [X.609.1 9.2.2, E-PAMP-43]. */
  deregisterOverlay(id: string): "deregistered" | "unknown" {
    const overlay = this.overlays.get(id);
    if (overlay === undefined) return "unknown";
    this.overlays.delete(id);
    this.#peers -= overlay.peers.size;
    this.#journal.overlayDeregistered(overlay);
    return "deregistered";
  }

  /** [X.609.1 9.2.3] */
  registerPeer(overlayId: string, peerId: string, registration: PeerRegistration): RegistrationOutcome | "unknown" {
    const overlay = this.overlays.get(overlayId);
    if (overlay === undefined) return "unknown";
    const now = this.#clock.now();
    const known = overlay.find(peerId, now, this.#patience);
    if (known?.moved === true && known.registration.public_key === registration.public_key) {
      // It comes after the PAMS that it was registered at has gone: with all that it did there.
      known.moved = false;
      known.registration = registration;
      overlay.heard(known, now);
      this.#journal.peerRegistered(overlay, known);
      return "registered";
    }
    if (known !== undefined) {
      const outcome = this.#duplicate();
      if (outcome === "alive") overlay.heard(known, now);
      return outcome;
    }
    const forgotten = overlay.peers.get(peerId);
    if (forgotten !== undefined) this.#forget(overlay, forgotten);
    if (this.#full(overlay)) {
      // Peers that are gone, but not yet swept, take nobody's place.
      this.#expire(overlay, now, stepSize);
      if (this.#full(overlay)) return "full";
    }
    const peer = new Peer(peerId, registration, now);
    this.#admit(overlay, peer);
    this.#peers++;
    this.#journal.peerRegistered(overlay, peer);
    return "registered";
  }

  /** All that is known of a peer, for another PAMS [8.2.1]. */
  handover(overlayId: string, peerId: string): PeerHandover | undefined {
    const overlay = this.overlays.get(overlayId);
    const peer = overlay?.find(peerId, this.#clock.now(), this.#patience);
    if (overlay === undefined || peer === undefined) return undefined;
    const account = overlay.ledger.accounts.get(peerId)?.toJSON();
    const { registration } = peer;
    return { id: peerId, registration, activity: peer.toJSON(), ...(account === undefined ? {} : { account }) };
  }

  /** Goes on with a peer of a PAMS that leaves; one that came here by itself meanwhile is known better already. */
  takeOver(overlayId: string, { id, registration, activity, account }: PeerHandover): void {
    const overlay = this.overlays.get(overlayId);
    if (overlay === undefined || overlay.peers.has(id) || this.#full(overlay)) return;
    if (account !== undefined) overlay.ledger.accounts.set(id, Account.restore(account));
    const peer = new Peer(id, registration, this.#clock.now());
    peer.restore(activity);
    // From now on it has an interval to find out where it is.
    peer.lastHeard = this.#clock.now();
    peer.moved = true;
    this.#admit(overlay, peer);
    this.#peers++;
    this.#journal.peerRegistered(overlay, peer);
    this.#journal.peerReported(overlay, peer);
    this.recount(overlay, id);
  }

  /** [X.609.1 9.2.4] */
  deregisterPeer(overlayId: string, peerId: string): "deregistered" | "unknown" {
    const overlay = this.overlays.get(overlayId);
    const peer = overlay?.find(peerId, this.#clock.now(), this.#patience);
    if (overlay === undefined || peer === undefined) return "unknown";
    this.#forget(overlay, peer);
    return "deregistered";
  }

  /** [X.609.1 9.2.5] */
  report(overlayId: string, peerId: string, status: PeerStatus): "taken" | "unknown" | Fault {
    const overlay = this.overlays.get(overlayId);
    const now = this.#clock.now();
    const peer = overlay?.find(peerId, now, this.#patience);
    if (overlay === undefined || peer === undefined) return "unknown";
    const { dynamic_status: dynamic, static_status: profile } = status;
    const fault = rangeFault(dynamic?.fragment_range, "/peer_status/dynamic_status/fragment_range");
    if (fault !== undefined) return fault;
    const held = heldAfter(peer, dynamic);
    if (held !== undefined && held !== peer.held && tooMany(held, this.limits.fragmentRuns)) {
      return tooManyRuns(this.limits.fragmentRuns);
    }

    // 1. A part left out stays as it was [E-PAMP-40]; overlay_event and left stay when a dynamic part leaves them out.
    // 2. Amounts are what came since the last report: their sum ranks, the last report is what queries show [E-PAMP-35].
    const uploaded = amount(dynamic?.uploaded) ?? 0;
    const downloaded = amount(dynamic?.downloaded) ?? 0;
    const staticStatus = profile ?? peer.staticStatus;
    const rates = dynamic === undefined ? peer : this.#rates(peer, uploaded, downloaded, now);
    const told = dynamic === undefined ? peer : kept(dynamic, held);
    const account = overlay.ledger.accounts.get(peer.id);
    const toldUp = peer.toldUp + uploaded;
    const toldDown = peer.toldDown + downloaded;
    const standing = this.#standing(account, { held, toldUp, toldDown });
    overlay.update(
      peer,
      {
        // Member by member: to spread objects takes longer than all the rest.
        dynamicStatus: told.dynamicStatus,
        listed: told.listed,
        uploaded: standing.uploaded,
        downloaded: standing.downloaded,
        counted: standing.counted,
        newest: standing.newest,
        event: dynamic?.overlay_event ?? peer.event,
        toldUp,
        toldDown,
        toldBefore: peer.toldUp,
        left: amount(dynamic?.left) ?? peer.left,
        staticStatus,
        held,
        upRate: rates.upRate,
        downRate: rates.downRate,
        free: freeUpload(staticStatus, told.dynamicStatus?.num_upload_connection, rates.upRate),
      },
      now,
    );
    if (dynamic !== undefined) peer.reportedAt = now;
    this.#journal.peerReported(overlay, peer);
    return "taken";
  }

  /** IDs of peers, best first [X.609.1 9.2.6, 8.2.2, 8.2.3, 8.2.5]. */
  listPeers(overlayId: string, condition: PeerQueryCondition): string[] | "unknown" | Fault {
    const need = this.needOf(overlayId, condition) ?? noNeed;
    const part = this.listPart(overlayId, condition, need);
    if (part === "unknown" || "member" in part) return part;
    const peers = listOf([part], this.overlays.get(overlayId)?.contentType, condition, this.limits, need);
    this.promise(overlayId, peers, condition, need);
    return peers;
  }

  /** What the peer lacks for which it is asked; undefined where it is not registered here. */
  needOf(overlayId: string, { requesting_peer: id }: PeerQueryCondition): Need | undefined {
    const overlay = this.overlays.get(overlayId);
    const peer = id === undefined ? undefined : overlay?.find(id, this.#clock.now(), this.#patience);
    if (overlay === undefined || peer === undefined) return undefined;
    return { lack: shortfall(overlay, peer, this.policy.poorService), held: peer.counted };
  }

  /** What this PAMS has for a list, for {@link listOf} to put together with the parts of others. */
  listPart(overlayId: string, condition: PeerQueryCondition, need: Need): Part | "unknown" | Fault {
    const overlay = this.overlays.get(overlayId);
    if (overlay === undefined) return "unknown";
    const fault = conditionFault(condition);
    if (fault !== undefined) return fault;
    const part = selectPeers(overlay, condition, this.limits, this.#patience, this.#clock.now(), need);
    if (overlay.building) this.#building.add(overlay);
    return part;
  }

  /** Takes note that these peers were named as helpers. */
  promise(overlayId: string, peerIds: readonly string[], { ordering }: PeerQueryCondition, { lack }: Need): void {
    if (lack > 0 && ordering === undefined) this.overlays.get(overlayId)?.promise(peerIds, lack);
  }

  /**
   * Fragments worth fetching first, best first: the newest of a stream, the rarest of anything else, among the candidates or all peers
   * [X.609.1 8.2.4, 8.2.5].
   */
  advise(overlayId: string, condition: PeerQueryCondition): number[] {
    const overlay = this.overlays.get(overlayId);
    const known = this.distribution(overlayId, condition);
    if (known === undefined) return [];
    return this.adviceFrom(known, overlay?.contentType, condition, this.needOf(overlayId, condition) ?? noNeed);
  }

  /** Who holds what among the candidates of a query, or all peers; undefined while nothing is known. */
  distribution(overlayId: string, condition: PeerQueryCondition): KnownDistribution | undefined {
    const overlay = this.overlays.get(overlayId);
    if (overlay === undefined) return undefined;
    overlay.retire(this.#clock.now(), this.#patience, retirable);
    let { distribution, everywhere } = overlay;
    if (condition.peer_id !== undefined) {
      const candidates = new Set([...new Set(condition.peer_id)].flatMap((id) => overlay.peers.get(id) ?? []));
      const live = [...candidates].filter((one) => one.live);
      everywhere = live.filter(hasAll).length;
      // Of most of the peers more is known already than of few.
      if (distribution !== undefined && live.length > overlay.live / 2) {
        const others = [...overlay.peers.values()].filter((one) => one.live && !candidates.has(one));
        distribution = distributionWithout(distribution, setsOf(others));
      } else distribution = distributionOf(setsOf(live));
    }
    return distribution === undefined ? undefined : { distribution, everywhere };
  }

  adviceFrom(
    { distribution, everywhere }: KnownDistribution,
    contentType: string | undefined,
    { service_class = 1 }: PeerQueryCondition,
    { held }: Need,
  ): number[] {
    const { rareBelow, liveStep, liveWindow } = this.policy;
    const options = { limit: this.limits.advice, except: held };
    if (contentType !== "STREAM") return rarest(distribution, everywhere, rareBelow, options);
    const below = Math.max(0, Math.floor(service_class) - 1);
    return newest(distribution, { window: liveWindow, back: below * liveStep }, options);
  }

  #rates(peer: Peer, uploaded: number, downloaded: number, now: number): { upRate: number; downRate: number } {
    const intervalMs = 1000 * (this.policy.reportInterval > 0 ? this.policy.reportInterval : 10);
    const elapsed = now - peer.reportedAt;
    return {
      upRate: rateAfter(peer.upRate, uploaded, elapsed, intervalMs),
      downRate: rateAfter(peer.downRate, downloaded, elapsed, intervalMs),
    };
  }

  /**
   * What a peer last reported, without fragment events [X.609.1 9.2.7]; empty before its first report. A silent peer is
   * still registered and still answered for; a forgotten one is unknown.
   */
  peerStatus(overlayId: string, peerId: string): PeerStatus | "unknown" {
    const peer = this.find(overlayId, peerId);
    if (peer === undefined) return "unknown";
    const status: PeerStatus = {};
    if (peer.dynamicStatus !== undefined) status.dynamic_status = asTold(peer.dynamicStatus, peer.listed);
    if (peer.staticStatus !== undefined) status.static_status = peer.staticStatus;
    return status;
  }

  find(overlayId: string, peerId: string): Peer | undefined {
    return this.overlays.get(overlayId)?.find(peerId, this.#clock.now(), this.#patience);
  }

  /** Takes back a registration whose journal entry could not be written. */
  undoOverlay(overlay: Overlay): void {
    if (this.overlays.get(overlay.id) === overlay) this.deregisterOverlay(overlay.id);
  }

  /** Takes back a registration whose journal entry could not be written. */
  undoPeer(overlay: Overlay, peer: Peer): void {
    if (overlay.peers.get(peer.id) === peer && this.overlays.get(overlay.id) === overlay) this.#forget(overlay, peer);
  }

  /** Brings back an overlay network from the journal; its peers, if any, in any order. */
  restore(overlay: Overlay, peers: Peer[]): void {
    this.#generation = Math.max(this.#generation, overlay.generation);
    this.overlays.set(overlay.id, overlay);
    peers.sort((a, b) => a.lastHeard - b.lastHeard);
    for (const peer of peers) this.#admit(overlay, peer);
    this.#peers += peers.length;
  }

  /** Generations up to this one were used before, even if nothing of them is left to {@link restore}. */
  skipGenerations(generation: number): void {
    this.#generation = Math.max(this.#generation, generation);
  }

  /**
   * One step of what need not wait for a request: forgetting peers long silent, taking silent ones out of rankings,
   * building rankings that a query has asked for.
   *
   * @returns whether there is more to do at once; when not, all overlay networks have been looked at
   */
  upkeep(): boolean {
    for (const overlay of this.#building) {
      overlay.build(stepSize);
      if (!overlay.building || this.overlays.get(overlay.id) !== overlay) this.#building.delete(overlay);
      break;
    }
    const now = this.#clock.now();
    for (let budget = stepSize; budget > 0; budget--) {
      this.#round ??= this.overlays.values();
      this.#current ??= this.#round.next().value;
      const overlay = this.#current;
      if (overlay === undefined) {
        this.#round = undefined;
        return this.#building.size > 0;
      }
      budget -= this.#expire(overlay, now, budget);
      if (budget > 0) this.#current = undefined;
    }
    return true;
  }

  /** Brings a peer to what its account says by now. */
  recount(overlay: Overlay, peerId: string): void {
    const account = overlay.ledger.accounts.get(peerId);
    if (account !== undefined) this.#journal.accountChanged(overlay, peerId, account);
    const peer = overlay.peers.get(peerId);
    if (peer !== undefined) overlay.change(peer, { ...peer, ...this.#standing(account, peer) });
  }

  #admit(overlay: Overlay, peer: Peer): void {
    const { public_key, proven = false } = peer.registration;
    if (public_key !== undefined) overlay.ledger.open(peer.id, public_key, proven);
    Object.assign(peer, this.#standing(overlay.ledger.accounts.get(peer.id), peer));
    peer.free = freeUpload(peer.staticStatus, peer.dynamicStatus?.num_upload_connection, peer.upRate);
    overlay.add(peer);
  }

  /** What counts of what a peer says: all of it, or what receipts prove [X.609.1 8.2.6, E-PAMP-75]. */
  #standing(
    account: Account | undefined,
    { held, toldUp, toldDown }: Pick<Peer, "held" | "toldUp" | "toldDown">,
  ): Pick<Peer, "uploaded" | "downloaded" | "counted" | "newest"> {
    if (this.policy.receipts === "ignore") {
      return { uploaded: toldUp, downloaded: toldDown, counted: held, newest: held?.highest ?? -1 };
    }
    const { uploaded = 0, downloaded = 0, got, gave, trusted = false } = account ?? {};
    // Who has shown that others are served by it is believed what else it holds; of the others counts what a second peer has signed.
    let counted = got;
    for (const more of trusted ? [gave, held] : [gave]) {
      if (more !== undefined) counted = counted === undefined ? more : counted.union(more.runs);
    }
    // Without any proof it holds nothing, not everything.
    counted ??= nothingHeld;
    return { uploaded: uploaded / 1000, downloaded: downloaded / 1000, counted, newest: counted.highest };
  }

  #expire(overlay: Overlay, now: number, budget: number): number {
    if (this.overlays.get(overlay.id) !== overlay) return 0;
    const gone = overlay.forgotten(now, this.#patience, budget);
    for (const peer of gone) this.#forget(overlay, peer);
    return gone.length + overlay.retire(now, this.#patience, budget - gone.length);
  }

  #forget(overlay: Overlay, peer: Peer): void {
    overlay.remove(peer);
    this.#peers--;
    this.#journal.peerDeregistered(overlay, peer.id);
  }

  #full(overlay: Overlay): boolean {
    return overlay.peers.size >= this.limits.peersPerOverlay || this.#peers >= this.limits.peers;
  }

  #duplicate(): "alive" | "duplicate" {
    return this.policy.duplicates === "keep-alive" ? "alive" : "duplicate";
  }
}

/** List and range replace what was held, downloads add to it, a report without either leaves it [E-PAMP-16, E-PAMP-36]. */
function heldAfter(peer: Peer, dynamic: DynamicStatus | undefined): FragmentSet | undefined {
  if (dynamic === undefined) return peer.held;
  const runs = runsOf(dynamic.fragment_list, dynamic.fragment_range);
  const reported = runs === undefined ? peer.held : FragmentSet.of(runs);
  if (dynamic.fragment_event === undefined) return reported;
  const received = runsOfEvents(dynamic.fragment_event, peer.id);
  return received.length === 0 ? reported : (reported ?? FragmentSet.of([])).union(received);
}

function tooMany(held: FragmentSet, most: number): boolean {
  // What counts is the room that it takes: a run takes as much as four words of bits.
  return (held.bits === undefined ? held.runs.length / 2 : held.bits.words.length / 4) > most;
}

/** Lists longer than this are kept as sets. */
const shortList = 32;

/** A dynamic status as it is kept: without what no query is answered with, and a long list of fragments as a set. */
function kept(dynamic: DynamicStatus, held: FragmentSet | undefined): Pick<Peer, "dynamicStatus" | "listed"> {
  const dynamicStatus = tellable(dynamic);
  const fragments = dynamicStatus.fragment_list?.fragment;
  if (fragments === undefined || fragments.length <= shortList || !isAscending(fragments)) {
    return { dynamicStatus, listed: undefined };
  }
  const { fragment: _, ...list } = dynamicStatus.fragment_list ?? {};
  const same = held !== undefined && dynamic.fragment_range === undefined && dynamic.fragment_event === undefined;
  const listed = same ? held : FragmentSet.of(runsOf({ fragment: fragments }, undefined) ?? []);
  return { dynamicStatus: { ...dynamicStatus, fragment_list: list }, listed };
}

/** The dynamic status as the peer told it. */
function asTold(dynamic: DynamicStatus, listed: FragmentSet | undefined): DynamicStatus {
  if (listed === undefined) return dynamic;
  return { ...dynamic, fragment_list: { ...dynamic.fragment_list, fragment: numbersOf(listed.runs) } };
}

/** The part that a query may be answered with: events are past [9.2.7.2], receipts are between two peers and the PAMS. */
function tellable(dynamic: DynamicStatus): DynamicStatus {
  if (dynamic.fragment_event === undefined && dynamic.receipts === undefined) return dynamic;
  const { fragment_event: _, receipts: __, ...rest } = dynamic;
  return rest;
}

function rangeFault(range: DynamicStatus["fragment_range"], member: string): Fault | undefined {
  const bounds = completeRange(range);
  if (bounds === undefined || bounds[0] <= bounds[1]) return undefined;
  return { member, clause: "9.1.6", detail: "start_fragment_id lies behind end_fragment_id" };
}

function tooManyRuns(limit: number): Fault {
  return {
    member: "/peer_status/dynamic_status",
    clause: "9.1.5",
    detail: `the fragments held make more than ${limit} unbroken runs, the most this PAMS keeps for one peer`,
  };
}

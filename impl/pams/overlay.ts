import { Distribution } from "./distribution.js";
import type { FragmentSet } from "./fragment-set.js";
import { Ledger } from "./ledger.js";
import type { Peer } from "./peer.js";
import { type Criterion, type Figures, Ranking, rankKey } from "./ranking.js";
import type { DynamicStatus, OverlayEvent, StaticStatus } from "./types.js";

/** Up to this many peers a query looks at all of them; a ranking would cost more than it saves. */
export const scanUpTo = 1000;

/** How long a peer may be silent, in ms; infinite when peers report on events only. */
export interface Patience {
  readonly silentMs: number;
  readonly forgottenMs: number;
}

/** What an OMS may say of an overlay network beside its content [E-PAMP-76]. */
export interface OverlayCharacteristics {
  /** Kilobytes of a full fragment. */
  readonly fragment_size?: number;
  /** Signs the session keys, base64url. */
  readonly provider_public_key?: string;
}

/** What one report changes of a peer. */
export interface Activity extends Figures {
  readonly event: OverlayEvent | undefined;
  readonly dynamicStatus: DynamicStatus | undefined;
  readonly listed: FragmentSet | undefined;
  readonly staticStatus: StaticStatus | undefined;
  readonly held: FragmentSet | undefined;
  readonly counted: FragmentSet | undefined;
  readonly upRate: number;
  readonly downRate: number;
  readonly toldUp: number;
  readonly toldDown: number;
  readonly toldBefore: number;
}

const nothing = { counted: undefined, event: undefined, downRate: 0 } as const;

/** A peer that has everything and never said which fragments has all of them [X.609.1 9.1.9]. */
export function hasAll({ counted, event }: Pick<Activity, "counted" | "event">): boolean {
  return counted === undefined && event === "COMPLETED";
}

/** One registered overlay network and its peers, in the order in which they were last heard, with the rankings asked for so far. */
export class Overlay {
  readonly id: string;
  /** Tells the peers of this registration from those of an earlier one of the same ID. */
  readonly generation: number;
  readonly contentType: string | undefined;
  readonly characteristics: OverlayCharacteristics;
  readonly ledger = new Ledger();
  readonly peers = new Map<string, Peer>();
  /** ID behind which the next list without an ordering starts, by participation status: peers take turns. */
  readonly turns = new Map<OverlayEvent | undefined, string>();
  #oldest: Peer | undefined;
  #newest: Peer | undefined;
  #oldestLive: Peer | undefined;
  #live = 0;
  readonly #rankings: Ranking[] = [];
  /** Who holds what among the peers that lists may contain; made when the first of them says so. */
  #distribution: Distribution | undefined;
  #everywhere = 0;
  #downRates = 0;

  constructor(
    id: string,
    generation: number,
    contentType: string | undefined,
    characteristics: OverlayCharacteristics = {},
  ) {
    this.characteristics = characteristics;
    this.id = id;
    this.generation = generation;
    this.contentType = contentType;
  }

  /** Peers that lists may contain. */
  get live(): number {
    return this.#live;
  }

  /** Holders of each fragment among the live peers; undefined while none is known. */
  get distribution(): Distribution | undefined {
    return this.#distribution;
  }

  /** Live peers that have everything and never said which fragments these are [X.609.1 9.1.9]. */
  get everywhere(): number {
    return this.#everywhere;
  }

  /** Kilobytes per second at which the live peers download, on average. */
  get averageDownRate(): number {
    return this.#live === 0 ? 0 : this.#downRates / this.#live;
  }

  /** The registered peer of this ID, unless it has been silent for so long that it counts as gone. */
  find(id: string, now: number, { forgottenMs }: Patience): Peer | undefined {
    const peer = this.peers.get(id);
    return peer === undefined || now - peer.lastHeard > forgottenMs ? undefined : peer;
  }

  /** Adds a peer just heard. */
  add(peer: Peer): void {
    this.peers.set(peer.id, peer);
    this.#append(peer);
    this.#enter(peer);
  }

  remove(peer: Peer): void {
    this.peers.delete(peer.id);
    this.ledger.close(peer.id);
    this.#leave(peer);
    this.#unlink(peer);
  }

  /** Records that a peer was heard, and what it said. */
  update(peer: Peer, activity: Activity, now: number): void {
    this.change(peer, activity);
    this.heard(peer, now);
  }

  /** Records what is known of a peer from now on. */
  change(peer: Peer, activity: Activity): void {
    let moving = 0;
    for (const ranking of this.#rankings) {
      const was = (peer.ranked & ranking.bit) !== 0;
      const will = ranking.admits(activity.event);
      if (was && will && rankKey(ranking.criterion, peer) === rankKey(ranking.criterion, activity)) continue;
      if (was) ranking.remove(peer);
      if (will) moving |= ranking.bit;
    }
    if (peer.live) this.#count(peer, activity);
    peer.event = activity.event;
    peer.uploaded = activity.uploaded;
    peer.downloaded = activity.downloaded;
    peer.left = activity.left;
    peer.dynamicStatus = activity.dynamicStatus;
    peer.listed = activity.listed;
    peer.staticStatus = activity.staticStatus;
    peer.held = activity.held;
    peer.counted = activity.counted;
    peer.newest = activity.newest;
    peer.free = activity.free;
    peer.toldUp = activity.toldUp;
    peer.toldDown = activity.toldDown;
    peer.toldBefore = activity.toldBefore;
    peer.upRate = activity.upRate;
    peer.downRate = activity.downRate;
    for (const ranking of this.#rankings) if ((moving & ranking.bit) !== 0) ranking.insert(peer);
  }

  /** Shares out what a peer lacks among those it is sent to, so that the next one in need is sent to others as well [8.2.3, E-X-14]. */
  promise(helpers: readonly string[], kilobytesPerSecond: number): void {
    for (const peer of helpers.flatMap((id) => this.peers.get(id) ?? [])) {
      const ranked = this.#rankings.filter(
        ({ criterion, bit }) => criterion === "HELPFUL" && (peer.ranked & bit) !== 0,
      );
      for (const ranking of ranked) ranking.remove(peer);
      peer.free = Math.max(0, peer.free - kilobytesPerSecond / helpers.length);
      for (const ranking of ranked) ranking.insert(peer);
    }
  }

  /** Records a sign of life. */
  heard(peer: Peer, now: number): void {
    this.#unlink(peer);
    peer.lastHeard = now;
    this.#append(peer);
    this.#enter(peer);
  }

  /**
   * Takes up to `budget` peers that have fallen silent out of the rankings.
   *
   * @returns how many it took
   */
  retire(now: number, { silentMs }: Patience, budget: number): number {
    let count = 0;
    for (
      let peer = this.#oldestLive;
      count < budget && peer !== undefined && now - peer.lastHeard > silentMs;
      count++
    ) {
      const next: Peer | undefined = peer.newer;
      this.#leave(peer);
      this.#oldestLive = next;
      peer = next;
    }
    return count;
  }

  /** Up to `budget` peers that have been silent for so long that they count as gone. */
  forgotten(now: number, { forgottenMs }: Patience, budget: number): Peer[] {
    const gone: Peer[] = [];
    for (let peer = this.#oldest; gone.length < budget && peer !== undefined && now - peer.lastHeard > forgottenMs; ) {
      gone.push(peer);
      peer = peer.newer;
    }
    return gone;
  }

  /** The ranking of a criterion, when one is worth having and has all its peers; asking starts making it. */
  ranking(criterion: Criterion, status: OverlayEvent | undefined): Ranking | undefined {
    let ranking = this.#rankings.find((one) => one.criterion === criterion && one.status === status);
    if (ranking === undefined) {
      if (this.peers.size <= scanUpTo) return undefined;
      ranking = new Ranking(criterion, status, 1 << this.#rankings.length, this.peers.values());
      this.#rankings.push(ranking);
    }
    return ranking.complete ? ranking : undefined;
  }

  /** Whether a ranking was asked for that does not have all its peers yet. */
  get building(): boolean {
    return this.#rankings.some((one) => !one.complete);
  }

  /** Brings a ranking under construction forward by `budget` peers. */
  build(budget: number): void {
    this.#rankings.find((one) => !one.complete)?.build(budget);
  }

  #enter(peer: Peer): void {
    for (const ranking of this.#rankings) {
      if ((peer.ranked & ranking.bit) === 0 && ranking.admits(peer.event)) ranking.insert(peer);
    }
  }

  #leave(peer: Peer): void {
    if (peer.live) {
      this.#live--;
      this.#count(peer, nothing);
    }
    peer.live = false;
    for (const ranking of this.#rankings) if ((peer.ranked & ranking.bit) !== 0) ranking.remove(peer);
  }

  #append(peer: Peer): void {
    peer.older = this.#newest;
    peer.newer = undefined;
    if (this.#newest === undefined) this.#oldest = peer;
    else this.#newest.newer = peer;
    this.#newest = peer;
    this.#oldestLive ??= peer;
    if (!peer.live) {
      peer.live = true;
      this.#live++;
      this.#countNew(peer);
    }
  }

  /** Brings the sums over the live peers from what one of them is to what it will be. */
  #count(peer: Peer, will: Pick<Activity, "counted" | "event" | "downRate">): void {
    this.#everywhere += Number(hasAll(will)) - Number(hasAll(peer));
    this.#downRates += will.downRate - peer.downRate;
    if (peer.counted === will.counted) return;
    this.#distribution ??= new Distribution();
    if (peer.counted !== undefined && will.counted !== undefined)
      this.#distribution.replace(peer.counted, will.counted);
    else if (peer.counted !== undefined) this.#distribution.remove(peer.counted);
    else if (will.counted !== undefined) this.#distribution.add(will.counted);
  }

  #countNew(peer: Peer): void {
    this.#everywhere += Number(hasAll(peer));
    this.#downRates += peer.downRate;
    if (peer.counted === undefined) return;
    this.#distribution ??= new Distribution();
    this.#distribution.add(peer.counted);
  }

  #unlink(peer: Peer): void {
    if (this.#oldestLive === peer) this.#oldestLive = peer.newer;
    if (peer.older === undefined) this.#oldest = peer.newer;
    else peer.older.newer = peer.newer;
    if (peer.newer === undefined) this.#newest = peer.older;
    else peer.newer.older = peer.older;
  }
}

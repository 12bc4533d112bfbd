import type { Peer } from "./peer.js";
import type { Runs } from "./possession.js";
import { type Criterion, type Figures, Ranking, rankKey } from "./ranking.js";
import type { DynamicStatus, OverlayEvent, StaticStatus } from "./types.js";

/** Up to this many peers a query looks at all of them; a ranking would cost more than it saves. */
export const scanUpTo = 1000;

/** How long a peer may be silent, in ms; infinite when peers report on events only. */
export interface Patience {
  readonly silentMs: number;
  readonly forgottenMs: number;
}

/** What one report changes of a peer. */
export interface Activity extends Figures {
  readonly event: OverlayEvent | undefined;
  readonly dynamicStatus: DynamicStatus | undefined;
  readonly staticStatus: StaticStatus | undefined;
  readonly held: Runs | undefined;
}

/** One registered overlay network and its peers, in the order in which they were last heard, with the rankings asked for so far. */
export class Overlay {
  readonly id: string;
  /** Tells the peers of this registration from those of an earlier one of the same ID. */
  readonly generation: number;
  readonly contentType: string | undefined;
  readonly peers = new Map<string, Peer>();
  /** ID behind which the next list without an ordering starts, by participation status: peers take turns. */
  readonly turns = new Map<OverlayEvent | undefined, string>();
  #oldest: Peer | undefined;
  #newest: Peer | undefined;
  #oldestLive: Peer | undefined;
  #live = 0;
  readonly #rankings: Ranking[] = [];

  constructor(id: string, generation: number, contentType: string | undefined) {
    this.id = id;
    this.generation = generation;
    this.contentType = contentType;
  }

  /** Peers that lists may contain. */
  get live(): number {
    return this.#live;
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
    this.#leave(peer);
    this.#unlink(peer);
  }

  /** Records that a peer was heard, and what it said. */
  update(peer: Peer, activity: Activity, now: number): void {
    let moving = 0;
    for (const ranking of this.#rankings) {
      const was = (peer.ranked & ranking.bit) !== 0;
      const will = ranking.admits(activity.event);
      if (was && will && rankKey(ranking.criterion, peer) === rankKey(ranking.criterion, activity)) continue;
      if (was) ranking.remove(peer);
      if (will) moving |= ranking.bit;
    }
    peer.event = activity.event;
    peer.uploaded = activity.uploaded;
    peer.downloaded = activity.downloaded;
    peer.left = activity.left;
    peer.dynamicStatus = activity.dynamicStatus;
    peer.staticStatus = activity.staticStatus;
    peer.held = activity.held;
    for (const ranking of this.#rankings) if ((moving & ranking.bit) !== 0) ranking.insert(peer);
    this.heard(peer, now);
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
    if (peer.live) this.#live--;
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
    }
  }

  #unlink(peer: Peer): void {
    if (this.#oldestLive === peer) this.#oldestLive = peer.newer;
    if (peer.older === undefined) this.#oldest = peer.newer;
    else peer.older.newer = peer.newer;
    if (peer.newer === undefined) this.#newest = peer.older;
    else peer.newer.older = peer.older;
  }
}

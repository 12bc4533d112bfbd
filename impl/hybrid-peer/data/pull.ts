import { type BufferMap, Code } from "../core/message.js";
import type { DataPath, Paths, Timers } from "../core/ports.js";
import { readMap } from "./buffer-map.js";
import { keyOf, Neighbour } from "./neighbour.js";
import { makePlan, type Plan, type Wanted } from "./pull-plan.js";
import type { RangeSet } from "./ranges.js";
import type { Window } from "./window.js";

export interface PullOptions {
  readonly paths: Pick<Paths, "primaries" | "outgoingCandidates" | "incomingCandidates">;
  readonly timers: Timers;
  now(): number;
  /** Wait for an answer before the next peer is asked. */
  readonly recoveryMs: number;
  /** GET_DATA sent to one peer at most. */
  readonly requestsPerSecond: number;
  overlayId(): string;
  /** Undefined: nothing came of this source yet. */
  windowOf(source: string): Window | undefined;
  /** False for sources whose data is not taken in this overlay. */
  takes(source: string): boolean;
  /** Every neighbour has told what it holds, or was silent too long. */
  roundOver(round: Round): void;
}

export interface Round {
  readonly asked: number;
  readonly answered: number;
}

/** Blocked entries of a plan that are looked past for one whose holder has room. */
const MOST_BLOCKED = 64;

/** Sources remembered of one neighbour's maps. */
const MOST_SOURCES = 10_000;

/**
 * Asks neighbours for what this peer lacks [Q.4100 7.2.3.2]: BUFFERMAP to all of them, then GET_DATA for each item, several under way,
 * rarest first and spread over those that have it; the next one where a peer does not have it or does not answer in time.
 */
export class Puller {
  readonly #options: PullOptions;
  readonly #neighbours = new Map<number, Neighbour>();
  #plan: Plan = { wanted: [], truncated: false };
  #at = 0;
  /** There may be something to ask for that is not in the plan. */
  #stale = false;
  #round: { asked: number; answered: number } | undefined;
  #history = false;
  #checkDue: number | undefined;
  readonly #inFlight = new Set<string>();

  constructor(options: PullOptions) {
    this.#options = options;
  }

  /** A round of asking what the others hold is not over. */
  get asking(): boolean {
    return this.#round !== undefined;
  }

  /** Something is on its way. */
  get busy(): boolean {
    return this.#inFlight.size > 0;
  }

  /**
   * Asks all neighbours for their buffer maps, and then for what this peer lacks. @param history also for what came before the first
   * that this peer received of a source
   */
  ask(history: boolean): void {
    const now = this.#options.now();
    const round = this.#round ?? { asked: 0, answered: 0 };
    this.#history = this.#round === undefined ? history : this.#history || history;
    this.#round = round;
    const { primaries, outgoingCandidates, incomingCandidates } = this.#options.paths;
    for (const path of new Set([...primaries, ...outgoingCandidates, ...incomingCandidates])) {
      const neighbour = this.#of(path);
      if (neighbour.mapAskedAt !== undefined || neighbour.ignored(now)) continue;
      neighbour.mapAskedAt = now;
      round.asked += 1;
      path.link.send({ code: Code.bufferMap, overlayId: this.#options.overlayId() });
    }
    if (round.asked === 0) this.#endRound();
    else this.#check();
  }

  map(path: DataPath, map: BufferMap | null): void {
    const neighbour = this.#of(path);
    for (const [source, held] of readMap(map)) {
      if (!this.#options.takes(source)) continue;
      const received = this.#options.windowOf(source)?.received;
      if (!this.#history && received?.min !== undefined) held.deleteRange(0, received.min - 1);
      if (neighbour.holds.has(source) || neighbour.holds.size < MOST_SOURCES) neighbour.holds.set(source, held);
    }
    this.#stale = true;
    if (neighbour.mapAskedAt !== undefined) {
      neighbour.mapAskedAt = undefined;
      if (this.#round !== undefined) this.#round.answered += 1;
    }
    this.#fill();
    this.#endRoundWhereDone();
  }

  /** Data came in answer to GET_DATA; to be called when it has been taken. */
  answered(path: DataPath, source: string, sequence: number): void {
    const neighbour = this.#neighbours.get(path.link.id);
    if (neighbour?.answered(source, sequence, this.#options.now()) === true) {
      this.#inFlight.delete(keyOf(source, sequence));
      this.#fill();
    }
  }

  absent(path: DataPath, source: string, sequence: number): void {
    const neighbour = this.#neighbours.get(path.link.id);
    if (neighbour === undefined || !neighbour.asked.has(keyOf(source, sequence))) return;
    neighbour.absent(source, sequence, this.#options.now(), 10 * this.#options.recoveryMs);
    this.#inFlight.delete(keyOf(source, sequence));
    this.#stale = true;
    this.#fill();
  }

  down(path: DataPath): void {
    const neighbour = this.#neighbours.get(path.link.id);
    if (neighbour === undefined) return;
    this.#neighbours.delete(path.link.id);
    for (const key of neighbour.asked.keys()) this.#inFlight.delete(key);
    this.#stale = true;
    this.#fill();
    this.#endRoundWhereDone();
  }

  /** Some neighbour seems to have something that is missing up to `upTo`. */
  obtainable(source: string, window: Window, upTo: number): boolean {
    const held: RangeSet[] = [];
    for (const { holds } of this.#neighbours.values()) {
      const set = holds.get(source);
      if (set !== undefined) held.push(set);
    }
    if (held.length === 0) return false;
    for (const [from, to] of window.holes(upTo)) if (held.some((set) => set.countIn(from, to) > 0)) return true;
    return false;
  }

  #of(path: DataPath): Neighbour {
    let neighbour = this.#neighbours.get(path.link.id);
    if (neighbour === undefined) {
      neighbour = new Neighbour(path, this.#options.requestsPerSecond);
      this.#neighbours.set(path.link.id, neighbour);
    }
    return neighbour;
  }

  #fill(): void {
    const now = this.#options.now();
    let room = 0;
    for (const neighbour of this.#neighbours.values()) room += Math.max(0, neighbour.room(now));
    if (room > 0) this.#use(room, now);
    // Also while nothing is under way: the number of requests in a span may be used up.
    if (this.#inFlight.size > 0 || this.#at < this.#plan.wanted.length) this.#check();
  }

  #use(most: number, now: number): void {
    let room = most;
    let blocked: Wanted[] = [];
    while (room > 0 && blocked.length < MOST_BLOCKED) {
      if (this.#at >= this.#plan.wanted.length) {
        if (!this.#stale || blocked.length > 0) break;
        this.#plan = makePlan(this.#neighbours.values(), this.#options.windowOf, (source, sequence) =>
          this.#inFlight.has(keyOf(source, sequence)),
        );
        this.#at = 0;
        this.#stale = this.#plan.truncated;
        if (this.#plan.wanted.length === 0) break;
      }
      const wanted = this.#plan.wanted[this.#at] as Wanted;
      this.#at += 1;
      const { source, sequence } = wanted;
      const key = keyOf(source, sequence);
      if (this.#inFlight.has(key) || this.#options.windowOf(source)?.received.has(sequence) === true) continue;
      const holder = this.#freest(wanted, now);
      if (holder === undefined) continue;
      if (holder.room(now) <= 0) {
        blocked.push(wanted);
        continue;
      }
      room -= 1;
      holder.sent(source, sequence, now);
      this.#inFlight.add(key);
      holder.path.link.send({ code: Code.getData, overlayId: this.#options.overlayId(), source, sequence });
    }
    if (blocked.length > 0) {
      this.#plan = { ...this.#plan, wanted: [...blocked, ...this.#plan.wanted.slice(this.#at)] };
      this.#at = 0;
      blocked = [];
    }
  }

  /** Of those that still hold it, the one with most room. */
  #freest({ source, sequence, holders }: Wanted, now: number): Neighbour | undefined {
    let freest: Neighbour | undefined;
    for (const holder of holders) {
      if (this.#neighbours.get(holder.path.link.id) !== holder || holder.holds.get(source)?.has(sequence) !== true)
        continue;
      if (freest === undefined || holder.room(now) > freest.room(now)) freest = holder;
    }
    return freest;
  }

  /** Looks from time to time whether answers are overdue. */
  #check(): void {
    if (this.#checkDue !== undefined) return;
    const { recoveryMs, timers } = this.#options;
    const period = Math.max(1, Math.min(100, recoveryMs / 4));
    this.#checkDue = this.#options.now() + period;
    timers.after(period, () => {
      const now = this.#options.now();
      const late = now - (this.#checkDue ?? now);
      this.#checkDue = undefined;
      for (const neighbour of this.#neighbours.values()) {
        if (late > period) neighbour.stalled(late);
        for (const { source, sequence } of neighbour.expire(now, recoveryMs)) {
          this.#inFlight.delete(keyOf(source, sequence));
          this.#stale = true;
        }
        if (neighbour.mapAskedAt !== undefined && now - neighbour.mapAskedAt >= recoveryMs)
          neighbour.mapAskedAt = undefined;
      }
      this.#fill();
      this.#endRoundWhereDone();
      if (this.#round !== undefined) this.#check();
    });
  }

  #endRoundWhereDone(): void {
    if (this.#round === undefined) return;
    for (const { mapAskedAt } of this.#neighbours.values()) if (mapAskedAt !== undefined) return;
    this.#endRound();
  }

  #endRound(): void {
    const round = this.#round;
    this.#round = undefined;
    if (round !== undefined) this.#options.roundOver(round);
  }
}

import { type BufferMap, Code } from "../core/message.js";
import type { DataPath, Paths, Timers } from "../core/ports.js";
import { readMap } from "./buffer-map.js";
import { keyOf, Neighbour } from "./neighbour.js";
import { makePlan, type Queue } from "./pull-plan.js";
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
  /** Paths that there are, whether or not asked. */
  readonly paths: number;
  readonly answered: number;
}

/** What is not missing but was there before has nobody who watches for it: rounds that follow where some of it did not come. */
const MOST_RETRIES = 3;

/** Sources remembered of one neighbour's maps. */
const MOST_SOURCES = 10_000;

/**
 * Asks neighbours for what this peer lacks [Q.4100 7.2.3.2]: BUFFERMAP to all of them, then GET_DATA for each item, several under way,
 * rarest first and spread over those that have it; the next one where a peer does not have it or does not answer in time.
 */
export class Puller {
  readonly #options: PullOptions;
  readonly #neighbours = new Map<number, Neighbour>();
  #plan = new Map<Neighbour, Queue>();
  /** Something went wrong with what was in the plan: it may have to be asked of another. */
  #stale = false;
  #round: { paths: number; answered: number } | undefined;
  #history = false;
  /** Something that was asked for did not come; and how often that is to be made good by another round. */
  #failed = false;
  #retries = 0;
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
    if (history) this.#retries = MOST_RETRIES;
    this.#failed = false;
    this.#ask(history);
  }

  #ask(history: boolean): void {
    const { primaries, outgoingCandidates, incomingCandidates } = this.#options.paths;
    const all = new Set([...primaries, ...outgoingCandidates, ...incomingCandidates]);
    // Paths that were candidates only end without a word.
    const open = new Set([...all].map(({ link }) => link.id));
    for (const { path } of this.#neighbours.values()) if (!open.has(path.link.id)) this.down(path);
    const now = this.#options.now();
    const round = this.#round ?? { paths: 0, answered: 0 };
    round.paths = all.size;
    this.#history = this.#round === undefined ? history : this.#history || history;
    this.#round = round;
    for (const path of all) {
      const neighbour = this.#of(path);
      if (neighbour.mapAskedAt !== undefined || neighbour.ignored(now)) continue;
      if (path.link.send({ code: Code.bufferMap, overlayId: this.#options.overlayId() })) neighbour.mapAskedAt = now;
    }
    this.#endRoundWhereDone();
    if (this.#round !== undefined) this.#check();
  }

  map(path: DataPath, map: BufferMap | null): void {
    const neighbour = this.#of(path);
    for (const [source, held] of readMap(map)) {
      if (!this.#options.takes(source)) continue;
      const received = this.#options.windowOf(source)?.received;
      if (!this.#history && received?.min !== undefined) held.deleteRange(0, received.min - 1);
      if (neighbour.holds.has(source) || neighbour.holds.size < MOST_SOURCES) neighbour.holds.set(source, held);
    }
    this.#plan.clear();
    this.#stale = true;
    if (neighbour.mapAskedAt !== undefined) {
      neighbour.mapAskedAt = undefined;
      if (this.#round !== undefined) this.#round.answered += 1;
    }
    // What is rare is known when all have told; who is slow to tell is not waited for, though: see `#check`.
    this.#endRoundWhereDone();
    if (this.#round === undefined) this.#fill();
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
    if (neighbour.asked.size > 0) this.#failed = true;
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

  /** Some neighbour seems to have something from before `sequence`, or is yet to tell. */
  expects(source: string, sequence: number): boolean {
    if (this.#round !== undefined) return true;
    for (const { holds } of this.#neighbours.values()) if ((holds.get(source)?.min ?? sequence) < sequence) return true;
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
    let free = [...this.#neighbours.values()].filter((neighbour) => neighbour.room(now) > 0);
    // One each in turn, so that it is spread over those that have it.
    while (free.length > 0) free = free.filter((neighbour) => this.#askFor(neighbour, now));
    // Also while nothing is under way: the number of requests in a span may be used up.
    if (this.#inFlight.size > 0 || this.#planned()) this.#check();
  }

  /** @returns true where the neighbour may be asked for more */
  #askFor(neighbour: Neighbour, now: number): boolean {
    let queue = this.#plan.get(neighbour);
    if (this.#stale || (queue !== undefined && queue.at >= queue.wanted.length && queue.more)) {
      this.#stale = false;
      this.#plan = makePlan(this.#neighbours.values(), this.#options.windowOf, (source, sequence) =>
        this.#inFlight.has(keyOf(source, sequence)),
      );
      queue = this.#plan.get(neighbour);
    }
    while (queue !== undefined && queue.at < queue.wanted.length) {
      const { source, sequence } = queue.wanted[queue.at] as Queue["wanted"][number];
      queue.at += 1;
      const key = keyOf(source, sequence);
      if (this.#inFlight.has(key) || this.#options.windowOf(source)?.received.has(sequence) === true) continue;
      if (neighbour.holds.get(source)?.has(sequence) !== true) continue;
      const overlayId = this.#options.overlayId();
      if (!neighbour.path.link.send({ code: Code.getData, overlayId, source, sequence })) return false;
      neighbour.sent(source, sequence, now);
      this.#inFlight.add(key);
      return neighbour.room(now) > 0;
    }
    return false;
  }

  #planned(): boolean {
    for (const { at, wanted } of this.#plan.values()) if (at < wanted.length) return true;
    return false;
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
          this.#failed = true;
        }
        if (neighbour.mapAskedAt !== undefined && now - neighbour.mapAskedAt >= recoveryMs)
          neighbour.mapAskedAt = undefined;
      }
      this.#fill();
      this.#endRoundWhereDone();
      if (this.#failed && !this.busy && this.#round === undefined && this.#retries > 0) {
        this.#retries -= 1;
        this.#failed = false;
        this.#ask(true);
      }
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

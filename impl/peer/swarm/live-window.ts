import type { Descriptor } from "../core/message.js";
import type { Picker } from "./picker.js";
import type { Possession } from "./possession.js";

/** Fragments before the newest at which somebody who joins a stream begins. */
const lookBack = 7;

/**
 * STREAM: what is still wanted, and by when [X.609.1 8.2.5]. Only what the source peer signed moves the window: a claim alone, which may be a
 * lie, makes no more than a request to who claims it. A deadline is the source peer's time plus the least delay seen so far, so that clocks
 * need not agree, plus what the session allows.
 */
export class LiveWindow implements Picker {
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #size: number;
  readonly #delayMs: number;
  readonly #countHolders: (index: number) => number;
  /** Asked for or held, not below the base. */
  readonly #closed = new Set<number>();
  readonly #deadlines = new Map<number, number>();
  #advised = new Set<number>();
  #base = 0;
  #newest = -1;
  /** Newest when the first descriptor came: what is older was before this peer's time, and is not missed. */
  #start = -1;
  /** Least of local time less the source peer's time. */
  #offset = Number.POSITIVE_INFINITY;

  constructor(options: {
    readonly random: () => number;
    readonly now: () => number;
    readonly size: number;
    readonly delayMs: number;
    readonly countHolders: (index: number) => number;
  }) {
    this.#random = options.random;
    this.#now = options.now;
    this.#size = options.size;
    this.#delayMs = options.delayMs;
    this.#countHolders = options.countHolders;
  }

  /** The lowest fragment that is still waited for. */
  get base(): number {
    return this.#base;
  }

  /** The highest fragment that the source peer has described; -1: none yet. */
  get newest(): number {
    return this.#newest;
  }

  /** Nothing below is kept or handed on. */
  get floor(): number {
    return Math.max(0, this.#newest - this.#size + 1);
  }

  get openCount(): number {
    return Math.max(0, this.#newest - this.#base + 1 - this.#closed.size);
  }

  /** The source peer said something of a fragment. */
  described(index: number, descriptor: Descriptor): void {
    const now = this.#now();
    this.#offset = Math.min(this.#offset, now - descriptor.time);
    if (this.#newest < 0) {
      this.#start = index;
      this.#base = Math.max(this.#base, index - Math.min(lookBack, this.#size - 1));
      for (let old = this.#base; old < index; old++) this.#deadlines.set(old, now + this.#delayMs);
      this.#newest = index - 1;
    }
    // A jump over more than a window: what it leaves behind is not worth a deadline each.
    for (let next = Math.max(this.#newest + 1, index - this.#size); next <= index; next++) {
      this.#deadlines.set(next, now + this.#delayMs);
    }
    this.#newest = Math.max(this.#newest, index);
    const deadline = descriptor.time + this.#offset + this.#delayMs;
    if (index > this.#start && index >= this.#base) this.#deadlines.set(index, deadline);
  }

  /** Moves the base over what is held and what is too late. @returns what was missed, of the last two windows at most */
  advance(now: number, isHeld: (index: number) => boolean): number[] {
    const missed: number[] = [];
    this.#leap(this.#newest - 2 * this.#size + 1);
    const floor = this.floor;
    while (this.#base <= this.#newest) {
      const index = this.#base;
      if (!isHeld(index)) {
        if (index >= floor && (this.#deadlines.get(index) ?? now) > now) break;
        if (index > this.#start) missed.push(index);
      }
      this.#closed.delete(index);
      this.#deadlines.delete(index);
      this.#base += 1;
    }
    return missed;
  }

  /** The source peer may number its next fragment as high as it likes: a gap costs what is kept of it, never a step for each number. */
  #leap(to: number): void {
    if (to <= this.#base) return;
    this.#base = to;
    for (const index of this.#closed) if (index < to) this.#closed.delete(index);
    for (const index of this.#deadlines.keys()) if (index < to) this.#deadlines.delete(index);
  }

  /** When `advance` may have something to say. */
  get nextDeadline(): number | undefined {
    return this.#base <= this.#newest ? this.#deadlines.get(this.#base) : undefined;
  }

  claimed(index: number): boolean {
    return this.isOpen(index);
  }

  unclaimed(): void {}

  holders(index: number): number {
    return this.#countHolders(index);
  }

  close(index: number): void {
    if (index >= this.#base) this.#closed.add(index);
  }

  open(index: number): void {
    this.#closed.delete(index);
  }

  isOpen(index: number): boolean {
    return index >= this.#base && !this.#closed.has(index);
  }

  advise(indices: readonly number[]): void {
    this.#advised = new Set(indices);
  }

  /**
   * What is urgent by its deadline, then what the PAMS advised [X.609.1 8.2.4], then the rarest, so that peers get different fragments to
   * exchange. Of claims above the window only the highest is tried: a genuine descriptor of it would move the window.
   */
  pick(theirs: Possession, most: number, skip: ((index: number) => boolean) | undefined): number[] {
    const wanted = (index: number) => theirs.has(index) && this.isOpen(index) && !skip?.(index);
    const high = this.#newest < 0 ? -1 : this.#newest + this.#size;
    const candidates: { readonly index: number; readonly rank: number }[] = [];
    const urgent = this.#now() + this.#delayMs / 2;
    for (let index = Math.max(this.#base, theirs.floor); index <= Math.min(theirs.top, high); index++) {
      if (!wanted(index)) continue;
      if ((this.#deadlines.get(index) ?? Number.POSITIVE_INFINITY) < urgent) candidates.push({ index, rank: -2 });
      else if (this.#advised.has(index)) candidates.push({ index, rank: -1 });
      else candidates.push({ index, rank: this.holders(index) + this.#random() / 2 });
    }
    candidates.sort((a, b) => a.rank - b.rank || a.index - b.index);
    const picked = candidates.slice(0, most).map(({ index }) => index);
    if (picked.length < most && theirs.top > high && wanted(theirs.top)) picked.push(theirs.top);
    return picked;
  }
}

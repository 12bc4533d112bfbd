import { type Range, RangeSet } from "./ranges.js";

/** Ranges remembered per source: what a source that leaves holes can make a peer keep. */
export const MAX_RANGES = 512;

/**
 * `new`: first time. `late`: given up before, and not received since. `duplicate`: received before.
 */
export type Verdict = "new" | "late" | "duplicate";

/**
 * Which sequences of one source have come: exact, whatever order, repetition or path they come in, and bounded.
 *
 * It starts with the first sequence that comes. What is lower is not missing, but is taken as new when it comes: a late joiner gets
 * the history that others still cache. What lies between received sequences is missing until it comes or is given up. With more than
 * `maxRanges` ranges the oldest hole is given up, and from then on counts as received.
 */
export class Window {
  readonly #received = new RangeSet();
  /** Given up; always inside holes of `#received`. */
  readonly #lost = new RangeSet();
  readonly #maxRanges: number;
  readonly #gaveUp: (from: number, to: number) => void;

  /** @param gaveUp is told of holes that were given up because there were too many ranges */
  constructor(gaveUp: (from: number, to: number) => void, maxRanges = MAX_RANGES) {
    this.#gaveUp = gaveUp;
    this.#maxRanges = maxRanges;
  }

  get received(): RangeSet {
    return this.#received;
  }

  /** Sequences between the lowest and the highest received that may still come. */
  get missing(): number {
    const { min, max, size } = this.#received;
    return min === undefined || max === undefined ? 0 : max - min + 1 - size - this.#lost.size;
  }

  accept(sequence: number): Verdict {
    if (!this.#received.add(sequence)) return "duplicate";
    const late = this.#lost.size > 0 && this.#lost.delete(sequence);
    while (this.#received.count > this.#maxRanges) this.#closeOldest();
    return late ? "late" : "new";
  }

  /** What is missing up to `upTo`, oldest first. */
  *holes(upTo: number = Number.MAX_SAFE_INTEGER): Generator<Range> {
    for (const [from, to] of this.#received.holes()) {
      if (from > upTo) return;
      yield* this.#lost.lackingIn(from, Math.min(to, upTo));
    }
  }

  /** How many are missing up to `upTo`. */
  missingUpTo(upTo: number): number {
    const { min } = this.#received;
    if (min === undefined || upTo < min) return 0;
    return upTo - min + 1 - this.#received.countIn(min, upTo) - this.#lost.countIn(min, upTo);
  }

  /** How many of `from`…`to` were not received. */
  unreceivedIn(from: number, to: number): number {
    return to < from ? 0 : to - from + 1 - this.#received.countIn(from, to);
  }

  /** Stops waiting for what is missing up to `upTo`. @returns what that was */
  giveUp(upTo: number): Range[] {
    const given = [...this.holes(upTo)];
    for (const [from, to] of given) this.#lost.addRange(from, to);
    return given;
  }

  #closeOldest(): void {
    for (const [from, to] of this.#received.holes()) {
      const open = [...this.#lost.lackingIn(from, to)];
      this.#lost.deleteRange(from, to);
      this.#received.addRange(from, to);
      for (const [low, high] of open) this.#gaveUp(low, high);
      return;
    }
  }
}

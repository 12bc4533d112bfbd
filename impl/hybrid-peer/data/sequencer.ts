import type { Data } from "../core/message.js";
import { RangeSet } from "./ranges.js";

/**
 * Holds the data of one source back until all before it has come or is given up: order "source".
 * Where it starts has to be told by `begin`.
 */
export class Sequencer {
  #next: number | undefined;
  readonly #held = new Map<number, Data>();
  readonly #skipped = new RangeSet();
  #octets = 0;
  /** Skipped since the last that was delivered. */
  #passed = 0;

  /** Held back. */
  get octets(): number {
    return this.#octets;
  }

  /** The sequence that is waited for; undefined before `begin`. */
  get next(): number | undefined {
    return this.#next;
  }

  get holding(): boolean {
    return this.#held.size > 0;
  }

  /** @returns false where it is too late for its place */
  hold(data: Data): boolean {
    if (this.#next !== undefined && data.sequence < this.#next) return false;
    this.#held.set(data.sequence, data);
    this.#octets += data.payload.byteLength + HELD_OCTETS;
    return true;
  }

  /** Sequences that are not waited for any more. */
  skip(from: number, to: number): void {
    this.#skipped.addRange(Math.max(from, this.#next ?? from), to);
  }

  /** The first sequence to deliver: the lowest held where `at` is not given. */
  begin(at?: number): void {
    this.#next ??= at ?? lowest(this.#held.keys());
  }

  /** Without holding it, where `sequence` is the one waited for. @returns false where it is not, or is not known to be */
  pass(sequence: number): boolean {
    if (sequence !== this.#next || this.#passed > 0) return false;
    this.#next += 1;
    return true;
  }

  /** What can be delivered now, with how many were skipped before it. */
  take(): { readonly data: Data; readonly skipped: number } | undefined {
    while (this.#next !== undefined && this.#held.size > 0) {
      const data = this.#held.get(this.#next);
      if (data !== undefined) {
        const skipped = this.#passed;
        this.#held.delete(this.#next);
        this.#octets -= data.payload.byteLength + HELD_OCTETS;
        this.#next += 1;
        this.#passed = 0;
        return { data, skipped };
      }
      const gap = this.#skipped.around(this.#next);
      if (gap === undefined) break;
      this.#passed += gap[1] - this.#next + 1;
      this.#next = gap[1] + 1;
      this.#skipped.deleteRange(gap[0], gap[1]);
    }
    return undefined;
  }
}

/** What held data costs beside its payload. */
const HELD_OCTETS = 200;

function lowest(numbers: Iterable<number>): number | undefined {
  let least: number | undefined;
  for (const n of numbers) if (least === undefined || n < least) least = n;
  return least;
}

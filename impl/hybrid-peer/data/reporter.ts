import type { CoreHost, Timers } from "../core/ports.js";
import { type Range, RangeSet } from "./ranges.js";

/** News are collected this long, so that what is lost or recovered together is told at once. */
const COLLECT_MS = 100;

/** News of lost ranges told one by one; of more, one spans all of a source. */
const MOST_RANGES = 32;

/** Refusals told in the time between two collections. */
const MOST_REFUSALS = 8;

/** Tells the operator, at a bounded rate. */
export class Reporter {
  readonly #host: Pick<CoreHost, "news">;
  readonly #timers: Timers;
  readonly #lost = new Map<string, RangeSet>();
  readonly #recovered = new Map<string, number>();
  #refusals = 0;
  #waiting = false;

  constructor(host: Pick<CoreHost, "news">, timers: Timers) {
    this.#host = host;
    this.#timers = timers;
  }

  lost(source: string, [from, to]: Range): void {
    let ranges = this.#lost.get(source);
    if (ranges === undefined) {
      ranges = new RangeSet();
      this.#lost.set(source, ranges);
    }
    ranges.addRange(from, to);
    if (ranges.count > MOST_RANGES) ranges.addRange(ranges.min as number, ranges.max as number);
    this.#collect();
  }

  recovered(source: string): void {
    this.#recovered.set(source, (this.#recovered.get(source) ?? 0) + 1);
    this.#collect();
  }

  refused(from: string, reason: string): void {
    this.#collect();
    this.#refusals += 1;
    if (this.#refusals <= MOST_REFUSALS) this.#host.news({ kind: "refused", from, reason });
  }

  #collect(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#timers.after(COLLECT_MS, () => {
      this.#waiting = false;
      this.#refusals = 0;
      const lost = [...this.#lost];
      const recovered = [...this.#recovered];
      this.#lost.clear();
      this.#recovered.clear();
      for (const [source, count] of recovered) this.#host.news({ kind: "recovered", source, count });
      for (const [source, ranges] of lost) {
        for (const [from, to] of ranges.ranges()) this.#host.news({ kind: "data-lost", source, from, to });
      }
    });
  }
}

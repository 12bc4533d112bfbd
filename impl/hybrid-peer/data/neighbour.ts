import type { DataPath } from "../core/ports.js";
import type { RangeSet } from "./ranges.js";

/** Requests under way to one neighbour: at first, and at most. */
const FIRST_WINDOW = 8;
const MOST_WINDOW = 64;

/** Refusals in a row after which a neighbour's map is not believed for a while. */
const MOST_ABSENT = 64;

/** Span that requests are counted over, in ms. */
const SPAN_MS = 100;

/** One peer that data can be asked from [Q.4100 7.2.3.2], and how it answers. */
export class Neighbour {
  readonly path: DataPath;
  /** What it said it holds and this peer lacked then, by source; without what it turned out not to have. */
  readonly holds = new Map<string, RangeSet>();
  /** Requests under way, by what is asked for: when they were sent. */
  readonly asked = new Map<string, { readonly source: string; readonly sequence: number; sentAt: number }>();
  /** When it was asked for its buffer map, while that has not come. */
  mapAskedAt: number | undefined;
  readonly #perSpan: number;
  #window = FIRST_WINDOW;
  #absent = 0;
  #silentUntil = 0;
  #answeredAt = 0;
  #spanFrom = 0;
  #inSpan = 0;

  /** @param perSecond requests that are sent to it at most */
  constructor(path: DataPath, perSecond: number) {
    this.path = path;
    this.#perSpan = Math.max(1, (perSecond * SPAN_MS) / 1000);
  }

  /** How many more requests may be under way. */
  room(now: number): number {
    if (now - this.#spanFrom >= SPAN_MS) {
      this.#spanFrom = now;
      this.#inSpan = 0;
    }
    return Math.min(this.#window - this.asked.size, this.#perSpan - this.#inSpan);
  }

  /** Its maps have not been worth much: not asked before `#silentUntil`. */
  ignored(now: number): boolean {
    return now < this.#silentUntil;
  }

  sent(source: string, sequence: number, now: number): void {
    this.#inSpan += 1;
    this.asked.set(keyOf(source, sequence), { source, sequence, sentAt: now });
  }

  /** The data came from it. @returns false where it was not asked for */
  answered(source: string, sequence: number, now: number): boolean {
    this.#absent = 0;
    this.#answeredAt = now;
    this.#window = Math.min(MOST_WINDOW, this.#window + 1);
    return this.asked.delete(keyOf(source, sequence));
  }

  /** It says that it does not have it. */
  absent(source: string, sequence: number, now: number, ignoreMs: number): void {
    if (!this.asked.delete(keyOf(source, sequence))) return;
    this.#answeredAt = now;
    this.holds.get(source)?.delete(sequence);
    this.#absent += 1;
    if (this.#absent < MOST_ABSENT) return;
    this.#absent = 0;
    this.#silentUntil = now + ignoreMs;
    this.holds.clear();
  }

  /**
   * Requests without an answer: none came for `timeoutMs` since it last answered anything, or for five times that since this one was
   * sent (a peer of the field does not answer where it lacks the data).
   */
  expire(now: number, timeoutMs: number): { readonly source: string; readonly sequence: number }[] {
    const expired = [...this.asked.values()].filter(
      ({ sentAt }) => now - Math.max(sentAt, this.#answeredAt) >= timeoutMs || now - sentAt >= 5 * timeoutMs,
    );
    for (const { source, sequence } of expired) {
      this.asked.delete(keyOf(source, sequence));
      this.holds.get(source)?.delete(sequence);
    }
    if (expired.length > 0) this.#window = Math.max(1, this.#window >> 1);
    return expired;
  }

  /** This peer itself stood still for `ms`: that is not the other's silence. */
  stalled(ms: number): void {
    for (const request of this.asked.values()) request.sentAt += ms;
    if (this.mapAskedAt !== undefined) this.mapAskedAt += ms;
  }
}

export function keyOf(source: string, sequence: number): string {
  return `${sequence} ${source}`;
}

import type { UnisLimits, UnisSettings } from "./settings.js";

interface Measured {
  readonly milliseconds: number;
  /** When it was reported, in ms since the epoch. */
  readonly at: number;
}

/** Told of every change that is to outlive the process. */
export interface Journal {
  measured(pair: string, reporter: string, milliseconds: number, at: number): void;
  forgotten(pair: string, reporter: string): void;
}

/** Name of a pair of prefixes, whichever of them comes first: there and back is as long as back and there. */
export function pairOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/**
 * Round trips between prefixes, as their peers report them. A reporter has one voice per pair, the latest; the median of enough
 * of them counts, so that one who lies is outvoted; what is old is forgotten, what is too much drives the oldest out.
 */
export class Measurements {
  readonly #settings: UnisSettings;
  readonly #limits: UnisLimits;
  readonly #journal: Journal;
  /** By pair and reporter; what was reported last is last in each. */
  readonly #pairs = new Map<string, Map<string, Measured>>();
  /** Pairs by reporter, likewise. */
  readonly #reporters = new Map<string, Set<string>>();

  constructor(settings: UnisSettings, limits: UnisLimits, journal: Journal) {
    this.#settings = settings;
    this.#limits = limits;
    this.#journal = journal;
  }

  /** Pairs with measurements, old ones included until they are swept. */
  get size(): number {
    return this.#pairs.size;
  }

  add(pair: string, reporter: string, milliseconds: number, at: number): void {
    this.restore(pair, reporter, milliseconds, at);
    this.#journal.measured(pair, reporter, milliseconds, at);
    const { reportersPerPair, perReporter, pairs } = this.#limits;
    const voices = this.#pairs.get(pair);
    if (voices !== undefined && voices.size > reportersPerPair) this.#forget(pair, first(voices.keys()));
    const mine = this.#reporters.get(reporter);
    if (mine !== undefined && mine.size > perReporter) this.#forget(first(mine), reporter);
    if (this.#pairs.size > pairs) this.#forgetPair(first(this.#pairs.keys()));
  }

  /** Brings one back from the journal. To be called in the order of their reports. */
  restore(pair: string, reporter: string, milliseconds: number, at: number): void {
    const voices = this.#pairs.get(pair) ?? new Map<string, Measured>();
    const mine = this.#reporters.get(reporter) ?? new Set<string>();
    voices.delete(reporter);
    voices.set(reporter, { milliseconds, at });
    mine.delete(pair);
    mine.add(pair);
    this.#pairs.delete(pair);
    this.#pairs.set(pair, voices);
    this.#reporters.set(reporter, mine);
  }

  /** Milliseconds; undefined while fewer reporters than it takes have said something of late. */
  median(pair: string, now: number): number | undefined {
    const voices = this.#pairs.get(pair);
    if (voices === undefined || voices.size < this.#settings.quorum) return undefined;
    const oldest = now - this.#settings.maxAge * 1000;
    const fresh: number[] = [];
    for (const { milliseconds, at } of voices.values()) if (at > oldest) fresh.push(milliseconds);
    if (fresh.length < this.#settings.quorum) return undefined;
    fresh.sort((a, b) => a - b);
    const middle = fresh.length >> 1;
    const upper = fresh[middle] as number;
    return fresh.length % 2 === 1 ? upper : ((fresh[middle - 1] as number) + upper) / 2;
  }

  /** Forgets what is old: of as many pairs as told, those longest without a report first. */
  sweep(now: number, count = 1000): void {
    const oldest = now - this.#settings.maxAge * 1000;
    for (const [pair, voices] of this.#pairs) {
      if (count-- === 0) return;
      // Pairs are in the order of their last report: where that is fresh, so are all that follow.
      const newest = [...voices.values()].at(-1);
      if (newest !== undefined && newest.at > oldest) return;
      this.#forgetPair(pair);
    }
  }

  #forgetPair(pair: string): void {
    for (const reporter of [...(this.#pairs.get(pair)?.keys() ?? [])]) this.#forget(pair, reporter);
  }

  #forget(pair: string, reporter: string): void {
    const voices = this.#pairs.get(pair);
    voices?.delete(reporter);
    if (voices?.size === 0) this.#pairs.delete(pair);
    const mine = this.#reporters.get(reporter);
    mine?.delete(pair);
    if (mine?.size === 0) this.#reporters.delete(reporter);
    this.#journal.forgotten(pair, reporter);
  }
}

/** The first of some that are not none. */
function first<T>(all: Iterable<T>): T {
  for (const one of all) return one;
  throw new RangeError("there is none");
}

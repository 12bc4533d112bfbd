import type { FragmentSet } from "./fragment-set.js";

/** Fragments below this have their counts in an array, beyond in a map. */
const denseLimit = 2 ** 20;

/** Neighbouring fragments that as many peers hold. */
export type VisitSegment = (first: number, last: number, holders: number) => void;

/**
 * How many peers hold each fragment, kept up by every change [X.609.1 8.2.4]. What is kept is where the number changes, and by how much, so
 * that a run costs the same whatever its length.
 */
export class Distribution {
  #steps = new Int32Array(64);
  /** One more than the highest step in the array that may not be zero. */
  #top = 0;
  readonly #beyond = new Map<number, number>();
  #order: Float64Array | undefined;

  add(set: FragmentSet): void {
    this.#apply(set, 1);
  }

  remove(set: FragmentSet): void {
    this.#apply(set, -1);
  }

  /** The same as removing the one and adding the other, at the cost of what differs. */
  replace(before: FragmentSet, after: FragmentSet): void {
    const [old, now] = [before.bits, after.bits];
    if (old === undefined || now === undefined || old.first !== now.first) {
      this.remove(before);
      this.add(after);
      return;
    }
    const length = Math.max(old.words.length, now.words.length) + 1;
    let oldCarry = 0;
    let nowCarry = 0;
    for (let w = 0; w < length; w++) {
      const a = old.words[w] ?? 0;
      const b = now.words[w] ?? 0;
      const aBefore = (a << 1) | oldCarry;
      const bBefore = (b << 1) | nowCarry;
      oldCarry = a >>> 31;
      nowCarry = b >>> 31;
      for (let differing = (a ^ b) | (aBefore ^ bBefore); differing !== 0; differing &= differing - 1) {
        const bit = 31 - Math.clz32(differing & -differing);
        const step = ((b >>> bit) & 1) - ((bBefore >>> bit) & 1) - ((a >>> bit) & 1) + ((aBefore >>> bit) & 1);
        if (step !== 0) this.#step(now.first + w * 32 + bit, step);
      }
    }
  }

  /** Fragments that somebody holds, ascending. */
  visit(visit: VisitSegment): void {
    let holders = 0;
    let from = 0;
    const step = (at: number, by: number): void => {
      if (by === 0) return;
      if (holders > 0) visit(from, at - 1, holders);
      from = at;
      holders += by;
    };
    for (let at = 0; at < this.#top; at++) step(at, this.#steps[at] as number);
    if (this.#beyond.size === 0) return;
    this.#order ??= Float64Array.from(this.#beyond.keys()).sort();
    for (const at of this.#order) step(at, this.#beyond.get(at) ?? 0);
  }

  copy(): Distribution {
    const copy = new Distribution();
    copy.#steps = this.#steps.slice();
    copy.#top = this.#top;
    for (const [at, by] of this.#beyond) copy.#beyond.set(at, by);
    return copy;
  }

  #apply(set: FragmentSet, by: number): void {
    const { runs } = set;
    for (let i = 0; i < runs.length; i += 2) {
      this.#step(runs[i] as number, by);
      this.#step((runs[i + 1] as number) + 1, -by);
    }
  }

  #step(at: number, by: number): void {
    if (at < denseLimit) {
      if (at >= this.#steps.length) {
        const wider = new Int32Array(Math.max(at + 1, Math.min(denseLimit, this.#steps.length * 2)));
        wider.set(this.#steps);
        this.#steps = wider;
      }
      this.#steps[at] = (this.#steps[at] as number) + by;
      if (at >= this.#top) this.#top = at + 1;
      return;
    }
    const sum = (this.#beyond.get(at) ?? 0) + by;
    if (sum === 0) {
      this.#beyond.delete(at);
      this.#order = undefined;
    } else {
      if (!this.#beyond.has(at)) this.#order = undefined;
      this.#beyond.set(at, sum);
    }
  }

  /** Adds a step where counts are known by other means than sets. */
  step(at: number, by: number): void {
    if (by !== 0) this.#step(at, by);
  }
}

/** The distribution of `whole` without these sets. */
export function distributionWithout(whole: Distribution, sets: readonly FragmentSet[]): Distribution {
  const distribution = whole.copy();
  const scattered: FragmentSet[] = [];
  for (const set of sets) {
    if (set.bits === undefined) distribution.remove(set);
    else scattered.push(set);
  }
  distributionOf(scattered).visit((first, last, holders) => {
    distribution.step(first, -holders);
    distribution.step(last + 1, holders);
  });
  return distribution;
}

/** The distribution among these sets alone. Bits are counted in columns: a word of every set at a time, whatever is in it. */
export function distributionOf(sets: readonly FragmentSet[]): Distribution {
  const distribution = new Distribution();
  const scattered: { first: number; words: Uint32Array }[] = [];
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const set of sets) {
    const { bits } = set;
    if (bits === undefined) {
      distribution.add(set);
      continue;
    }
    scattered.push(bits);
    low = Math.min(low, bits.first);
    high = Math.max(high, bits.first + bits.words.length * 32);
  }
  // Sets far apart would leave columns empty.
  if (scattered.length < 16 || high - low > denseLimit) {
    for (const set of sets) if (set.bits !== undefined) distribution.add(set);
    return distribution;
  }
  const width = (high - low) / 32;
  const planes: Uint32Array[] = Array.from({ length: 33 - Math.clz32(scattered.length) }, () => new Uint32Array(width));
  const sevens = scattered.length - (scattered.length % 7);
  for (let i = 0; i < sevens; i += 7) addSeven(planes, scattered.slice(i, i + 7), low, width);
  for (const { first, words } of scattered.slice(sevens)) {
    for (let w = 0; w < words.length; w++) ripple(planes, 0, (first - low) / 32 + w, words[w] as number);
  }
  let before = 0;
  for (let at = 0; at < width * 32; at++) {
    let count = 0;
    for (let p = 0; p < planes.length; p++) {
      count += ((((planes[p] as Uint32Array)[at >>> 5] as number) >>> (at & 31)) & 1) * 2 ** p;
    }
    distribution.step(low + at, count - before);
    before = count;
  }
  distribution.step(high, -before);
  return distribution;
}

/** Adds a word of bits to the columns, from the plane of this weight on. */
function ripple(planes: readonly Uint32Array[], weight: number, at: number, bits: number): void {
  for (let p = weight, carry = bits; carry !== 0; p++) {
    const plane = planes[p] as Uint32Array;
    const had = plane[at] as number;
    plane[at] = had ^ carry;
    carry &= had;
  }
}

/** Adds seven sets at a time: four full adders make three bits of them, so that fewer words go to the columns. */
function addSeven(
  planes: readonly Uint32Array[],
  sets: readonly { readonly first: number; readonly words: Uint32Array }[],
  low: number,
  width: number,
): void {
  const [a, b, c, d, e, f, g] = sets.map(({ words }) => words) as unknown as Seven<Uint32Array>;
  const [sa, sb, sc, sd, se, sf, sg] = sets.map(({ first }) => (first - low) / 32) as unknown as Seven<number>;
  for (let w = 0; w < width; w++) {
    const x1 = (a[w - sa] as number) | 0;
    const x2 = (b[w - sb] as number) | 0;
    const x3 = (c[w - sc] as number) | 0;
    const x4 = (d[w - sd] as number) | 0;
    const x5 = (e[w - se] as number) | 0;
    const x6 = (f[w - sf] as number) | 0;
    const x7 = (g[w - sg] as number) | 0;
    const s1 = x1 ^ x2 ^ x3;
    const c1 = (x1 & x2) | (x3 & (x1 ^ x2));
    const s2 = x4 ^ x5 ^ x6;
    const c2 = (x4 & x5) | (x6 & (x4 ^ x5));
    const ones = s1 ^ s2 ^ x7;
    const c3 = (s1 & s2) | (x7 & (s1 ^ s2));
    ripple(planes, 0, w, ones);
    ripple(planes, 1, w, c1 ^ c2 ^ c3);
    ripple(planes, 2, w, (c1 & c2) | (c3 & (c1 ^ c2)));
  }
}

type Seven<T> = readonly [T, T, T, T, T, T, T];

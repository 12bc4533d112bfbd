import { countHeld, countOf, type Runs, union } from "./possession.js";

/** Fewer runs than this stay runs. */
const fewRuns = 32;

/** How a set is written down: runs, or octets of its bits in base64 behind the number of the first one, a multiple of 32. */
export type FragmentSetRow = Runs | { readonly first: number; readonly bits: string };

/**
 * Fragments that a peer holds, never changed. A few unbroken runs are kept as they are; what is scattered is kept as bits, 32 to a word,
 * where these take less room: 10,000 fragments in any order are 1.25 KB.
 */
export class FragmentSet {
  /** Number of fragments. */
  readonly count: number;
  /** The highest fragment; -1 where there is none. */
  readonly highest: number;
  readonly #runs: Runs | undefined;
  /** Number of the fragment at bit 0 of word 0. */
  readonly #first: number;
  readonly #words: Uint32Array;

  private constructor(count: number, highest: number, runs: Runs | undefined, first: number, words: Uint32Array) {
    this.count = count;
    this.highest = highest;
    this.#runs = runs;
    this.#first = first;
    this.#words = words;
  }

  static of(runs: Runs): FragmentSet {
    const highest = runs.at(-1) ?? -1;
    const first = (runs[0] ?? 0) - ((runs[0] ?? 0) % 32);
    const words = Math.floor((highest - first) / 32) + 1;
    if (runs.length < 2 * fewRuns || words > 2 * runs.length) {
      return new FragmentSet(countOf(runs), highest, runs, 0, noWords);
    }
    const bits = new Uint32Array(words);
    for (let i = 0; i < runs.length; i += 2) fill(bits, (runs[i] as number) - first, (runs[i + 1] as number) - first);
    return new FragmentSet(countOf(runs), highest, undefined, first, bits);
  }

  /** The bits, where it is kept as such. */
  get bits(): { readonly first: number; readonly words: Uint32Array } | undefined {
    return this.#runs === undefined ? { first: this.#first, words: this.#words } : undefined;
  }

  get runs(): Runs {
    if (this.#runs !== undefined) return this.#runs;
    const runs: number[] = [];
    let from = -1;
    for (let at = 0; at <= this.#words.length * 32; at++) {
      const held = at < this.#words.length * 32 && (((this.#words[at >>> 5] as number) >>> (at & 31)) & 1) === 1;
      if (held && from < 0) from = at;
      if (!held && from >= 0) {
        runs.push(this.#first + from, this.#first + at - 1);
        from = -1;
      }
    }
    return runs;
  }

  has(fragment: number): boolean {
    if (this.#runs !== undefined) return countHeld(this.#runs, [fragment, fragment]) === 1;
    const at = fragment - this.#first;
    if (at < 0 || at >= this.#words.length * 32) return false;
    return (((this.#words[at >>> 5] as number) >>> (at & 31)) & 1) === 1;
  }

  /** Number of the wanted fragments that are held. */
  countIn(wanted: FragmentSet): number {
    if (this.#runs !== undefined) return countHeld(this.#runs, wanted.runs);
    if (wanted.#runs === undefined) return this.#countCommon(wanted);
    let count = 0;
    const runs = wanted.#runs;
    for (let i = 0; i < runs.length; i += 2) {
      const first = Math.max(0, (runs[i] as number) - this.#first);
      const last = Math.min(this.#words.length * 32 - 1, (runs[i + 1] as number) - this.#first);
      count += countBits(this.#words, first, last);
    }
    return count;
  }

  holdsAll(wanted: FragmentSet): boolean {
    if (this.count < wanted.count || this.highest < wanted.highest) return false;
    if (this.#runs !== undefined) return this.countIn(wanted) === wanted.count;
    if (wanted.#runs === undefined) return this.#covers(wanted);
    const runs = wanted.#runs;
    for (let i = 0; i < runs.length; i += 2) {
      const first = (runs[i] as number) - this.#first;
      const last = (runs[i + 1] as number) - this.#first;
      if (first < 0 || last >= this.#words.length * 32 || !allSet(this.#words, first, last)) return false;
    }
    return true;
  }

  #covers(other: FragmentSet): boolean {
    const shift = (other.#first - this.#first) / 32;
    const own = this.#words;
    const wanted = other.#words;
    for (let w = 0; w < wanted.length; w++) {
      const at = w + shift;
      const held = at >= 0 && at < own.length ? (own[at] as number) : 0;
      if (((wanted[w] as number) & ~held) !== 0) return false;
    }
    return true;
  }

  #countCommon(other: FragmentSet): number {
    let count = 0;
    const shift = (other.#first - this.#first) / 32;
    const end = Math.min(this.#words.length, other.#words.length + shift);
    for (let w = Math.max(0, shift); w < end; w++) {
      count += onesIn((this.#words[w] as number) & (other.#words[w - shift] as number));
    }
    return count;
  }

  union(more: Runs): FragmentSet {
    return more.length === 0 ? this : FragmentSet.of(union(this.runs, more));
  }

  toJSON(): FragmentSetRow {
    if (this.#runs !== undefined) return this.#runs;
    const { buffer, byteOffset, byteLength } = this.#words;
    return { first: this.#first, bits: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
  }

  static restore(row: FragmentSetRow): FragmentSet {
    if (!("bits" in row)) return FragmentSet.of(row);
    const octets = Buffer.from(row.bits, "base64");
    const words = new Uint32Array(octets.length >>> 2);
    new Uint8Array(words.buffer).set(octets.subarray(0, words.length * 4));
    const set = new FragmentSet(0, -1, undefined, row.first, words);
    return FragmentSet.of(set.runs);
  }
}

const noWords = new Uint32Array(0);

/** Bits `from` to `to` of a word, both included. */
function mask(from: number, to: number): number {
  return ((0xffffffff << from) & (0xffffffff >>> (31 - to))) >>> 0;
}

function fill(words: Uint32Array, first: number, last: number): void {
  const [a, b] = [first >>> 5, last >>> 5];
  for (let w = a; w <= b; w++) {
    words[w] = (words[w] as number) | mask(w === a ? first & 31 : 0, w === b ? last & 31 : 31);
  }
}

function allSet(words: Uint32Array, first: number, last: number): boolean {
  const [a, b] = [first >>> 5, last >>> 5];
  for (let w = a; w <= b; w++) {
    const wanted = mask(w === a ? first & 31 : 0, w === b ? last & 31 : 31);
    if (((words[w] as number) & wanted) >>> 0 !== wanted) return false;
  }
  return true;
}

function countBits(words: Uint32Array, first: number, last: number): number {
  if (first > last) return 0;
  let count = 0;
  const [a, b] = [first >>> 5, last >>> 5];
  if (a === b) return onesIn((words[a] as number) & mask(first & 31, last & 31));
  count += onesIn((words[a] as number) & mask(first & 31, 31)) + onesIn((words[b] as number) & mask(0, last & 31));
  for (let w = a + 1; w < b; w++) count += onesIn((words[w] as number) | 0);
  return count;
}

function onesIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

import type { Buffermap, Run } from "../core/message.js";

/** Which fragments somebody holds: one bit each from a base on, which moves with the window of a stream. Limited in span. */
export class Possession {
  #words = new Uint32Array(8);
  /** A multiple of 32. */
  #base = 0;
  #floor = 0;
  #top = -1;
  #size = 0;
  readonly #span: number;

  /** @param span fragments between the lowest and the highest one, at most */
  constructor(span: number) {
    this.#span = Math.ceil(span / 32) * 32 + 32;
  }

  get size(): number {
    return this.#size;
  }

  /** The highest fragment ever added; -1 where none was. */
  get top(): number {
    return this.#top;
  }

  /** Nothing below is held. */
  get floor(): number {
    return this.#floor;
  }

  has(index: number): boolean {
    const at = index - this.#base;
    // Shifts wrap at 2^32.
    if (at < 0 || at >= this.#words.length * 32) return false;
    return (((this.#words[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
  }

  /** @returns false where it was there already, or lies outside of the span */
  add(index: number): boolean {
    if (index < this.#floor) return false;
    let at = index - this.#base;
    if (at >= this.#span) return false;
    if (at >>> 5 >= this.#words.length) this.#grow((at >>> 5) + 1);
    at = index - this.#base;
    const word = this.#words[at >>> 5] as number;
    const bit = 1 << (at & 31);
    if ((word & bit) !== 0) return false;
    this.#words[at >>> 5] = word | bit;
    this.#size += 1;
    if (index > this.#top) this.#top = index;
    return true;
  }

  delete(index: number): boolean {
    if (!this.has(index)) return false;
    const at = index - this.#base;
    this.#words[at >>> 5] = (this.#words[at >>> 5] as number) & ~(1 << (at & 31));
    this.#size -= 1;
    return true;
  }

  /** Gives up everything below. */
  dropBelow(floor: number): void {
    if (floor <= this.#floor) return;
    const end = Math.min(floor - 1, this.#top);
    for (let index = Math.max(this.#floor, this.#base); index <= end; index++) this.delete(index);
    this.#floor = floor;
    const shift = Math.floor((floor - this.#base) / 32);
    if (shift <= 0) return;
    if (shift >= this.#words.length) this.#words.fill(0);
    else {
      this.#words.copyWithin(0, shift);
      this.#words.fill(0, this.#words.length - shift);
    }
    this.#base += shift * 32;
  }

  /** Adds what of a run lies within the span, 32 at a time: for whose base does not move. */
  addRun(first: number, count: number): void {
    const from = Math.max(first, this.#floor) - this.#base;
    const end = Math.min(first + count - this.#base, this.#span);
    if (end <= from) return;
    if ((end - 1) >>> 5 >= this.#words.length) this.#grow(((end - 1) >>> 5) + 1);
    for (let at = from; at < end; ) {
      const bits = Math.min(32 - (at & 31), end - at);
      this.#join(at >>> 5, (bits === 32 ? -1 : (1 << bits) - 1) << (at & 31));
      at += bits;
    }
    this.#top = Math.max(this.#top, this.#base + end - 1);
  }

  /** 32 of them, one bit each, the lowest first: for whose base does not move. */
  word(at: number): number {
    return this.#words[at] ?? 0;
  }

  /** How many words may have a bit. */
  get words(): number {
    return Math.min(this.#words.length, Math.max(0, Math.floor((this.#top - this.#base) / 32) + 1));
  }

  /** How many are here and not there, both from the same base on. */
  countWithout(other: Possession): number {
    let count = 0;
    for (let at = 0; at < this.#words.length; at++) count += ones((this.#words[at] as number) & ~other.word(at));
    return count;
  }

  copy(): Possession {
    const copy = new Possession(this.#span - 32);
    copy.#words = this.#words.slice();
    [copy.#base, copy.#floor, copy.#top, copy.#size] = [this.#base, this.#floor, this.#top, this.#size];
    return copy;
  }

  /** What a buffermap names, from 0 on; it is within the span. */
  static of({ first, bits }: Buffermap, span: number): Possession {
    const map = new Possession(span);
    // Reaches into the word after the last one.
    map.#grow(((first + bits.length * 8) >>> 5) + 2);
    for (let octet = 0; octet < bits.length; octet++) {
      const value = reversed[bits[octet] as number] as number;
      if (value === 0) continue;
      const at = first + octet * 8;
      map.#join(at >>> 5, value << (at & 31));
      if ((at & 31) > 24) map.#join((at >>> 5) + 1, value >>> (32 - (at & 31)));
      map.#top = at + 31 - Math.clz32(value);
    }
    return map;
  }

  #join(word: number, bits: number): void {
    const before = this.#words[word] as number;
    this.#words[word] = before | bits;
    this.#size += ones(bits & ~before);
  }

  *indices(): Generator<number> {
    for (let at = 0; at < this.#words.length; at++) {
      let word = this.#words[at] as number;
      while (word !== 0) {
        const low = word & -word;
        yield this.#base + at * 32 + (31 - Math.clz32(low));
        word ^= low;
      }
    }
  }

  /** As a buffermap says it: `first` is the floor. */
  toBuffermap(): Buffermap {
    const first = this.#floor;
    const bits = new Uint8Array(Math.max(0, Math.ceil((this.#top + 1 - first) / 8)));
    if (first === this.#base) {
      for (let at = 0; at < bits.length; at++) {
        bits[at] = reversed[((this.#words[at >>> 2] ?? 0) >>> (8 * (at & 3))) & 255] as number;
      }
      return { type: "buffermap", first, bits };
    }
    for (const index of this.indices()) {
      const at = index - first;
      bits[at >>> 3] = (bits[at >>> 3] as number) | (0x80 >>> (at & 7));
    }
    return { type: "buffermap", first, bits };
  }

  #grow(words: number): void {
    const { length } = this.#words;
    const wanted = Math.min(Math.max(words, length * 2), Math.ceil(this.#span / 32) + 1);
    // A small span is in what is there from the beginning.
    if (wanted <= length) return;
    const grown = new Uint32Array(wanted);
    grown.set(this.#words);
    this.#words = grown;
  }
}

/** Octets with their bits in the other order. */
const reversed = Uint8Array.from({ length: 256 }, (_, octet) => {
  let value = 0;
  for (let bit = 0; bit < 8; bit++) if ((octet & (1 << bit)) !== 0) value |= 0x80 >>> bit;
  return value;
});

function ones(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Runs of numbers in the order given: what follows its predecessor joins it. */
export function runsInOrder(indices: Iterable<number>): Run[] {
  const runs: { first: number; count: number }[] = [];
  let last: { first: number; count: number } | undefined;
  for (const index of indices) {
    if (last !== undefined && index === last.first + last.count) last.count += 1;
    else {
      last = { first: index, count: 1 };
      runs.push(last);
    }
  }
  return runs;
}

/** Whether runs are whole numbers, in bounds, and name no more than so many fragments. */
export function areSane(runs: readonly Run[], most: number): boolean {
  let count = 0;
  for (const run of runs) {
    if (!Number.isSafeInteger(run.first) || !Number.isSafeInteger(run.count)) return false;
    if (run.first < 0 || run.count < 1 || run.first + run.count > Number.MAX_SAFE_INTEGER) return false;
    count += run.count;
    if (count > most) return false;
  }
  return true;
}

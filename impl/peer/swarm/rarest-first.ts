import type { Dice } from "./dice.js";
import type { Picker } from "./picker.js";
import type { Possession } from "./possession.js";

/** Steps through the buckets after which what the other end holds is looked through instead: of millions it may hold three, or none. */
const maxSteps = 4_096;
const maxFound = 1_024;

/**
 * FILE: the rarest fragment first, at random among equally rare ones. Open fragments stand in buckets by the number of links that hold
 * them, in random order; every change moves one entry between buckets in constant time, and a pick walks from the rarest on until it has
 * what it needs: a few steps, unless the other end holds little of what is rare.
 */
export class RarestFirst implements Picker {
  readonly #dice: Dice;
  readonly #most: number;
  readonly #buckets: number[][] = [];
  #counts = new Uint16Array(1024);
  /** Place in its bucket; -1: in none. */
  #places = new Int32Array(1024).fill(-1);
  /** Asked for or held, one bit each. */
  #closed = new Uint32Array(1024 / 32);
  #advised: number[] = [];
  #openCount = 0;

  /** @param most fragments there may be */
  constructor(dice: Dice, most: number) {
    this.#dice = dice;
    this.#most = most;
  }

  get openCount(): number {
    return this.#openCount;
  }

  claimed(index: number): boolean {
    this.#ensure(index);
    const count = this.#counts[index] as number;
    this.#leave(index);
    this.#counts[index] = count + 1;
    if (!this.isOpen(index)) return false;
    this.#enter(index);
    return true;
  }

  unclaimed(index: number): void {
    this.#leave(index);
    this.#counts[index] = (this.#counts[index] as number) - 1;
    this.#enter(index);
  }

  holders(index: number): number {
    return this.#counts[index] ?? 0;
  }

  close(index: number): void {
    this.#ensure(index);
    this.#leave(index);
    this.#closed[index >>> 5] = (this.#closed[index >>> 5] as number) | (1 << (index & 31));
  }

  open(index: number): void {
    this.#ensure(index);
    if (this.isOpen(index)) return;
    this.#closed[index >>> 5] = (this.#closed[index >>> 5] as number) & ~(1 << (index & 31));
    this.#enter(index);
  }

  isOpen(index: number): boolean {
    return index >= this.#counts.length || (((this.#closed[index >>> 5] as number) >>> (index & 31)) & 1) === 0;
  }

  advise(indices: readonly number[]): void {
    this.#advised = [...indices];
  }

  pick(theirs: Possession, most: number, skip: ((index: number) => boolean) | undefined): number[] {
    const picked: number[] = [];
    if (this.#advised.length > 0) this.#pickAdvised(theirs, most, skip, picked);
    let steps = 0;
    for (let count = 1; count < this.#buckets.length && picked.length < most; count++) {
      const bucket = this.#buckets[count];
      if (bucket === undefined) continue;
      for (let at = 0; at < bucket.length && picked.length < most; at++) {
        if (++steps > maxSteps) return this.#search(theirs, most, skip, picked);
        const index = bucket[at] as number;
        if (theirs.has(index) && !skip?.(index) && !picked.includes(index)) picked.push(index);
      }
    }
    return picked;
  }

  /** Of what is open and the other end holds, some from anywhere on: the rarest. */
  #search(
    theirs: Possession,
    most: number,
    skip: ((index: number) => boolean) | undefined,
    picked: readonly number[],
  ): number[] {
    const { words } = theirs;
    const found: { readonly index: number; readonly rank: number }[] = [];
    let at = words === 0 ? 0 : this.#dice.below(words);
    for (let left = words; left > 0 && found.length < Math.max(maxFound, most); left--) {
      let word = theirs.word(at) & ~(this.#closed[at] ?? 0);
      while (word !== 0) {
        const low = word & -word;
        word ^= low;
        const index = at * 32 + 31 - Math.clz32(low);
        if ((this.#places[index] ?? -1) < 0 || skip?.(index) || picked.includes(index)) continue;
        found.push({ index, rank: this.holders(index) * 2 ** 16 + this.#dice.below(2 ** 16) });
      }
      at = at + 1 === words ? 0 : at + 1;
    }
    found.sort((a, b) => a.rank - b.rank);
    return [...picked, ...found.slice(0, most - picked.length).map(({ index }) => index)];
  }

  #pickAdvised(
    theirs: Possession,
    most: number,
    skip: ((index: number) => boolean) | undefined,
    picked: number[],
  ): void {
    const open = this.#advised.filter((index) => (this.#places[index] ?? -1) >= 0 && theirs.has(index));
    open.sort((a, b) => this.holders(a) - this.holders(b));
    for (const index of open) if (picked.length < most && !skip?.(index)) picked.push(index);
  }

  #enter(index: number): void {
    const count = this.#counts[index] as number;
    if (count === 0 || !this.isOpen(index)) return;
    let bucket = this.#buckets[count];
    if (bucket === undefined) {
      bucket = [];
      this.#buckets[count] = bucket;
    }
    const place = this.#dice.below(bucket.length + 1);
    const displaced = bucket[place];
    if (displaced !== undefined) {
      this.#places[displaced] = bucket.length;
      bucket.push(displaced);
      bucket[place] = index;
    } else bucket.push(index);
    this.#places[index] = place;
    this.#openCount += 1;
  }

  #leave(index: number): void {
    const place = this.#places[index] ?? -1;
    if (place < 0) return;
    const bucket = this.#buckets[this.#counts[index] as number] as number[];
    const last = bucket.pop() as number;
    if (last !== index) {
      bucket[place] = last;
      this.#places[last] = place;
    }
    this.#places[index] = -1;
    this.#openCount -= 1;
  }

  #ensure(index: number): void {
    if (index < this.#counts.length) return;
    const length = Math.ceil(Math.max(index + 1, Math.min(this.#counts.length * 2, this.#most)) / 32) * 32;
    const counts = new Uint16Array(length);
    const places = new Int32Array(length).fill(-1);
    const closed = new Uint32Array(length / 32);
    counts.set(this.#counts);
    places.set(this.#places);
    closed.set(this.#closed);
    [this.#counts, this.#places, this.#closed] = [counts, places, closed];
  }
}

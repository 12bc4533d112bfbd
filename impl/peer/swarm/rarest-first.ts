import type { Picker } from "./picker.js";
import type { Possession } from "./possession.js";

/**
 * FILE: the rarest fragment first, at random among equally rare ones. Open fragments stand in buckets by the number of links that hold
 * them, in random order; every change moves one entry between buckets in constant time, and a pick walks from the rarest on until it has
 * what it needs: a few steps, unless the other end holds little of what is rare.
 */
export class RarestFirst implements Picker {
  readonly #random: () => number;
  readonly #buckets: number[][] = [];
  #counts = new Uint16Array(1024);
  /** Place in its bucket; -1: in none. */
  #places = new Int32Array(1024).fill(-1);
  /** 1: asked for or held. */
  #closed = new Uint8Array(1024);
  #advised: number[] = [];
  #openCount = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get openCount(): number {
    return this.#openCount;
  }

  claimed(index: number): boolean {
    this.#ensure(index);
    const count = this.#counts[index] as number;
    this.#leave(index);
    this.#counts[index] = count + 1;
    if (this.#closed[index] === 1) return false;
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
    this.#closed[index] = 1;
  }

  open(index: number): void {
    this.#ensure(index);
    if (this.#closed[index] === 0) return;
    this.#closed[index] = 0;
    this.#enter(index);
  }

  isOpen(index: number): boolean {
    return (this.#closed[index] ?? 0) === 0;
  }

  advise(indices: readonly number[]): void {
    this.#advised = [...indices];
  }

  pick(theirs: Possession, most: number, skip: ((index: number) => boolean) | undefined): number[] {
    const picked: number[] = [];
    if (this.#advised.length > 0) this.#pickAdvised(theirs, most, skip, picked);
    for (let count = 1; count < this.#buckets.length && picked.length < most; count++) {
      const bucket = this.#buckets[count];
      if (bucket === undefined) continue;
      for (let at = 0; at < bucket.length && picked.length < most; at++) {
        const index = bucket[at] as number;
        if (theirs.has(index) && !skip?.(index) && !picked.includes(index)) picked.push(index);
      }
    }
    return picked;
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
    if (count === 0 || this.#closed[index] === 1) return;
    let bucket = this.#buckets[count];
    if (bucket === undefined) {
      bucket = [];
      this.#buckets[count] = bucket;
    }
    const place = Math.floor(this.#random() * (bucket.length + 1));
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
    const length = Math.max(index + 1, this.#counts.length * 2);
    const [counts, places, closed] = [new Uint16Array(length), new Int32Array(length).fill(-1), new Uint8Array(length)];
    counts.set(this.#counts);
    places.set(this.#places);
    closed.set(this.#closed);
    [this.#counts, this.#places, this.#closed] = [counts, places, closed];
  }
}

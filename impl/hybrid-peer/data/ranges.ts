/** Inclusive. */
export type Range = readonly [from: number, to: number];

/**
 * A set of whole numbers as ranges, ascending, that do not touch. Takes the next number, and gives up the first, in constant time; everything else
 * costs a binary search, and moves what lies behind it.
 */
export class RangeSet {
  /** from, to, from, to, … */
  #bounds: number[] = [];
  #size = 0;

  static of(ranges: Iterable<Range>): RangeSet {
    const set = new RangeSet();
    for (const [from, to] of ranges) set.addRange(from, to);
    return set;
  }

  /** How many numbers. */
  get size(): number {
    return this.#size;
  }

  /** How many ranges. */
  get count(): number {
    return this.#bounds.length / 2;
  }

  get min(): number | undefined {
    return this.#bounds[0];
  }

  get max(): number | undefined {
    return this.#bounds[this.#bounds.length - 1];
  }

  has(n: number): boolean {
    const from = this.#bounds[this.#at(n)];
    return from !== undefined && from <= n;
  }

  /** @returns false where it was there */
  add(n: number): boolean {
    const bounds = this.#bounds;
    const last = bounds[bounds.length - 1];
    if (last !== undefined && n === last + 1) bounds[bounds.length - 1] = n;
    else if (last === undefined || n > last) bounds.push(n, n);
    else {
      const at = this.#at(n);
      const from = bounds[at] as number;
      if (from <= n) return false;
      const joinsNext = from === n + 1;
      const joinsPrevious = at > 0 && bounds[at - 1] === n - 1;
      if (joinsNext && joinsPrevious) bounds.splice(at - 1, 2);
      else if (joinsNext) bounds[at] = n;
      else if (joinsPrevious) bounds[at - 1] = n;
      else bounds.splice(at, 0, n, n);
    }
    this.#size += 1;
    return true;
  }

  addRange(from: number, to: number): void {
    if (to < from) return;
    const bounds = this.#bounds;
    // The first range that this one overlaps or touches, and the first behind it that it does not.
    const first = this.#at(from - 1);
    let end = first;
    let low = from;
    let high = to;
    while (end < bounds.length && (bounds[end] as number) <= to + 1) {
      low = Math.min(low, bounds[end] as number);
      high = Math.max(high, bounds[end + 1] as number);
      this.#size -= (bounds[end + 1] as number) - (bounds[end] as number) + 1;
      end += 2;
    }
    bounds.splice(first, end - first, low, high);
    this.#size += high - low + 1;
  }

  /** @returns false where it was not there */
  delete(n: number): boolean {
    const at = this.#at(n);
    const from = this.#bounds[at];
    if (from === undefined || from > n) return false;
    const to = this.#bounds[at + 1] as number;
    if (from === to) {
      if (at === 0) {
        this.#bounds.shift();
        this.#bounds.shift();
      } else this.#bounds.splice(at, 2);
    } else if (n === from) this.#bounds[at] = n + 1;
    else if (n === to) this.#bounds[at + 1] = n - 1;
    else this.#bounds.splice(at + 1, 0, n - 1, n + 1);
    this.#size -= 1;
    return true;
  }

  deleteRange(from: number, to: number): void {
    if (to < from) return;
    const kept: number[] = [];
    const first = this.#at(from);
    let end = first;
    while (end < this.#bounds.length && (this.#bounds[end] as number) <= to) {
      const low = this.#bounds[end] as number;
      const high = this.#bounds[end + 1] as number;
      this.#size -= Math.min(high, to) - Math.max(low, from) + 1;
      if (low < from) kept.push(low, from - 1);
      if (high > to) kept.push(to + 1, high);
      end += 2;
    }
    if (end > first) this.#bounds.splice(first, end - first, ...kept);
  }

  /** The range that `n` is in. */
  around(n: number): Range | undefined {
    const at = this.#at(n);
    const from = this.#bounds[at];
    return from === undefined || from > n ? undefined : [from, this.#bounds[at + 1] as number];
  }

  /** How many of `from`…`to` are in the set. */
  countIn(from: number, to: number): number {
    let count = 0;
    for (let at = this.#at(from); at < this.#bounds.length; at += 2) {
      const low = Math.max(from, this.#bounds[at] as number);
      if (low > to) break;
      count += Math.min(to, this.#bounds[at + 1] as number) - low + 1;
    }
    return count;
  }

  /** Ascending; the set is not to be changed meanwhile. */
  *ranges(): Generator<Range> {
    for (let at = 0; at < this.#bounds.length; at += 2)
      yield [this.#bounds[at] as number, this.#bounds[at + 1] as number];
  }

  /** What is between the ranges, ascending; the set is not to be changed meanwhile. */
  *holes(): Generator<Range> {
    for (let at = 1; at + 1 < this.#bounds.length; at += 2) {
      yield [(this.#bounds[at] as number) + 1, (this.#bounds[at + 1] as number) - 1];
    }
  }

  /** What of `from`…`to` is not in the set, ascending; the set is not to be changed meanwhile. */
  *lackingIn(from: number, to: number): Generator<Range> {
    let low = from;
    for (let at = this.#at(from); at < this.#bounds.length && low <= to; at += 2) {
      const start = this.#bounds[at] as number;
      if (start > to) break;
      if (start > low) yield [low, start - 1];
      low = (this.#bounds[at + 1] as number) + 1;
    }
    if (low <= to) yield [low, to];
  }

  /** What is in this set and not in `other`, ascending; neither is to be changed meanwhile. */
  *without(other: RangeSet | undefined): Generator<Range> {
    for (const range of this.ranges()) {
      if (other === undefined) yield range;
      else yield* other.lackingIn(range[0], range[1]);
    }
  }

  /** Index of the first bound pair that ends at `n` or above. */
  #at(n: number): number {
    const bounds = this.#bounds;
    let low = 0;
    let high = bounds.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((bounds[2 * middle + 1] as number) < n) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  }
}

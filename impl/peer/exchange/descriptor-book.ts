import type { Descriptor, Descriptors } from "../core/message.js";

/** What the source peer said of each fragment, in the batches in which it said it. */
export class DescriptorBook {
  /** Ascending by `first`, none twice. */
  readonly #batches: Descriptors[] = [];

  /** @returns false where all of it was known */
  add(descriptors: Descriptors): boolean {
    const { first, items } = descriptors;
    // A source peer may sign any number of batches of the same fragments: what says nothing new is not kept.
    if (items.every((_, at) => this.of(first + at) !== undefined)) return false;
    this.#batches.splice(this.#position(first), 0, descriptors);
    return true;
  }

  of(index: number): Descriptor | undefined {
    for (let at = this.#position(index) - 1; at >= 0; at--) {
      const { first, items } = this.#batches[at] as Descriptors;
      const item = items[index - first];
      if (item !== undefined) return item;
      // Batches have 1,024 items at most: whatever begins further below ends below.
      if (first + 1024 < index) return undefined;
    }
    return undefined;
  }

  drop(below: number): void {
    let count = 0;
    for (const { first, items } of this.#batches) {
      if (first + items.length > below) break;
      count++;
    }
    if (count > 0) this.#batches.splice(0, count);
  }

  /** How many batches begin at or before this index. */
  #position(index: number): number {
    let [low, high] = [0, this.#batches.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#batches[middle] as Descriptors).first <= index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

import type { Descriptor, Descriptors } from "../core/message.js";

/** What the source peer said of each fragment, in the batches in which it said it. */
export class DescriptorBook {
  /** Ascending by `first`, none twice. */
  readonly #batches: Descriptors[] = [];

  /** @returns false where all of it was known */
  add(descriptors: Descriptors): boolean {
    const at = this.#position(descriptors.first);
    const same = this.#batches[at - 1];
    if (same?.first === descriptors.first && same.items.length >= descriptors.items.length) return false;
    this.#batches.splice(at, 0, descriptors);
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

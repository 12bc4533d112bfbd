import type { Descriptor, Descriptors } from "../core/message.js";

interface Entry {
  readonly descriptor: Descriptor;
  /** As it came, for handing on. */
  readonly message: Descriptors;
}

/** What the source peer said of the fragments, as far as it was found genuine. The first word on a fragment stands. */
export class DescriptorBook {
  readonly #entries = new Map<number, Entry>();
  readonly #fragmentSize: number;
  #total: number | undefined;

  /** @param fragmentSize octets of a fragment at most */
  constructor(fragmentSize: number) {
    this.#fragmentSize = fragmentSize;
  }

  /** Fragments that there are, once the last one is described. */
  get total(): number | undefined {
    return this.#total;
  }

  get(index: number): Descriptor | undefined {
    return this.#entries.get(index)?.descriptor;
  }

  messageOf(index: number): Descriptors | undefined {
    return this.#entries.get(index)?.message;
  }

  /** Octets of a fragment, or of the largest one where nothing is known of it. */
  sizeOf(index: number): number {
    return this.#entries.get(index)?.descriptor.size ?? this.#fragmentSize;
  }

  /** Whether this very message is known: nothing to verify. */
  has(message: Descriptors): boolean {
    const known = this.#entries.get(message.first)?.message;
    return known === message || (known !== undefined && isSame(known, message));
  }

  /** Whether it can be meant: numbers in bounds, sizes a fragment's, nothing after the last. */
  isSane(message: Descriptors, maxFragments: number): boolean {
    const { first, items } = message;
    if (!Number.isSafeInteger(first) || first < 0 || items.length === 0 || first + items.length > maxFragments)
      return false;
    return items.every(
      ({ size, last }, at) => size > 0 && size <= this.#fragmentSize && (!last || at === items.length - 1),
    );
  }

  /** Takes a genuine message. @returns fragments described for the first time */
  add(message: Descriptors): number[] {
    const fresh: number[] = [];
    for (const [at, descriptor] of message.items.entries()) {
      const index = message.first + at;
      if (this.#entries.has(index)) continue;
      this.#entries.set(index, { descriptor, message });
      if (descriptor.last) this.#total ??= index + 1;
      fresh.push(index);
    }
    return fresh;
  }

  dropBelow(floor: number): void {
    // Entries came about in ascending order, nearly: the first that stays ends the search, stragglers go with a later one.
    for (const index of this.#entries.keys()) {
      if (index >= floor) break;
      this.#entries.delete(index);
    }
  }
}

function isSame(a: Descriptors, b: Descriptors): boolean {
  if (a.items.length !== b.items.length || a.signature.length !== b.signature.length) return false;
  if (!a.signature.every((octet, at) => octet === b.signature[at])) return false;
  return a.items.every((item, at) => {
    const other = b.items[at];
    return (
      other !== undefined &&
      item.size === other.size &&
      item.time === other.time &&
      item.last === other.last &&
      item.digest.every((octet, place) => octet === other.digest[place])
    );
  });
}

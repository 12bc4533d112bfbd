import type { IndexFile } from "../../generated/ixs/types.js";

/** A session in the index. */
export interface Entry {
  /** What says which session it is [E-DS-09]. */
  readonly key: string;
  /** Grows with each registration: the order of answers. */
  readonly sequence: number;
  /** What is kept of the owner's token. */
  readonly proof: string;
  /** Address that it was registered from; undefined where none is counted. */
  readonly origin: string | undefined;
  /** The newest version on disk: what queries see. Undefined until the registration is. */
  file: IndexFile | undefined;
  /** The newest version accepted, on its way to the disk or there: what the next update has to be newer than. */
  staged: IndexFile;
  /** Octets of `staged` as JSON. */
  octets: number;
  /** Octets of `file` as JSON. */
  fileOctets: number;
  /** Milliseconds since the epoch; infinite where it has no end. */
  expiresAt: number;
  scheduledAt: number;
  /** No longer in the index: what is still under way for it changes nothing. */
  gone: boolean;
}

/** Entries in the order of their registration. */
export class Shelf {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    this.#entries.splice(this.#place(entry.sequence), 0, entry);
  }

  remove(entry: Entry): void {
    const at = this.#place(entry.sequence);
    if (this.#entries[at] === entry) this.#entries.splice(at, 1);
  }

  /** Those registered after the one with this sequence number. */
  *after(sequence: number): IterableIterator<Entry> {
    for (let at = this.#place(sequence + 1); at < this.#entries.length; at++) yield this.#entries[at] as Entry;
  }

  /** Where the first entry is whose sequence number is not smaller. */
  #place(sequence: number): number {
    const last = this.#entries.at(-1);
    if (last === undefined || last.sequence < sequence) return this.#entries.length;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] as Entry).sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

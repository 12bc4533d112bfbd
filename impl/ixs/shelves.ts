import type { IndexFile } from "../../generated/ixs/types.js";
import { type Entry, Shelf } from "./entry.js";

/** What index files can be asked for by, beside their version [X.609.10 8.6 e]. */
const members = ["title", "data_source_id", "data_id"] as const;

export type Wanted = { readonly [K in (typeof members)[number]]?: string };

/** The index files that queries see, by each key of a query. */
export class Shelves {
  readonly all = new Shelf();
  readonly #by = { title: new Map(), data_source_id: new Map(), data_id: new Map() } as Readonly<
    Record<(typeof members)[number], Map<string, Shelf>>
  >;

  /** Shows a file that was not seen before, or in another version. */
  show(entry: Entry, before: IndexFile | undefined, file: IndexFile): void {
    if (before === undefined) this.all.add(entry);
    for (const member of members) {
      if (before?.[member] === file[member]) continue;
      if (before !== undefined) this.#take(member, before[member], entry);
      let shelf = this.#by[member].get(file[member]);
      if (shelf === undefined) {
        shelf = new Shelf();
        this.#by[member].set(file[member], shelf);
      }
      shelf.add(entry);
    }
  }

  hide(entry: Entry, file: IndexFile): void {
    this.all.remove(entry);
    for (const member of members) this.#take(member, file[member], entry);
  }

  /**
   * Entries registered after a sequence number, and whether they have everything named. Those that have not are given too, so that
   * whoever looks can stop looking.
   */
  *look(wanted: Wanted, after: number): IterableIterator<[entry: Entry, fits: boolean]> {
    let shelf: Shelf | undefined = this.all;
    for (const member of members) {
      const value = wanted[member];
      if (value === undefined) continue;
      const narrower = this.#by[member].get(value);
      if (narrower === undefined) return;
      if (narrower.size < shelf.size) shelf = narrower;
    }
    for (const entry of shelf.after(after)) {
      const { file } = entry;
      if (file === undefined) continue;
      yield [entry, members.every((member) => wanted[member] === undefined || wanted[member] === file[member])];
    }
  }

  /** All entries that have everything named. */
  *find(wanted: Wanted): IterableIterator<Entry> {
    for (const [entry, fits] of this.look(wanted, 0)) if (fits) yield entry;
  }

  #take(member: (typeof members)[number], value: string, entry: Entry): void {
    const shelf = this.#by[member].get(value);
    shelf?.remove(entry);
    if (shelf?.size === 0) this.#by[member].delete(value);
  }
}

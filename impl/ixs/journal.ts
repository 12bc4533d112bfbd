import type { IndexFile } from "../../generated/ixs/types.js";
import type { Store, Table } from "../store/store.js";
import type { IxsCore, Journal } from "./core.js";
import type { Entry } from "./entry.js";

interface Row {
  sequence: number;
  proof: string;
  file: IndexFile;
  /** Address that it was registered from. */
  origin?: string;
  /** Milliseconds since the epoch; left out where it has no end. */
  until?: number;
}

/** The index as a table of a store: one row for each session. */
export class StoreJournal implements Journal {
  readonly #files: Table<Row>;

  constructor(store: Store) {
    this.#files = store.table("ixs_files");
  }

  kept({ key, sequence, proof, origin, expiresAt }: Entry, file: IndexFile): void {
    this.#files.put(key, {
      ...{ sequence, proof, file },
      ...(origin === undefined ? {} : { origin }),
      ...(Number.isFinite(expiresAt) ? { until: expiresAt } : {}),
    });
  }

  removed(key: string): void {
    this.#files.delete(key);
  }

  /**
   * Fills a new core with what the store holds.
   *
   * @throws TypeError where it was written under another reading of what says of which session a file is
   */
  load(core: IxsCore): void {
    const rows = [...this.#files.load()];
    rows.sort(([, a], [, b]) => a.sequence - b.sequence);
    for (const [key, { sequence, proof, file, origin, until = Number.POSITIVE_INFINITY }] of rows) {
      if (core.keyOf(file) !== key) {
        throw new TypeError(`the store was written under another reading of key than ${core.readings.key} (E-DS-09)`);
      }
      core.load({ sequence, proof, file, origin, expiresAt: until });
    }
  }
}

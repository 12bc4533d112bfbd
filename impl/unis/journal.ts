import type { Store, Table } from "../store/store.js";
import type { Journal, Measurements } from "./measurements.js";

interface Row {
  ms: number;
  at: number;
}

/** Measurements as a table of a store: soft state, written within its window. */
export class StoreJournal implements Journal {
  readonly #trips: Table<Row>;

  constructor(store: Store) {
    this.#trips = store.table("unis_round_trips");
  }

  measured(pair: string, reporter: string, ms: number, at: number): void {
    this.#trips.put(JSON.stringify([pair, reporter]), { ms, at });
  }

  forgotten(pair: string, reporter: string): void {
    this.#trips.delete(JSON.stringify([pair, reporter]));
  }

  load(measurements: Measurements): void {
    const rows = [...this.#trips.load()].sort(([, a], [, b]) => a.at - b.at);
    for (const [key, { ms, at }] of rows) {
      const [pair, reporter] = JSON.parse(key) as [string, string];
      measurements.restore(pair, reporter, ms, at);
    }
  }
}

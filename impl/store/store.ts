/**
 * Where entities keep their state.
 *
 * Entities serve from memory; a store is the journal behind them: it is read once at start, and every change is queued
 * into it. Queued changes reach the disk in groups, so a thousand requests share one transaction. An entity that must
 * not forget what it acknowledged (a registration, a creation, a removal) awaits {@link Store.commit} before it answers;
 * soft state (a periodic report, a refresh) is put without waiting and reaches the disk within the store's soft window.
 */
export interface Store {
  /** The table of this name (lower case, digits, underscores); made when it is not there yet. The same name gives the same table. */
  table<V>(name: string): Table<V>;
  /**
   * Resolves when everything queued before the call is durable. Rejects when it cannot be made so: then nothing of the
   * group is on disk, and it stays queued, to be written with the next group. An entity that takes its change back
   * queues the opposite; the last change of a key wins.
   */
  commit(): Promise<void>;
  /** Makes what is queued durable and releases the file. Further calls reject (or throw, where they answer at once). */
  close(): Promise<void>;
  /** Figures for `/metrics` and `/healthz`; a live view. */
  readonly statistics: StoreStatistics;
}

/** A durable map from a string key to a value that JSON can carry. */
export interface Table<V> {
  /** Every row, for loading at start, in any order. What was queued through this store is included. */
  load(): IterableIterator<[key: string, value: V]>;
  /** Queues a row. The value is serialised when its group is written: later changes of the same object ride along. */
  put(key: string, value: V): void;
  delete(key: string): void;
}

export interface StoreStatistics {
  /** Groups written. */
  readonly groups: number;
  /** Rows written or deleted. */
  readonly rows: number;
  /** Groups that could not be written. */
  readonly failures: number;
  /** Seconds spent writing, all groups together. */
  readonly seconds: number;
  /** Rows queued and not yet durable. */
  readonly pending: number;
  /** Why the last group failed; undefined as soon as one succeeds. */
  readonly lastError: Error | undefined;
}

/** How long and how much a store may gather before it writes. */
export interface StoreOptions {
  /** Milliseconds after which rows that nobody awaits are written: what a crash can lose of them. Default 500. */
  softWindowMs?: number;
  /** Queued rows that start a write at once, so that no group blocks the process for long. Default 2000. */
  groupRows?: number;
  /** Told of each group that could not be written; it is tried again after the soft window. */
  onError?: (error: Error) => void;
}

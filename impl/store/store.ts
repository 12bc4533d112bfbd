/**
 * Where entities keep their state.
 *
 * Entities serve from memory; a store is the journal behind them: it is read once at start, and every change is queued
 * into it. Queued changes reach the disk in groups, so a thousand requests share one transaction. An entity that must
 * not forget what it acknowledged (a registration, a creation, a removal) awaits {@link Store.commit} before it answers;
 * soft state (a periodic report, a refresh) is put without waiting and reaches the disk within the store's soft window.
 */
export interface Store {
  /** The table of this name; made when it is not there yet. The same name gives the same table. */
  table<V>(name: string): Table<V>;
  /** Resolves when everything queued before the call is durable; rejects, and changes nothing on disk, when it cannot be. */
  commit(): Promise<void>;
  /** Makes what is queued durable and releases the file. Further calls reject. */
  close(): Promise<void>;
}

/** A durable map from a string key to a value that JSON can carry. */
export interface Table<V> {
  /** Every row, for loading at start. What was queued through this store is included. */
  load(): IterableIterator<[key: string, value: V]>;
  /** Queues a row. The value is serialised when its group is written: later changes of the same object ride along. */
  put(key: string, value: V): void;
  delete(key: string): void;
}

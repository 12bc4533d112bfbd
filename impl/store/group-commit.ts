import { StoreError } from "./errors.js";
import type { StoreOptions, StoreStatistics } from "./store.js";

/** Changes of one group, by table and key; undefined deletes. Values are JSON texts. */
export type Group = ReadonlyMap<string, ReadonlyMap<string, string | undefined>>;

/** What is durable: an adapter's own part. */
export interface Sink {
  /** Writes the whole group or throws and writes nothing of it. */
  write(group: Group): void;
  close(): void;
}

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

const deleted = Symbol("deleted");

/** Gathers changes, the last of each key, and writes them in groups: at the end of the turn when somebody waits, else after the soft window. */
export class GroupCommit {
  readonly statistics: { -readonly [K in keyof StoreStatistics]: StoreStatistics[K] } = {
    groups: 0,
    rows: 0,
    failures: 0,
    seconds: 0,
    pending: 0,
    lastError: undefined,
  };
  readonly #sink: Sink;
  readonly #softWindowMs: number;
  readonly #groupRows: number;
  readonly #onError: (error: Error) => void;
  #changes = new Map<string, Map<string, unknown>>();
  #waiters: Waiter[] = [];
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(sink: Sink, options: StoreOptions = {}) {
    this.#sink = sink;
    this.#softWindowMs = options.softWindowMs ?? 500;
    this.#groupRows = options.groupRows ?? 2000;
    this.#onError = options.onError ?? (() => {});
  }

  put(table: string, key: string, value: unknown): void {
    this.assertOpen();
    let rows = this.#changes.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#changes.set(table, rows);
    }
    const before = rows.size;
    rows.set(key, value);
    if (rows.size === before) return;
    this.statistics.pending++;
    if (this.statistics.pending >= this.#groupRows) this.#flushSoon();
    else this.#timer ??= setTimeout(() => this.#attempt(), this.#softWindowMs);
  }

  delete(table: string, key: string): void {
    this.put(table, key, deleted);
  }

  commit(): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.statistics.pending === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#flushSoon();
    });
  }

  /** Writes at once; throws what {@link commit} would reject with. */
  flush(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    const waiters = this.#waiters;
    this.#waiters = [];
    try {
      this.#write();
    } catch (error) {
      const failure = new StoreError("ERR_STORE_WRITE", `the store could not be written: ${reason(error)}`, {
        cause: error,
      });
      this.statistics.failures++;
      this.statistics.lastError = failure;
      if (!this.#closed) this.#timer ??= setTimeout(() => this.#attempt(), this.#softWindowMs);
      for (const waiter of waiters) waiter.reject(failure);
      throw failure;
    }
    for (const waiter of waiters) waiter.resolve();
  }

  async close(): Promise<void> {
    this.assertOpen();
    this.#closed = true;
    try {
      this.flush();
    } finally {
      this.#sink.close();
    }
  }

  assertOpen(): void {
    if (this.#closed) throw closedError();
  }

  #write(): void {
    const { statistics } = this;
    if (statistics.pending === 0) return;
    const started = performance.now();
    const group = new Map<string, Map<string, string | undefined>>();
    for (const [table, rows] of this.#changes) {
      const texts = new Map<string, string | undefined>();
      for (const [key, value] of rows)
        texts.set(key, value === deleted ? undefined : this.#serialise(table, key, value));
      group.set(table, texts);
    }
    // The changes are let go only when they are on disk: a group that fails is tried again with what has come since.
    this.#sink.write(group);
    statistics.groups++;
    statistics.rows += statistics.pending;
    statistics.pending = 0;
    statistics.seconds += (performance.now() - started) / 1000;
    statistics.lastError = undefined;
    this.#changes = new Map();
  }

  #serialise(table: string, key: string, value: unknown): string {
    let cause: unknown;
    try {
      const text = JSON.stringify(value);
      if (text !== undefined) return text;
    } catch (error) {
      cause = error;
    }
    // A value that JSON cannot carry never will be written: it must not hold up the rows that can.
    this.#changes.get(table)?.delete(key);
    this.statistics.pending--;
    throw new TypeError(`the value of ${table}/${key} cannot be written as JSON`, { cause });
  }

  #flushSoon(): void {
    this.#immediate ??= setImmediate(() => this.#attempt());
  }

  #attempt(): void {
    try {
      this.flush();
    } catch (error) {
      this.#onError(error as Error);
    }
  }
}

function closedError(): StoreError {
  return new StoreError("ERR_STORE_CLOSED", "the store is closed");
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

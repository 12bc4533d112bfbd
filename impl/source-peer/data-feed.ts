import type { PayloadType } from "../../generated/ldmp/index.js";

/** Data that a registered data source posted [X.609.8 7.4]. */
export interface PostedData {
  readonly sourceId: number;
  readonly messageId: number;
  readonly payloadType: PayloadType;
  /** Empty when the POST carried none. */
  readonly payload: Uint8Array;
  /** When it arrived, ms since the epoch. */
  readonly at: number;
}

export type DataListener = (data: PostedData) => void;

/** Hands posted data to whoever wants them. */
export interface DataFeed {
  publish(data: PostedData): void;
  /** Gives back what ends it. A listener that throws is reported and stays. */
  listen(listener: DataListener): () => void;
  /** Ends with the feed, with `signal`, or by leaving the loop. A reader that falls `capacity` behind loses the oldest. */
  iterate(options?: { signal?: AbortSignal; capacity?: number }): AsyncIterableIterator<PostedData>;
  close(): void;
  /** Data that slow readers have lost. */
  readonly lost: number;
}

export function createDataFeed(onError: (error: unknown) => void): DataFeed {
  const listeners = new Set<DataListener>();
  const ends = new Set<() => void>();
  let closed = false;
  let lost = 0;

  const listen = (listener: DataListener): (() => void) => {
    // Wrapped, so that the same function may listen twice.
    const own: DataListener = (data) => listener(data);
    listeners.add(own);
    return () => {
      listeners.delete(own);
    };
  };

  return {
    get lost() {
      return lost;
    },
    publish(data) {
      for (const listener of listeners) {
        try {
          listener(data);
        } catch (error) {
          onError(error);
        }
      }
    },
    listen,
    iterate({ signal, capacity = 1024 } = {}) {
      const queue: PostedData[] = [];
      const readers: ((result: IteratorResult<PostedData>) => void)[] = [];
      let over = closed || signal?.aborted === true;
      const unlisten = listen((data) => {
        const reader = readers.shift();
        if (reader !== undefined) return reader({ done: false, value: data });
        if (queue.push(data) > capacity) {
          queue.shift();
          lost++;
        }
      });
      const end = (): void => {
        over = true;
        unlisten();
        ends.delete(end);
        signal?.removeEventListener("abort", end);
        for (const reader of readers.splice(0)) reader({ done: true, value: undefined });
      };
      if (over) end();
      else {
        ends.add(end);
        signal?.addEventListener("abort", end);
      }
      return {
        next() {
          const value = queue.shift();
          if (value !== undefined) return Promise.resolve({ done: false, value });
          if (over) return Promise.resolve({ done: true, value: undefined });
          return new Promise((resolve) => readers.push(resolve));
        },
        return() {
          queue.length = 0;
          end();
          return Promise.resolve({ done: true, value: undefined });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    close() {
      closed = true;
      for (const end of [...ends]) end();
      listeners.clear();
    },
  };
}

import { createStore } from "./create-store.js";
import type { Sink } from "./group-commit.js";
import type { Store, StoreOptions } from "./store.js";

/** What a memory store counts as its disk: hand the same one to a second store to see what a restart would. */
export type MemoryDisk = Map<string, Map<string, string>>;

/** Keeps everything in this process, for tests and trials. It takes the same path as a durable store, groups included. */
export function createMemoryStore(options: StoreOptions & { disk?: MemoryDisk } = {}): Store {
  const disk: MemoryDisk = options.disk ?? new Map();
  const rowsOf = (name: string) => {
    let rows = disk.get(name);
    if (rows === undefined) {
      rows = new Map();
      disk.set(name, rows);
    }
    return rows;
  };
  const sink: Sink = {
    write(group) {
      for (const [name, changes] of group) {
        const rows = rowsOf(name);
        for (const [key, text] of changes) {
          if (text === undefined) rows.delete(key);
          else rows.set(key, text);
        }
      }
    },
    close() {},
  };
  return createStore(sink, options, {
    open: (name) => void rowsOf(name),
    *load(name) {
      yield* [...rowsOf(name)];
    },
  });
}

import { GroupCommit, type Sink } from "./group-commit.js";
import type { Store, StoreOptions, Table } from "./store.js";

/** What an adapter adds to its sink: opening a table, and reading what the sink has written into it. */
export interface Reader {
  open(name: string): void;
  load(name: string): IterableIterator<[key: string, text: string]>;
}

/** A store over an adapter's sink and reader: everything but the disk itself. */
export function createStore(sink: Sink, options: StoreOptions, reader: Reader): Store {
  const commits = new GroupCommit(sink, options);
  const tables = new Map<string, Table<unknown>>();

  const createTable = (name: string): Table<unknown> => ({
    *load() {
      commits.assertOpen();
      commits.flush();
      for (const [key, text] of reader.load(name)) yield [key, JSON.parse(text) as unknown];
    },
    put: (key, value) => commits.put(name, key, value),
    delete: (key) => commits.delete(name, key),
  });

  return {
    statistics: commits.statistics,
    table<V>(name: string): Table<V> {
      commits.assertOpen();
      let table = tables.get(name);
      if (table === undefined) {
        if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) {
          throw new TypeError(`a table's name is lower case, digits and underscores, up to 63 of them: ${name}`);
        }
        reader.open(name);
        table = createTable(name);
        tables.set(name, table);
      }
      return table as Table<V>;
    },
    commit: () => commits.commit(),
    close: () => commits.close(),
  };
}

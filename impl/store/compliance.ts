import assert from "node:assert/strict";
import type { Store, StoreOptions } from "./store.js";

/** How the suite makes the adapter under test. One harness serves one case. */
export interface StoreHarness {
  /** Opens an empty store. */
  open(options?: StoreOptions): Store;
  /** Opens what the last one left behind, after it was closed. */
  reopen(options?: StoreOptions): Store;
}

export interface StoreCase {
  readonly name: string;
  run(harness: StoreHarness): Promise<void>;
}

/** Long enough that no case sees the soft window end by itself. */
const never = { softWindowMs: 3_600_000 };

/** What every adapter of {@link Store} must do, whichever test runner asks. */
export const storeCompliance: readonly StoreCase[] = [
  {
    name: "keeps what was committed over a reopening",
    async run({ open, reopen }) {
      let store = open(never);
      store.table<number>("a").put("x", 1);
      store.table<number>("b").put("x", 2);
      await store.commit();
      await store.close();
      store = reopen(never);
      assert.deepEqual(rows(store, "a"), { x: 1 });
      assert.deepEqual(rows(store, "b"), { x: 2 });
      await store.close();
    },
  },
  {
    name: "keeps what was only queued when it is closed",
    async run({ open, reopen }) {
      let store = open(never);
      store.table("a").put("x", [1, "two", { three: null }]);
      await store.close();
      store = reopen(never);
      assert.deepEqual(rows(store, "a"), { x: [1, "two", { three: null }] });
      await store.close();
    },
  },
  {
    name: "loads what is queued as well as what is durable",
    async run({ open }) {
      const store = open(never);
      const table = store.table<number>("a");
      table.put("x", 1);
      table.put("y", 1);
      await store.commit();
      table.put("x", 2);
      table.delete("y");
      table.put("z", 3);
      assert.deepEqual(rows(store, "a"), { x: 2, z: 3 });
      await store.close();
    },
  },
  {
    name: "the last change of a key wins, within a group and over groups",
    async run({ open, reopen }) {
      let store = open(never);
      const table = store.table<string>("a");
      table.put("put-put", "old");
      table.put("put-put", "new");
      table.put("put-delete", "old");
      table.delete("put-delete");
      table.delete("delete-put");
      table.put("delete-put", "new");
      table.put("over-groups", "old");
      await store.commit();
      table.delete("over-groups");
      await store.commit();
      table.put("over-groups", "new");
      await store.close();
      store = reopen(never);
      assert.deepEqual(rows(store, "a"), { "put-put": "new", "delete-put": "new", "over-groups": "new" });
      await store.close();
    },
  },
  {
    name: "serialises a value when its group is written",
    async run({ open }) {
      const store = open(never);
      const value = { n: 1 };
      store.table<{ n: number }>("a").put("x", value);
      value.n = 2;
      await store.commit();
      value.n = 3;
      assert.deepEqual(rows(store, "a"), { x: { n: 2 } });
      await store.close();
    },
  },
  {
    name: "the same name gives the same table",
    async run({ open }) {
      const store = open(never);
      store.table<number>("a").put("x", 1);
      store.table<number>("a").put("y", 2);
      assert.deepEqual(rows(store, "a"), { x: 1, y: 2 });
      await store.close();
    },
  },
  {
    name: "refuses a table's name that is not lower case, digits and underscores",
    async run({ open }) {
      const store = open(never);
      for (const name of ["", "A", "a-b", 'a"; DROP TABLE a', "1a", "a".repeat(64)]) {
        assert.throws(() => store.table(name), TypeError, name);
      }
      await store.close();
    },
  },
  {
    name: "takes any string as a key",
    async run({ open, reopen }) {
      const keys = [
        "",
        " ",
        "a/b",
        "\u0000",
        "a\u0000b",
        '"',
        "\\",
        "\\\\",
        "\\u0000",
        "\ud800",
        "é",
        "🜚",
        "x".repeat(5000),
      ];
      let store = open(never);
      for (const key of keys) store.table<string>("a").put(key, `<${key}>`);
      store.table<string>("a").delete("never there \u0000");
      await store.close();
      store = reopen(never);
      assert.deepEqual(rows(store, "a"), Object.fromEntries(keys.map((key) => [key, `<${key}>`])));
      for (const key of keys) store.table<string>("a").delete(key);
      assert.deepEqual(rows(store, "a"), {});
      await store.close();
    },
  },
  {
    name: "a group of many rows is written whole and read whole",
    async run({ open, reopen }) {
      let store = open({ ...never, groupRows: 1_000_000 });
      for (let i = 0; i < 4001; i++) store.table<number>("a").put(`key-${i}`, i);
      await store.commit();
      assert.equal(store.statistics.groups, 1);
      assert.equal(store.statistics.rows, 4001);
      for (let i = 0; i < 4001; i += 2) store.table<number>("a").delete(`key-${i}`);
      await store.close();
      store = reopen(never);
      assert.equal(Object.keys(rows(store, "a")).length, 2000);
      await store.close();
    },
  },
  {
    name: "commits made in one turn share one group",
    async run({ open }) {
      const store = open(never);
      const commits = Array.from({ length: 50 }, (_, i) => {
        store.table<number>("a").put(`key-${i}`, i);
        return store.commit();
      });
      assert.equal(store.statistics.pending, 50);
      await Promise.all(commits);
      assert.deepEqual([store.statistics.groups, store.statistics.rows, store.statistics.pending], [1, 50, 0]);
      await store.commit();
      assert.equal(store.statistics.groups, 1);
      await store.close();
    },
  },
  {
    name: "rows that nobody awaits are written after the soft window",
    async run({ open }) {
      const store = open({ softWindowMs: 20 });
      store.table<number>("a").put("x", 1);
      assert.equal(store.statistics.pending, 1);
      await eventually(() => store.statistics.pending === 0);
      assert.equal(store.statistics.groups, 1);
      await store.close();
    },
  },
  {
    name: "a full group does not wait for the soft window",
    async run({ open }) {
      const store = open({ ...never, groupRows: 10 });
      for (let i = 0; i < 10; i++) store.table<number>("a").put(`key-${i}`, i);
      await eventually(() => store.statistics.pending === 0);
      await store.close();
    },
  },
  {
    name: "a value that JSON cannot carry fails its group, and only its group",
    async run({ open }) {
      const errors: Error[] = [];
      const store = open({ ...never, onError: (error) => errors.push(error) });
      const table = store.table<unknown>("a");
      table.put("good", 1);
      table.put("bad", 1n);
      await assert.rejects(store.commit(), { code: "ERR_STORE_WRITE", message: /a\/bad/ });
      assert.equal(errors.length, 1);
      assert.equal(store.statistics.failures, 1);
      assert.ok(store.statistics.lastError);
      await store.commit();
      assert.equal(store.statistics.lastError, undefined);
      assert.deepEqual(rows(store, "a"), { good: 1 });
      await store.close();
    },
  },
  {
    name: "answers nothing after it was closed",
    async run({ open }) {
      const store = open(never);
      const table = store.table<number>("a");
      await store.close();
      const closed = { code: "ERR_STORE_CLOSED" };
      assert.throws(() => table.put("x", 1), closed);
      assert.throws(() => table.delete("x"), closed);
      assert.throws(() => [...table.load()], closed);
      assert.throws(() => store.table("b"), closed);
      await assert.rejects(store.commit(), closed);
      await assert.rejects(store.close(), closed);
    },
  },
];

function rows(store: Store, name: string): Record<string, unknown> {
  return Object.fromEntries(store.table<unknown>(name).load());
}

async function eventually(condition: () => boolean): Promise<void> {
  const until = Date.now() + 5000;
  while (!condition()) {
    assert.ok(Date.now() < until, "condition not met within 5 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, expect, test } from "vitest";
import { openSqliteStore } from "./sqlite-store.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-sqlite-"));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string) => join(directory, name);

function sql(path: string, ...statements: string[]): void {
  const database = new Database(path);
  for (const statement of statements) database.exec(statement);
  database.close();
}

test("refuses a file that a newer version wrote, and leaves it as it is", async () => {
  const path = file("newer.db");
  await openSqliteStore(path).close();
  sql(path, "UPDATE mp2p_store SET schema_version = 99");
  for (let i = 0; i < 2; i++) {
    expect(() => openSqliteStore(path)).toThrow(
      expect.objectContaining({
        code: "ERR_STORE_FORMAT",
        message: expect.stringContaining("newer version (layout 99"),
      }),
    );
  }
});

test.each<[string, string, (path: string) => void]>([
  ["another program's database", "ERR_STORE_FORMAT", (path) => sql(path, "CREATE TABLE accounts (id INTEGER)")],
  ["a file that is no database", "ERR_STORE_FORMAT", (path) => writeFileSync(path, "text ".repeat(1000))],
  ["a folder", "ERR_STORE_OPEN", (path) => mkdirSync(path)],
])("refuses %s", (name, code, make) => {
  const path = file(`${name.replaceAll(" ", "-")}.db`);
  make(path);
  expect(() => openSqliteStore(path)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(path) }),
  );
});

test("leaves another program's database in its own journal mode", () => {
  const path = file("foreign-wal.db");
  sql(path, "PRAGMA journal_mode = WAL", "CREATE TABLE accounts (id INTEGER)");
  expect(() => openSqliteStore(path)).toThrow(expect.objectContaining({ code: "ERR_STORE_FORMAT" }));
  const database = new Database(path);
  expect(database.prepare("PRAGMA journal_mode").all()).toEqual([{ journal_mode: "wal" }]);
  database.close();
});

test("refuses a path whose folder is missing", () => {
  expect(() => openSqliteStore(file("missing/x.db"))).toThrow(
    expect.objectContaining({
      code: "ERR_STORE_OPEN",
      message: `cannot open ${file("missing/x.db")}: its folder is not there`,
    }),
  );
  expect(existsSync(file("missing"))).toBe(false);
});

test("a new file is its owner's alone, with what SQLite makes beside it; an old one stays as it is", async () => {
  const path = file("secret.db");
  const before = process.umask(0o022);
  try {
    const store = openSqliteStore(path);
    store.table<string>("oms_keys").put("provider", "seed");
    await store.commit();
    expect([path, `${path}-wal`].map((name) => statSync(name).mode & 0o777)).toEqual([0o600, 0o600]);
    await store.close();
    const old = file("old.db");
    writeFileSync(old, "");
    await openSqliteStore(old).close();
    expect(statSync(old).mode & 0o777).toBe(0o644);
  } finally {
    process.umask(before);
  }
});

test("the store of one kind of entity is refused to another by name, and left without its tables", async () => {
  const path = file("oms.db");
  const store = openSqliteStore(path);
  store.table("oms_overlays");
  expect(() => store.table("ixs_files")).toThrow(/is the store of an OMS, not of an IXS/);
  await store.close();
  const again = openSqliteStore(path);
  expect(() => again.table("unis_round_trips")).toThrow(
    expect.objectContaining({
      code: "ERR_STORE_FORMAT",
      message: `${path} is the store of an OMS, not of a UNIS: name another file`,
    }),
  );
  again.table("oms_members");
  again.table("notes");
  await again.close();
  const database = new Database(path);
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 't!_%' ESCAPE '!'").all();
  database.close();
  expect(names).toEqual([{ name: "t_oms_overlays" }, { name: "t_oms_members" }, { name: "t_notes" }]);
});

test("a store that two kinds share since before is still theirs", async () => {
  const path = file("mixed.db");
  await openSqliteStore(path).close();
  for (const name of ["pams_peers", "homs_peers"]) {
    sql(path, `CREATE TABLE t_${name} (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`);
  }
  const store = openSqliteStore(path);
  for (const name of ["pams_overlays", "homs_overlays"]) store.table(name);
  expect(() => store.table("cs_allocations")).toThrow(/of a PAMS and a HOMS, not of a cache server/);
  await store.close();
});

test("a file belongs to one store at a time", async () => {
  const path = file("shared.db");
  const store = openSqliteStore(path);
  expect(() => openSqliteStore(path)).toThrow(expect.objectContaining({ code: "ERR_STORE_BUSY" }));
  await store.close();
  await openSqliteStore(path).close();
});

test("a group that fails half-way leaves nothing behind, and is written with the next one", async () => {
  const path = file("failing.db");
  await withTrigger(path);
  const store = openSqliteStore(path, { softWindowMs: 3_600_000 });
  const first = store.table<string>("first");
  const second = store.table<string>("second");
  first.put("x", "1");
  second.put("forbidden", "2");
  await expect(store.commit()).rejects.toMatchObject({ code: "ERR_STORE_WRITE" });
  expect(store.statistics).toMatchObject({ failures: 1, groups: 0, pending: 2 });
  second.delete("forbidden");
  await store.commit();
  expect([...first.load()]).toEqual([["x", "1"]]);
  expect([...second.load()]).toEqual([]);
  await store.close();
});

/** A file whose second table refuses one key. */
async function withTrigger(path: string): Promise<void> {
  const store = openSqliteStore(path);
  store.table("first");
  store.table("second");
  await store.close();
  sql(
    path,
    `CREATE TRIGGER refuse BEFORE INSERT ON t_second WHEN new.key = 'forbidden' BEGIN SELECT raise(ABORT, 'no'); END`,
  );
}

import { accessSync, closeSync, constants, openSync } from "node:fs";
import Database from "libsql";
import { createStore, type Reader } from "./create-store.js";
import { StoreError } from "./errors.js";
import type { Sink } from "./group-commit.js";
import { ownerOf } from "./owner.js";
import { escapeKey, unescapeKey } from "./sqlite-key.js";
import type { Store, StoreOptions } from "./store.js";

/** The layout of the file. Raise it with a step in {@link take} that brings an older file up. */
const schemaVersion = 1;

/** Rows in one statement: enough to make its cost vanish, few enough to keep its parameter small. */
const rowsPerStatement = 1000;

/**
 * Opens, or makes, a store in one SQLite file. A group is one transaction, written ahead and synchronised before
 * {@link Store.commit} resolves, so a resolved commit survives `kill -9` and loss of power alike. The file belongs to
 * one process at a time, and to one kind of entity: tables of another kind's are refused when they are asked for. A new file is its
 * owner's to read alone, since keys and passwords may be in it.
 *
 * @throws StoreError ERR_STORE_OPEN, ERR_STORE_BUSY, ERR_STORE_FORMAT
 */
export function openSqliteStore(path: string, options: StoreOptions = {}): Store {
  makeFile(path);
  const database = openDatabase(path);
  const owners = new Set(tableNames(database).flatMap((name) => ownerOf(name.replace(/^t_/, "")) ?? []));
  const tables = new Map<
    string,
    { upsert: Database.Statement; remove: Database.Statement; page: Database.Statement }
  >();
  const statements = (name: string) => {
    const found = tables.get(name);
    if (found === undefined) throw new Error(`table ${name} was not opened`);
    return found;
  };

  const sink: Sink = {
    write(group) {
      database.exec("BEGIN IMMEDIATE");
      try {
        for (const [name, changes] of group) {
          const { upsert, remove } = statements(name);
          const puts: [string, string][] = [];
          const deletes: string[] = [];
          for (const [key, text] of changes) {
            if (text === undefined) deletes.push(escapeKey(key));
            else puts.push([escapeKey(key), text]);
          }
          for (const rows of chunks(puts)) upsert.run(JSON.stringify(rows));
          for (const keys of chunks(deletes)) remove.run(JSON.stringify(keys));
        }
        database.exec("COMMIT");
      } catch (error) {
        if (database.inTransaction) database.exec("ROLLBACK");
        throw error;
      }
    },
    close() {
      release(database);
    },
  };

  const reader: Reader = {
    open(name) {
      const owner = ownerOf(name);
      if (owner !== undefined && owners.size > 0 && !owners.has(owner)) {
        const whose = [...owners].join(" and ");
        throw new StoreError(
          "ERR_STORE_FORMAT",
          `${path} is the store of ${whose}, not of ${owner}: name another file`,
        );
      }
      if (owner !== undefined) owners.add(owner);
      // A single parameter carries a thousand rows: one call into SQLite instead of a thousand.
      database.exec(`CREATE TABLE IF NOT EXISTS t_${name} (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`);
      tables.set(name, {
        upsert: database.prepare(
          `INSERT INTO t_${name} SELECT value->>0, value->>1 FROM json_each(?) WHERE true
           ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        ),
        remove: database.prepare(`DELETE FROM t_${name} WHERE key IN (SELECT value FROM json_each(?))`),
        page: database
          .prepare(`SELECT key, value FROM t_${name} WHERE key > ? ORDER BY key LIMIT ${rowsPerStatement}`)
          .raw(),
      });
    },
    *load(name) {
      const { page } = statements(name);
      let last = "";
      for (;;) {
        const rows = page.all(last) as [string, string][];
        for (const [key, text] of rows) yield [unescapeKey(key), text];
        const end = rows.at(-1);
        if (end === undefined || rows.length < rowsPerStatement) return;
        last = end[0];
      }
    },
  };
  return createStore(sink, options, reader);
}

const tableNames = (database: Database.Database): string[] =>
  (database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[]).map(
    ({ name }) => name,
  );

/** SQLite makes files as the umask has it; what it makes beside them has their mode. */
function makeFile(path: string): void {
  if (path === "" || path === ":memory:") return;
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw unopened(path, code, error);
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
    } catch (denied) {
      throw unopened(path, (denied as NodeJS.ErrnoException).code, denied);
    }
  }
}

function unopened(path: string, code: string | undefined, cause: unknown): StoreError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "its folder is not there",
    ENOTDIR: "its folder is not there",
    EACCES: "it may not be read and written",
    EPERM: "it may not be read and written",
    EROFS: "the disk is read-only",
    ENOSPC: "the disk is full",
  };
  const reason = reasons[code ?? ""] ?? (cause as Error).message;
  return new StoreError("ERR_STORE_OPEN", `cannot open ${path}: ${reason}`, { cause });
}

function openDatabase(path: string): Database.Database {
  let database: Database.Database;
  try {
    database = new Database(path);
  } catch (error) {
    throw new StoreError("ERR_STORE_OPEN", `cannot open ${path}: ${(error as Error).message}`, { cause: error });
  }
  let taking = false;
  try {
    check(database, path);
    taking = true;
    take(database);
    return database;
  } catch (error) {
    if (taking) release(database);
    else database.close();
    if (error instanceof StoreError) throw error;
    const { code = "", message } = error as Error & { code?: string };
    const text = `${code} ${message}`;
    if (/BUSY|locked/i.test(text)) {
      throw new StoreError("ERR_STORE_BUSY", `${path} is in use by another process`, { cause: error });
    }
    if (/NOTADB|not a database/i.test(text)) {
      throw new StoreError("ERR_STORE_FORMAT", `${path} is not a SQLite file`, { cause: error });
    }
    throw new StoreError("ERR_STORE_OPEN", `cannot use ${path}: ${message}`, { cause: error });
  }
}

/** Refuses, without touching it, a file that is not this package's to write. */
function check(database: Database.Database, path: string): void {
  const names = tableNames(database);
  if (names.length === 0) return;
  if (!names.includes("mp2p_store")) {
    throw new StoreError("ERR_STORE_FORMAT", `${path} is a SQLite file of something else`);
  }
  const row = database.prepare("SELECT schema_version AS version FROM mp2p_store").get() as
    | undefined
    | { version: number };
  if (row !== undefined && row.version > schemaVersion) {
    throw new StoreError(
      "ERR_STORE_FORMAT",
      `${path} was written by a newer version (layout ${row.version}, this one knows ${schemaVersion}): upgrade, or use another file`,
    );
  }
}

/** Takes the file for this process, and marks a new one. */
function take(database: Database.Database): void {
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA cache_size = -32768");
  database.exec("PRAGMA wal_autocheckpoint = 4000");
  database.exec("BEGIN IMMEDIATE");
  database.exec("CREATE TABLE IF NOT EXISTS mp2p_store (schema_version INTEGER NOT NULL)");
  database.exec(`INSERT INTO mp2p_store SELECT ${schemaVersion} WHERE NOT EXISTS (SELECT 1 FROM mp2p_store)`);
  database.exec("COMMIT");
}

/**
 * libsql keeps a closed connection, and with it the lock, until its statements are collected. So give the lock up first;
 * leaving the write-ahead log for that also leaves one plain file behind.
 */
function release(database: Database.Database): void {
  try {
    if (database.inTransaction) database.exec("ROLLBACK");
    database.exec("PRAGMA journal_mode = DELETE");
    database.exec("PRAGMA locking_mode = NORMAL");
    database.exec("SELECT 1 FROM sqlite_schema");
  } catch {
    // The file could not be used at all: there is no lock to give up.
  }
  database.close();
}

function* chunks<T>(rows: readonly T[]): IterableIterator<readonly T[]> {
  for (let at = 0; at < rows.length; at += rowsPerStatement) yield rows.slice(at, at + rowsPerStatement);
}

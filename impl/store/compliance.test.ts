import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { type StoreHarness, storeCompliance } from "./compliance.js";
import { createMemoryStore, type MemoryDisk } from "./memory-store.js";
import { openSqliteStore } from "./sqlite-store.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-store-"));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;

const adapters: Record<string, () => StoreHarness> = {
  memory() {
    const disk: MemoryDisk = new Map();
    return {
      open: (options) => createMemoryStore({ ...options, disk }),
      reopen: (options) => createMemoryStore({ ...options, disk }),
    };
  },
  sqlite() {
    const path = join(directory, `${files++}.db`);
    return {
      open: (options) => openSqliteStore(path, options),
      reopen: (options) => openSqliteStore(path, options),
    };
  },
};

describe.each(Object.keys(adapters))("store compliance: %s", (name) => {
  test.each(storeCompliance.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    const harness = adapters[name]?.();
    if (harness === undefined) throw new Error(`no adapter ${name}`);
    await one.run(harness);
  });
});

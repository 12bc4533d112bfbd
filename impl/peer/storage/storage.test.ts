import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { silentLogger } from "../../net/logger.js";
import type { Descriptors } from "../core/message.js";
import { openFolderStore } from "./folder-store.js";
import type { FragmentStore } from "./fragment-store.js";
import { createMemoryFragmentStore } from "./memory-store.js";
import { openSharedFile } from "./shared-file.js";

const identity = { overlayId: "o1", sourceKey: "k1", fragmentSize: 1000 };
const content = randomBytes(3500);
const fragment = (index: number): Uint8Array => content.subarray(index * 1000, index * 1000 + 1000);
const read = (store: FragmentStore, index: number) =>
  new Promise<Uint8Array | undefined>((resolve) => store.read(index, resolve));
const descriptors: Descriptors = {
  type: "descriptors",
  first: 0,
  items: [0, 1, 2, 3].map((index) => ({
    size: fragment(index).length,
    time: 1,
    digest: new Uint8Array(32).fill(index),
    last: index === 3,
  })),
  signature: new Uint8Array(64).fill(7),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mp2p-storage-"));
});
afterEach(() => rm(folder, { recursive: true }));

const setting = { logger: silentLogger, onFull: () => undefined };
const open = () => openFolderStore(folder, identity, setting);
async function contentOf(store: FragmentStore, size: number): Promise<Buffer> {
  const blocks: Uint8Array[] = [];
  for await (const block of store.content(size)) blocks.push(block);
  return Buffer.concat(blocks);
}

describe.each<[string, () => Promise<FragmentStore>]>([
  ["in memory", async () => createMemoryFragmentStore()],
  ["in a folder", open],
])("fragments %s", (_, make) => {
  test("are there at once, in parts or whole, and make up the content", async () => {
    const store = await make();
    store.keep(3, [fragment(3)]);
    store.keep(1, [fragment(1).subarray(0, 300), fragment(1).subarray(300)]);
    expect(await read(store, 1)).toEqual(new Uint8Array(fragment(1)));
    expect(await read(store, 2)).toBeUndefined();
    store.keep(0, [fragment(0)]);
    store.keep(2, [fragment(2)]);
    await store.finish(3500);
    expect((await contentOf(store, 3500)).equals(content)).toBe(true);
    await store.close();
  });
});

test("in memory, what lies behind the window is forgotten, whether it moves or jumps", async () => {
  const store = createMemoryFragmentStore();
  for (let index = 0; index < 4; index++) store.keep(index, [fragment(index)]);
  store.drop(2);
  expect(await read(store, 1)).toBeUndefined();
  expect(await read(store, 2)).toBeDefined();
  store.drop(2 ** 50);
  store.keep(3, [fragment(3)]);
  expect(await read(store, 3)).toBeUndefined();
});

describe("a folder after a restart", () => {
  async function leave(): Promise<void> {
    const store = await open();
    store.describe(descriptors);
    for (const index of [3, 0, 1]) store.keep(index, [fragment(index)]);
    await store.close();
  }

  test("has what was held, and what the source peer said of it", async () => {
    await leave();
    const store = await open();
    expect(store.left.descriptors).toEqual([descriptors]);
    expect(
      store.left.held.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at)).sort(),
    ).toEqual([0, 1, 3]);
    expect(await read(store, 3)).toEqual(new Uint8Array(fragment(3)));
    store.keep(2, [fragment(2)]);
    await store.finish(3500);
    expect((await readFile(join(folder, "content"))).equals(content)).toBe(true);
    await store.close();
  });

  test.each<[string, (progress: string) => Promise<void>, number]>([
    ["a torn line at the end", (path) => appendFile(path, "h2"), 3],
    ["a damaged line, and all behind it", (path) => appendFile(path, "dAAAA\nh2,1\n"), 3],
    ["another content's progress", (path) => writeFile(path, "[]\nh0,1\n"), 0],
    ["an empty file", (path) => truncate(path, 0), 0],
  ])("passes over %s, and writes on", async (_, damage, held) => {
    await leave();
    await damage(join(folder, "progress"));
    const store = await open();
    expect(store.left.held.reduce((sum, { count }) => sum + count, 0)).toBe(held);
    store.keep(2, [fragment(2)]);
    await store.close();
    const again = await open();
    expect(again.left.held.reduce((sum, { count }) => sum + count, 0)).toBe(held + 1);
    await again.close();
  });

  test("a content that has become shorter gives nothing", async () => {
    await leave();
    await truncate(join(folder, "content"), 1200);
    const store = await open();
    expect(await read(store, 1)).toBeUndefined();
    expect(await read(store, 0)).toEqual(new Uint8Array(fragment(0)));
    await store.close();
  });
});

test("a large content is written while it comes, in bounded memory", async () => {
  const size = 1024 * 1024;
  const store = await openFolderStore(folder, { ...identity, fragmentSize: size }, setting);
  const block = randomBytes(size);
  // More than may wait for the disk, within one turn: part of it is written at once.
  for (let index = 0; index < 40; index++) store.keep(index, [block]);
  expect((await stat(join(folder, "content"))).size).toBeGreaterThanOrEqual(7 * size);
  await store.finish(40 * size);
  expect((await stat(join(folder, "content"))).size).toBe(40 * size);
  await store.close();
});

test("a shared file is read where it is", async () => {
  const path = join(folder, "film");
  await writeFile(path, content);
  const store = await openSharedFile(path, 1000);
  expect(store.size).toBe(3500);
  expect(await read(store, 3)).toEqual(new Uint8Array(fragment(3)));
  expect(await read(store, 4)).toBeUndefined();
  await truncate(path, 1500);
  expect(await read(store, 1)).toBeUndefined();
  await store.close();
});

test.skipIf(process.platform !== "linux")(
  "a full disk is told of once, and nothing more is kept in memory",
  async () => {
    await symlink("/dev/full", join(folder, "content"));
    const told: Error[] = [];
    const store = await openFolderStore(folder, identity, { ...setting, onFull: (error) => told.push(error) });
    for (let index = 0; index < 3; index++) store.keep(index, [fragment(index)]);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told[0]).toMatchObject({ code: "ENOSPC" });
    store.keep(3, [fragment(3)]);
    await expect(store.finish(3500)).rejects.toThrow("could not be written");
    expect(told).toHaveLength(1);
    await store.close();
  },
);

describe("a folder is one process's at a time", () => {
  const refused = { code: "ERR_STORAGE", message: expect.stringContaining("is fetching the same content") };

  test("of this one", async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject(refused);
    await store.close();
    await (await open()).close();
  });

  test("or of another one that is alive, not of one that was killed", async () => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const gone = once(other, "exit");
    const began = (await readFile(`/proc/${other.pid}/stat`, "utf8").catch(() => "")).split(" ")[21] ?? "0";
    await writeFile(join(folder, "lock"), `${other.pid} ${began}\n`);
    await expect(open()).rejects.toMatchObject(refused);
    other.kill("SIGKILL");
    await gone;
    await (await open()).close();
    expect(await readdir(folder)).not.toContain("lock");
  });
});

import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openContentFile } from "./content-file.js";
import { lockFolder } from "./folder-lock.js";
import { type ContentIdentity, heldIn } from "./progress.js";

/** What was fetched of the same content in another overlay network. Nobody has verified it for this one. */
export interface EarlierContent {
  has(index: number): boolean;
  read(index: number, size: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
  /** Deletes it: everything is there. */
  discard(): Promise<void>;
}

/** Folders beside that are looked at. */
const maxBeside = 1000;

/**
 * Takes over what a folder beside this one has of the same content: of the same source peer, in fragments of the same size, of the same digest.
 * A session that is made anew has another overlay network, and so another folder.
 *
 * @param digest content_digest of the index file
 */
export async function takeEarlier(
  folder: string,
  { sourceKey, fragmentSize }: ContentIdentity,
  digest: string,
): Promise<EarlierContent | undefined> {
  const mark = JSON.stringify(["mp2p mark 1", sourceKey, fragmentSize, digest]);
  const own = { content: join(folder, "earlier"), progress: join(folder, "earlier-progress") };
  await writeFile(join(folder, "mark"), mark);
  if (!(await isThere(own.progress))) await moveFromBeside(folder, mark, own);
  if (!(await isThere(own.content))) return undefined;
  const file = await openContentFile(own.content, "read");
  const held = new Set<number>();
  for (const { first, count } of await heldIn(own.progress)) for (let at = 0; at < count; at++) held.add(first + at);
  return {
    has: (index) => held.has(index),
    read: (index, size) => file.read(index * fragmentSize, size),
    close: () => file.close(),
    async discard() {
      held.clear();
      await Promise.all([rm(own.content, { force: true }), rm(own.progress, { force: true })]);
    },
  };
}

async function moveFromBeside(folder: string, mark: string, own: { content: string; progress: string }): Promise<void> {
  const beside = dirname(folder);
  for (const name of (await readdir(beside)).slice(0, maxBeside)) {
    const other = join(beside, name);
    if (name === basename(folder) || (await textOf(join(other, "mark"))) !== mark) continue;
    const lock = await lockFolder(other).catch(() => undefined);
    if (lock === undefined) continue;
    try {
      // Last what says that it was done.
      await rename(join(other, "content"), own.content);
      await rename(join(other, "progress"), own.progress);
      await rm(other, { recursive: true, force: true });
      return;
    } finally {
      await lock.release();
    }
  }
}

const textOf = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

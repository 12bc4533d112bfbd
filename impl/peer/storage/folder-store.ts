import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../../net/logger.js";
import type { Descriptor, Descriptors, Run } from "../core/message.js";
import { encodeMessage } from "../wire/message-codec.js";
import { openContentFile } from "./content-file.js";
import { takeEarlier } from "./earlier-content.js";
import { lockFolder } from "./folder-lock.js";
import { type FragmentStore, joined } from "./fragment-store.js";
import { type ContentIdentity, descriptorsLine, heldLine, openProgress } from "./progress.js";

/** Octets kept and not written yet: beyond, `keep` writes by itself, and what arrives waits for the disk. */
const maxWaiting = 32 * 1024 * 1024;
/** Octets of fragments in memory for whoever asks next: a fragment that is new here is wanted by others now. */
const maxCached = 16 * 1024 * 1024;

export interface FolderStoreOptions {
  readonly logger: Logger;
  /** Told once when the disk takes no more: what is kept from then on is lost. */
  onFull(error: Error): void;
  /** Where what another overlay network left of the same content is to be used. */
  readonly earlier?: {
    /** Of the whole content. */
    readonly digest: string;
    isDescribed(descriptor: Descriptor, parts: readonly Uint8Array[]): boolean;
    /** Held from now on. */
    recovered(runs: readonly Run[]): void;
  };
}

/** The folder of one content below the peer's: identifiers are no names of files. */
export function folderOf(folder: string, overlayId: string): string {
  return join(folder, createHash("sha256").update(overlayId).digest("hex").slice(0, 32));
}

/**
 * A FILE in a folder: `content`, where each fragment has its place, and `progress`. Fragments are written in the background, and said to be
 * held only after that: what a killed process leaves is less than it held, never more than it wrote.
 *
 * @throws PeerError ERR_STORAGE where another process is at it; Error of the system
 */
export async function openFolderStore(
  folder: string,
  identity: ContentIdentity,
  { logger, onFull, earlier }: FolderStoreOptions,
): Promise<FragmentStore> {
  await mkdir(folder, { recursive: true });
  const lock = await lockFolder(folder);
  const path = join(folder, "content");
  const { progress, file, left } = await openAll(folder, identity, earlier?.digest).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const { fragmentSize } = identity;
  const waiting = new Map<number, Uint8Array>();
  const cache = new Map<number, Uint8Array>();
  const sizes = new Map<number, number>();
  let [waitingOctets, cachedOctets] = [0, 0];
  const lines: string[] = [];
  let writing: Promise<void> | undefined;
  let [broken, closed] = [false, false];

  const remember = (index: number, octets: Uint8Array): void => {
    if (cache.has(index)) return;
    cache.set(index, octets);
    cachedOctets += octets.length;
    for (const [oldest, { length }] of cache) {
      if (cachedOctets <= maxCached) break;
      cache.delete(oldest);
      cachedOctets -= length;
    }
  };

  /** The longest unbroken run that begins with the lowest fragment waiting, up to a bound. */
  const nextRun = (): { readonly first: number; readonly octets: Uint8Array[] } | undefined => {
    let first = Number.POSITIVE_INFINITY;
    for (const index of waiting.keys()) first = Math.min(first, index);
    const octets: Uint8Array[] = [];
    for (let index = first; octets.length < 256; index++) {
      const next = waiting.get(index);
      if (next === undefined) break;
      octets.push(next);
      // Only a last fragment may be shorter, so the next one would not follow on it.
      if (next.length !== fragmentSize) break;
    }
    return octets.length === 0 ? undefined : { first, octets };
  };
  const written = (first: number, octets: readonly Uint8Array[]): void => {
    for (const [at, { length }] of octets.entries()) if (waiting.delete(first + at)) waitingOctets -= length;
    lines.push(heldLine({ first, count: octets.length }));
  };
  const failed = (error: unknown): void => {
    if (broken) return;
    broken = true;
    const reason = error instanceof Error ? error : new Error(String(error));
    logger.info({ err: reason, path }, "the content cannot be written");
    // Within a call of the swarm's: what follows must not disturb that.
    queueMicrotask(() => onFull(reason));
  };
  const writeAll = async (): Promise<void> => {
    try {
      for (let run = nextRun(); run !== undefined || lines.length > 0; run = nextRun()) {
        if (run !== undefined) {
          await file.write(run.first * fragmentSize, run.octets);
          written(run.first, run.octets);
        }
        // After each run: fragments may go on coming, so that there is never a time when all of them are written.
        await progress.append(lines.splice(0));
      }
    } catch (error) {
      failed(error);
    }
    writing = undefined;
  };
  const write = (): void => {
    // In the next turn: what one turn brings is written together.
    writing ??= new Promise<void>((resolve) => setImmediate(() => resolve(writeAll())));
  };
  const settle = async (): Promise<void> => {
    while (writing !== undefined) await writing;
  };

  const keep = (index: number, parts: readonly Uint8Array[]): void => {
    const octets = joined(parts);
    sizes.set(index, octets.length);
    remember(index, octets);
    // Until the session is left, which is being done.
    if (broken) return;
    if (waitingOctets > maxWaiting) {
      try {
        file.writeNow(index * fragmentSize, [octets]);
        lines.push(heldLine({ first: index, count: 1 }));
      } catch (error) {
        failed(error);
      }
    } else {
      waiting.set(index, octets);
      waitingOctets += octets.length;
    }
    write();
  };

  let recovering = Promise.resolve();
  const recover = (descriptors: readonly Descriptors[], isHeld: (index: number) => boolean): void => {
    if (left === undefined || earlier === undefined) return;
    const { isDescribed, recovered } = earlier;
    recovering = recovering
      .then(async () => {
        for (const { first, items } of descriptors) {
          const found: Run[] = [];
          for (const [at, item] of items.entries()) {
            const index = first + at;
            if (closed || broken || sizes.has(index) || isHeld(index) || !left.has(index)) continue;
            const octets = await left.read(index, item.size);
            if (octets === undefined || sizes.has(index) || !isDescribed(item, [octets])) continue;
            keep(index, [octets]);
            found.push({ first: index, count: 1 });
          }
          if (found.length > 0 && !closed) recovered(found);
          // In bounded memory.
          await settle();
        }
      })
      .catch((error: unknown) => logger.warn({ err: error, path }, "what was fetched before cannot be used"));
  };

  return {
    left: { descriptors: progress.descriptors, held: progress.held },
    path,
    keep,
    read(index, done) {
      const octets = waiting.get(index) ?? cache.get(index);
      if (octets !== undefined) return done(octets);
      const size = sizes.get(index) ?? sizeOf(progress.descriptors, index);
      if (size === undefined) return done(undefined);
      file
        .read(index * fragmentSize, size)
        .catch((error: unknown) => {
          logger.error({ err: error, path }, "a fragment cannot be read");
          return undefined;
        })
        .then((read) => {
          if (read !== undefined) remember(index, read);
          done(read);
        });
    },
    // A FILE is kept whole [X.609.10 8.6].
    drop: () => undefined,
    describe(descriptors) {
      lines.push(descriptorsLine(encodeMessage(descriptors)));
      write();
      recover([descriptors], () => false);
    },
    recover(descriptors, held) {
      recover(descriptors, (index) => held.some(({ first, count }) => index >= first && index < first + count));
    },
    async *content(size) {
      await settle();
      yield* file.blocks(size);
    },
    async finish(size) {
      await settle();
      if (broken) throw new Error(`${path} could not be written`);
      await file.truncate(size);
      await left?.discard();
    },
    async close() {
      closed = true;
      await recovering;
      await settle();
      await left?.close();
      await file.close();
      await progress.close();
      await lock.release();
    },
  };
}

async function openAll(folder: string, identity: ContentIdentity, digest: string | undefined) {
  const progress = await openProgress(join(folder, "progress"), identity);
  const file = await openContentFile(join(folder, "content"), "write");
  return { progress, file, left: digest === undefined ? undefined : await takeEarlier(folder, identity, digest) };
}

function sizeOf(
  descriptors: readonly { readonly first: number; readonly items: readonly { readonly size: number }[] }[],
  index: number,
): number | undefined {
  for (const { first, items } of descriptors) {
    const item = items[index - first];
    if (item !== undefined) return item.size;
  }
  return undefined;
}

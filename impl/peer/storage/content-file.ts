import { writevSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Octets read or written at once. */
const blockOctets = 1024 * 1024;

/** One sparse file of fragments, each at its place. */
export interface ContentFile {
  /** Consecutive octets from `position` on. */
  write(position: number, octets: readonly Uint8Array[]): Promise<void>;
  /** The same, before it returns. */
  writeNow(position: number, octets: readonly Uint8Array[]): void;
  /** Undefined where the file is shorter. */
  read(position: number, size: number): Promise<Uint8Array | undefined>;
  blocks(size: number): AsyncIterable<Uint8Array>;
  truncate(size: number): Promise<void>;
  stat(): Promise<{ readonly size: number; readonly mtimeMs: number }>;
  close(): Promise<void>;
}

/** @param flags "r" for a file of somebody else's, "a+"-like creation otherwise @throws Error of the system */
export async function openContentFile(path: string, access: "read" | "write"): Promise<ContentFile> {
  const handle = access === "read" ? await open(path, "r") : await openForWriting(path);
  const read = async (position: number, size: number): Promise<Uint8Array | undefined> => {
    const octets = new Uint8Array(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(octets, at, size - at, position + at);
      if (bytesRead === 0) return undefined;
      at += bytesRead;
    }
    return octets;
  };
  return {
    async write(position, octets) {
      for (let { left, at } = { left: octets, at: position }; left.length > 0; ) {
        const { bytesWritten } = await handle.writev([...left], at);
        at += bytesWritten;
        left = after(left, bytesWritten);
      }
    },
    writeNow(position, octets) {
      for (let { left, at } = { left: octets, at: position }; left.length > 0; ) {
        const written = writevSync(handle.fd, [...left], at);
        at += written;
        left = after(left, written);
      }
    },
    read,
    async *blocks(size) {
      for (let at = 0; at < size; at += blockOctets) {
        const octets = await read(at, Math.min(blockOctets, size - at));
        if (octets === undefined) throw new Error(`${path} is shorter than ${size} octets`);
        yield octets;
      }
    },
    truncate: (size) => handle.truncate(size),
    stat: () => handle.stat(),
    close: () => handle.close(),
  };
}

async function openForWriting(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return await open(path, "wx+");
  }
}

/** What is left of the octets behind so many; empty ones are left out. */
function after(octets: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let gone = written;
  const left: Uint8Array[] = [];
  for (const part of octets) {
    if (part.length > gone) left.push(part.subarray(gone));
    gone = Math.max(0, gone - part.length);
  }
  return left;
}

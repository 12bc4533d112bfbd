import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";

/** Streams on their way into files, one file per stream. */
export interface Recording {
  add(stream: string, octets: Uint8Array): void;
  /** Octets so far, by stream. */
  readonly octets: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** The file of what `who` got of `stream`. */
export const recordingFile = (folder: string, who: string, stream: string): string =>
  join(folder, `${who}.${stream}.ts`);

export function openRecording(folder: string, who: string): Recording {
  const files = new Map<string, WriteStream>();
  const octets = new Map<string, number>();
  return {
    octets,
    add(stream, chunk) {
      // A name from the network: only letters, digits and hyphens go into a file's name.
      if (!/^[a-z0-9-]{1,40}$/.test(stream)) return;
      const file = files.get(stream) ?? createWriteStream(recordingFile(folder, who, stream));
      files.set(stream, file);
      file.write(chunk);
      octets.set(stream, (octets.get(stream) ?? 0) + chunk.length);
    },
    async close() {
      await Promise.all([...files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
    },
  };
}

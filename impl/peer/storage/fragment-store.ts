import type { Descriptors, Run } from "../core/message.js";

/** Where the verified fragments of a session are [X.609.10 3.1.6]. `keep`, `describe` and `drop` take effect at once; the disk follows. */
export interface FragmentStore {
  /**
   * Holds a fragment from now on. Several parts are views of what a link received, which nobody changes; a single one may be in memory that
   * its owner uses again.
   */
  keep(index: number, parts: readonly Uint8Array[]): void;
  /** `done` is called once, now or later; with undefined where the fragment is not held or cannot be read. */
  read(index: number, done: (octets: Uint8Array | undefined) => void): void;
  drop(below: number): void;
  /** Remembers what the source peer says of fragments, for the next start. */
  describe(descriptors: Descriptors): void;
  /** Looks for those described and not held in what another overlay network left of the same content; they are told of as they are found. */
  recover?(descriptors: readonly Descriptors[], held: readonly Run[]): void;
  /** What an earlier process left: what the source peer said, and the fragments that it held; neither is verified yet. */
  readonly left: { readonly descriptors: readonly Descriptors[]; readonly held: readonly Run[] };
  /** FILE: the content as one file; undefined where it is in memory. */
  readonly path: string | undefined;
  /** All of these octets from the beginning, in order, with what was kept and not written yet. */
  content(size: number): AsyncIterable<Uint8Array>;
  /** FILE: everything is there. Cuts the content to its size, and waits for the disk. @throws Error of the system */
  finish(size: number): Promise<void>;
  /** Waits for the disk. */
  close(): Promise<void>;
}

/** The octets of the parts in memory of their own: parts are views of what a socket received. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const octets = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  return octets;
}

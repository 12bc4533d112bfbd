import { type FragmentStore, joined } from "./fragment-store.js";

/** Fragments in memory: the window of a STREAM, or a FILE that fits. */
export function createMemoryFragmentStore(): FragmentStore {
  const fragments = new Map<number, Uint8Array | readonly Uint8Array[]>();
  let lowest = 0;
  const octetsOf = (index: number): Uint8Array | undefined => {
    const held = fragments.get(index);
    if (held === undefined || held instanceof Uint8Array) return held;
    const octets = joined(held);
    fragments.set(index, octets);
    return octets;
  };
  return {
    keep(index, parts) {
      if (index >= lowest) fragments.set(index, parts.length > 1 && fills(parts) ? parts : joined(parts));
    },
    read: (index, done) => done(octetsOf(index)),
    drop(below) {
      // A window moves on by a few fragments; after a jump there are fewer held than numbers passed.
      if (below - lowest <= fragments.size) for (let index = lowest; index < below; index++) fragments.delete(index);
      else for (const index of fragments.keys()) if (index < below) fragments.delete(index);
      lowest = Math.max(lowest, below);
    },
    describe: () => undefined,
    left: { descriptors: [], held: [] },
    path: undefined,
    async *content(size) {
      for (let [index, at] = [0, 0]; at < size; index++) {
        const octets = octetsOf(index);
        if (octets === undefined) throw new Error(`fragment ${index} is not held`);
        yield octets;
        at += octets.length;
      }
    },
    finish: async () => undefined,
    close: async () => fragments.clear(),
  };
}

/** Whether the memory that parts are views of is taken up by them: then copying it can wait until somebody asks for the fragment. */
function fills(parts: readonly Uint8Array[]): boolean {
  let own = 0;
  let whole = 0;
  let last: ArrayBufferLike | undefined;
  for (const { length, buffer } of parts) {
    own += length;
    if (buffer !== last) whole += buffer.byteLength;
    last = buffer;
  }
  return whole <= 2 * own;
}

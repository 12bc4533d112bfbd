import { type FragmentStore, joined } from "./fragment-store.js";

/** Fragments in memory: the window of a STREAM, or a FILE that fits. */
export function createMemoryFragmentStore(): FragmentStore {
  const fragments = new Map<number, Uint8Array>();
  let lowest = 0;
  return {
    keep(index, parts) {
      if (index >= lowest) fragments.set(index, joined(parts));
    },
    read: (index, done) => done(fragments.get(index)),
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
        const octets = fragments.get(index);
        if (octets === undefined) throw new Error(`fragment ${index} is not held`);
        yield octets;
        at += octets.length;
      }
    },
    finish: async () => undefined,
    close: async () => fragments.clear(),
  };
}

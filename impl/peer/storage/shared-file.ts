import { openContentFile } from "./content-file.js";
import { type FragmentStore, joined } from "./fragment-store.js";

/** A file of the user's whose fragments are read where they are: nothing is copied or written. @throws Error of the system */
export async function openSharedFile(path: string, fragmentSize: number): Promise<FragmentStore & { size: number }> {
  const file = await openContentFile(path, "read");
  const size = await file.size();
  return {
    size,
    path,
    left: { descriptors: [], held: [] },
    keep(index, parts) {
      throw new Error(`fragment ${index} of ${joined(parts).length} octets is in ${path} already`);
    },
    read(index, done) {
      const at = index * fragmentSize;
      if (at >= size) return done(undefined);
      // A file that was changed meanwhile is found out by whoever gets a fragment; one that is gone or shorter, here.
      file.read(at, Math.min(fragmentSize, size - at)).then(done, () => done(undefined));
    },
    drop: () => undefined,
    describe: () => undefined,
    content: (octets) => file.blocks(octets),
    finish: async () => undefined,
    close: () => file.close(),
  };
}

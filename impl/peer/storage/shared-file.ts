import { openContentFile } from "./content-file.js";
import { type FragmentStore, joined } from "./fragment-store.js";

/** How long a look at the file's date and size counts, in ms. */
const lookMs = 250;

/**
 * A file of the user's whose fragments are read where they are: nothing is copied or written.
 *
 * @param onChanged told once when it is no longer what it was: from then on nothing of it is given, since it is not what was described
 * @throws Error of the system
 */
export async function openSharedFile(
  path: string,
  fragmentSize: number,
  onChanged: (error: Error) => void = () => undefined,
): Promise<FragmentStore & { size: number }> {
  const file = await openContentFile(path, "read");
  const { size, mtimeMs } = await file.stat();
  let changed: string | undefined;
  let look: Promise<void> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const spoilt = (what: string): void => {
    if (changed === undefined) onChanged(new Error(`${path} ${what} while it was shared`));
    changed ??= what;
  };
  const looked = async (): Promise<void> => {
    const now = await file.stat();
    if (now.size < size) spoilt("became shorter");
    else if (now.size !== size || now.mtimeMs !== mtimeMs) spoilt("was changed");
  };
  const read = async (at: number): Promise<Uint8Array | undefined> => {
    const octets = await file.read(at, Math.min(fragmentSize, size - at));
    if (octets === undefined) spoilt("became shorter");
    // After it was read: a change that came before is seen.
    if (performance.now() - lookedAt > lookMs) {
      lookedAt = performance.now();
      look = looked();
    }
    await look;
    return changed === undefined ? octets : undefined;
  };
  return {
    size,
    path,
    left: { descriptors: [], held: [] },
    keep(index, parts) {
      throw new Error(`fragment ${index} of ${joined(parts).length} octets is in ${path} already`);
    },
    read(index, done) {
      const at = index * fragmentSize;
      if (at >= size || changed !== undefined) return done(undefined);
      read(at).then(done, (error: unknown) => {
        spoilt(`could not be read (${error instanceof Error ? error.message : String(error)})`);
        done(undefined);
      });
    },
    drop: () => undefined,
    describe: () => undefined,
    content: (octets) => file.blocks(octets),
    finish: async () => undefined,
    close: () => file.close(),
  };
}

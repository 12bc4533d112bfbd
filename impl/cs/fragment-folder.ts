import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const session = "session-";

/** The folder of one session of R12 below the cache server's. */
export function sessionFolder(folder: string, id: string): string {
  return join(folder, session + id);
}

/**
 * Makes the folder, and finds out whether fragments can be kept there: better now than with the first fragment. What sessions of a process that
 * was killed left is deleted: nobody can join them any more.
 *
 * @throws Error of the system
 */
export async function openFragmentFolder(folder: string): Promise<void> {
  await made(folder);
  const probe = join(folder, ".writable");
  await writeFile(probe, "");
  await rm(probe);
  for (const name of await readdir(folder))
    if (name.startsWith(session)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Step by step: the recursive mkdir of Node does not come back where the system makes no folders, as below /proc. */
async function made(folder: string): Promise<void> {
  const there = await stat(folder).catch(() => undefined);
  if (there?.isDirectory()) return;
  const above = dirname(folder);
  if (above !== folder) await made(above);
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST" || there !== undefined) throw error;
  });
}

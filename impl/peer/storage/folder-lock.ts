import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PeerError } from "../errors.js";

/** Folders that peers of this process write to. */
const own = new Set<string>();

/**
 * Takes a folder for one process's use. What a killed process left is no lock: it names the process and when that began, so that another one
 * with the same number is told from it where the system says (Linux).
 *
 * @throws PeerError ERR_STORAGE where somebody else writes there; Error of the system
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const path = join(resolve(folder), "lock");
  if (own.has(path)) throw taken(folder, process.pid);
  own.add(path);
  try {
    await take(path, folder);
  } catch (error) {
    own.delete(path);
    throw error;
  }
  return {
    async release() {
      await rm(path, { force: true });
      own.delete(path);
    },
  };
}

async function take(path: string, folder: string): Promise<void> {
  const mine = `${process.pid} ${await beganAt(process.pid)}\n`;
  for (let attempt = 0; ; attempt++) {
    try {
      return await writeFile(path, mine, { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid = 0, began] = (await readFile(path, "utf8").catch(() => "")).trim().split(" ").map(Number);
    // One of this process that is not known is of an earlier process of the same number.
    if (pid !== process.pid && isAlive(pid) && began === (await beganAt(pid))) throw taken(folder, pid);
    if (attempt === 3) throw taken(folder, pid);
    await rm(path, { force: true });
  }
}

const taken = (folder: string, pid: number): PeerError =>
  new PeerError("ERR_STORAGE", `process ${pid} is fetching the same content into ${folder}`);

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** In ticks since the system was started; 0 where it does not say. */
async function beganAt(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name of the program, in brackets, may hold anything.
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? 0) || 0;
}

import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createSigningKey, type SigningKey, seedOctets } from "../keys/ed25519.js";
import { PeerError } from "./errors.js";

/** The key whose seed is in this file; made, for its owner's eyes only, when it is not there. @throws PeerError ERR_OPTIONS, or Error of the system */
export async function openKeyFile(path: string): Promise<SigningKey> {
  const seed = await readFile(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    const fresh = randomBytes(seedOctets);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, fresh, { mode: 0o600, flag: "wx" });
    return fresh;
  });
  if (seed.length !== seedOctets) {
    throw new PeerError("ERR_OPTIONS", `${path} is no key: its seed has ${seed.length} octets, not ${seedOctets}`);
  }
  return createSigningKey(seed);
}

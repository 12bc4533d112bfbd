import { hash } from "node:crypto";
import type { Random } from "../net/clock.js";
import { digestBlock } from "./sha256-block.js";

const saltOctets = 16;
/** Characters of 32 octets in base64url. */
const digestCharacters = 43;

/**
 * What is kept of a secret: `salt.digest`, both base64url, the digest being SHA-256 of the salt's text, a dot and the secret.
 *
 * Keys and passwords of HOMP are checked on every refresh, so a deliberately slow hash (scrypt: tens of milliseconds) would
 * let anybody stall the server. The price: whoever steals the file can guess short secrets fast. Long random keys are safe.
 */
export function hashSecret(secret: string, random: Random): string {
  const salt = `${Buffer.from(random.bytes(saltOctets)).toString("base64url")}.`;
  return salt + hash("sha256", salt + secret, "base64url");
}

const actual = new Int32Array(8);
const expected = new Int32Array(8);

/** Whether the secret is the one that was hashed; takes as long for a wrong one as for the right one of its length. */
export function matchesSecret(secret: string, hashed: string): boolean {
  const start = hashed.indexOf(".") + 1;
  if (hashed.length !== start + digestCharacters) return false;
  const text = hashed.slice(0, start) + secret;
  // Every word, or character, counts, whatever the ones before said.
  let difference = 0;
  if (digestBlock(text, actual)) {
    decodeDigest(hashed, start);
    for (let i = 0; i < 8; i++) difference |= (actual[i] as number) ^ (expected[i] as number);
  } else {
    const digest = hash("sha256", text, "base64url");
    for (let i = 0; i < digestCharacters; i++) difference |= digest.charCodeAt(i) ^ hashed.charCodeAt(start + i);
  }
  return difference === 0;
}

/** The six bits that a base64url character stands for. */
const sextets = new Uint8Array(128);
for (const [value, character] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].entries()) {
  sextets[character.charCodeAt(0)] = value;
}

/** The digest that begins at `start`, as words. */
function decodeDigest(hashed: string, start: number): void {
  let word = 0;
  let missing = 32;
  let count = 0;
  for (let i = start; i < hashed.length; i++) {
    const sextet = sextets[hashed.charCodeAt(i) & 127] as number;
    if (missing > 6) {
      word = (word << 6) | sextet;
      missing -= 6;
    } else {
      const rest = 6 - missing;
      expected[count++] = (word << missing) | (sextet >> rest);
      word = sextet & ((1 << rest) - 1);
      missing = 32 - rest;
    }
  }
}

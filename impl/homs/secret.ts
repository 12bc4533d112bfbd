import { hash } from "node:crypto";
import type { Random } from "../net/clock.js";

const saltOctets = 16;

/**
 * What is kept of a secret: `salt.digest`, both base64url, the digest being SHA-256 of the salt's text, a dot and the secret.
 *
 * Keys and passwords of HOMP are checked on every refresh, so a deliberately slow hash (scrypt: tens of milliseconds) would
 * let anybody stall the server. The price: whoever steals the file can guess short secrets fast. Long random keys are safe.
 */
export function hashSecret(secret: string, random: Random): string {
  const salt = `${Buffer.from(random.bytes(saltOctets)).toString("base64url")}.`;
  return salt + digest(salt, secret);
}

/** Whether the secret is the one that was hashed; takes as long for a wrong one as for the right one. */
export function matchesSecret(secret: string, hashed: string): boolean {
  const start = hashed.indexOf(".") + 1;
  const actual = digest(hashed.slice(0, start), secret);
  const { length } = actual;
  if (hashed.length !== start + length) return false;
  // Every character counts, whatever the ones before said: `timingSafeEqual` would need two buffers, at a microsecond.
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= actual.charCodeAt(i) ^ hashed.charCodeAt(start + i);
  return difference === 0;
}

/** One call into OpenSSL: a quarter of the time that `createHash` or `createHmac` take. */
const digest = (salt: string, secret: string): string => hash("sha256", salt + secret, "base64url");

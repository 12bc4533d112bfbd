import { hash, timingSafeEqual } from "node:crypto";
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
  const end = hashed.indexOf(".") + 1;
  const expected = Buffer.from(hashed.slice(end), "latin1");
  const actual = Buffer.from(digest(hashed.slice(0, end), secret), "latin1");
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** One call into OpenSSL: a quarter of the time that `createHash` or `createHmac` take. */
const digest = (salt: string, secret: string): string => hash("sha256", salt + secret, "base64url");

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Random } from "../net/clock.js";

const saltOctets = 16;

/**
 * What is kept of a secret: `salt.digest`, both base64url, the digest being HMAC-SHA-256 under the salt.
 *
 * Keys and passwords of HOMP are checked on every refresh, so a deliberately slow hash (scrypt: tens of milliseconds) would
 * let anybody stall the server. The price: whoever steals the file can guess short secrets fast. Long random keys are safe.
 */
export function hashSecret(secret: string, random: Random): string {
  const salt = Buffer.from(random.bytes(saltOctets));
  return `${salt.toString("base64url")}.${digest(secret, salt).toString("base64url")}`;
}

/** Whether the secret is the one that was hashed; takes as long for a wrong one as for the right one. */
export function matchesSecret(secret: string, hashed: string): boolean {
  const dot = hashed.indexOf(".");
  const expected = Buffer.from(hashed.slice(dot + 1), "base64url");
  const actual = digest(secret, Buffer.from(hashed.slice(0, dot), "base64url"));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

const digest = (secret: string, salt: Uint8Array): Buffer => createHmac("sha256", salt).update(secret, "utf8").digest();

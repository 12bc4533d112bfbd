import type { Random } from "./clock.js";

/** How a peer paces its attempts while the HOMS does not serve it. */
export interface BackoffSettings {
  /** The first pause is at most this long, in ms; it doubles with each failure in a row. */
  readonly baseMs: number;
  /** No pause is longer, in ms, unless the HOMS asks for it. */
  readonly capMs: number;
  /** Retry-After is followed up to here, in ms: a HOMS cannot send a peer away for ever. */
  readonly retryAfterCapMs: number;
}

export const defaultBackoff: BackoffSettings = { baseMs: 500, capMs: 30_000, retryAfterCapMs: 3_600_000 };

/**
 * The pause after the n-th failure in a row, in ms: half of it fixed, so that nobody hammers, half of it random, so that peers cut
 * off together do not return together. What the HOMS asks for is waited for in full.
 */
export function pauseMs(
  failures: number,
  { baseMs, capMs, retryAfterCapMs }: BackoffSettings,
  random: Random,
  retryAfterMs = 0,
): number {
  const bound = Math.min(capMs, baseMs * 2 ** Math.max(0, failures - 1));
  return Math.max(bound * (0.5 + 0.5 * fraction(random)), Math.min(retryAfterMs, retryAfterCapMs));
}

/** From 0 to below 1. */
export function fraction(random: Random): number {
  const bytes = random.bytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}

const alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Letters and digits, as PEER_AUTH wants the password of each new instance [Q.4103 6.1.7]. */
export function randomAlphanumerics(length: number, random: Random): string {
  return Array.from({ length }, () => alphanumerics[Math.floor(fraction(random) * alphanumerics.length)]).join("");
}

import type { Random } from "../net/clock.js";

/** Waits between attempts: they double up to a bound, with jitter, so that clients cut off together do not return together. */
export interface Backoff {
  /** Bound of the first wait, in ms. */
  readonly baseMs: number;
  /** No wait is longer, in ms, unless the server asks for it with Retry-After. */
  readonly capMs: number;
}

export const defaultBackoff: Backoff = { baseMs: 500, capMs: 30_000 };

/**
 * @param failures how many attempts in a row have failed, from 1 on
 * @returns ms until the next one: between half of the bound and all of it
 */
export function waitAfter(failures: number, { baseMs, capMs }: Backoff, random: Random): number {
  const bound = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  const [octet = 0] = random.bytes(1);
  return bound * (0.5 + octet / 510);
}

/** When to ask again, and how long to wait before. */

export interface RetryOptions {
  /** Requests at most, the first one included. Default 3. */
  readonly attempts?: number;
  /** The first wait is at most this long, in ms; it doubles each time. Default 100. */
  readonly baseMs?: number;
  /** No wait is longer, in ms, unless the server asks for it with Retry-After. Default 2000. */
  readonly capMs?: number;
  /** From 0 to 1; injectable for tests. */
  readonly random?: () => number;
}

export const defaultAttempts = 3;
const DEFAULT_BASE_MS = 100;
const DEFAULT_CAP_MS = 2_000;

/** Overload and gateways' troubles: another attempt may find better times. */
export const retryableStatuses: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** Full jitter: anything from nothing to the doubling bound, so that clients cut off together do not return together. */
export function backoffMs(attempt: number, { baseMs, capMs, random = Math.random }: RetryOptions): number {
  return random() * Math.min(capMs ?? DEFAULT_CAP_MS, (baseMs ?? DEFAULT_BASE_MS) * 2 ** (attempt - 1));
}

/** Retry-After [RFC 9110 10.2.3] in ms: seconds or a date; undefined when it is neither. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** What `setTimeout` takes at most, in ms; anything longer it would take as 1. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A delay for `setTimeout`: beyond 24 days, `Infinity` included, is as good as forever. */
export function timerMs(ms: number): number {
  return Math.min(ms, LONGEST_TIMER_MS);
}

/** Resolves after `ms`; rejects with the signal's reason when that comes first. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, timerMs(ms));
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

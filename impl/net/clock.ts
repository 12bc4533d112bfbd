import { randomBytes } from "node:crypto";

/** Where an entity takes the time from; tests put their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Where an entity takes randomness from; tests put a seeded one. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export const systemClock: Clock = { now: () => Date.now() };

export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/**
 * Counts on when the system's clock is set: what times a counterpart's silence by it removes nobody because of a jump.
 * Differs from the wall clock by what that was set by since the process began.
 */
export const monotonicClock: Clock = { now: () => performance.timeOrigin + performance.now() };

import type { Random } from "../../../net/clock.js";

/** A stream of numbers that its seed decides (splitmix32): the same on every machine. */
export interface Dice extends Random {
  /** From 0 to 1, 1 excluded. */
  fraction(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** A stream of its own: what it gives does not depend on how much is taken from this one later. */
  fork(): Dice;
}

export function createDice(seed: number): Dice {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const dice: Dice = {
    fraction: () => next() / 2 ** 32,
    whole: (from, to) => from + Math.floor(dice.fraction() * (to - from + 1)),
    between: (from, to) => from + dice.fraction() * (to - from),
    chance: (probability) => dice.fraction() < probability,
    pick: <T>(values: readonly T[]): T => {
      if (values.length === 0) throw new RangeError("nothing to pick from");
      return values[dice.whole(0, values.length - 1)] as T;
    },
    fork: () => createDice(next()),
    bytes: (length) => Uint8Array.from({ length }, () => next() & 255),
  };
  // The first outputs of neighbouring seeds are alike.
  for (let round = 0; round < 4; round++) next();
  return dice;
}

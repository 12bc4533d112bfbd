/** Numbers for picking among equals: many are wanted at once, and nothing depends on nobody guessing them. */
export class Dice {
  #state: number;

  /** @param random from 0 (included) to 1 */
  constructor(random: () => number) {
    this.#state = Math.floor(random() * 2 ** 32) | 1;
  }

  /** From 0 to below `end`, of 32 bits. */
  below(end: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % end;
  }
}

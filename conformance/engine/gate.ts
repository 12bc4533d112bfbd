/** Exchanges under way at once, to begin with: what a server with the smallest usual backlog (5) takes. */
const FIRST = 6;
const LEAST = 2;
const MOST = 24;
/** A server that takes longer than this, in ms, for a lonely request is tried with more at once. */
const SLOW = 10;

/**
 * Keeps the suite from being the overload it then reports: cases run side by side, their exchanges only as far as the product answers
 * as fast as it does to one. What waits here has not been sent, so neither the wait for an answer nor the case's budget runs.
 */
export class Gate {
  #limit = FIRST;
  #busy = 0;
  #best = Number.POSITIVE_INFINITY;
  readonly #waiting: (() => void)[] = [];

  /** Exchanges that may be under way now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Runs one exchange when there is room. `waited` is told how long that took, in ms, before the exchange begins. */
  async pass<Result>(exchange: () => Promise<Result>, waited: (milliseconds: number) => void): Promise<Result> {
    const asked = performance.now();
    if (this.#busy >= this.limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy++;
    const begun = performance.now();
    waited(begun - asked);
    try {
      return await exchange();
    } finally {
      this.#learn(performance.now() - begun);
      this.#busy--;
      while (this.#busy < this.limit && this.#waiting.length > 0) {
        this.#busy++;
        this.#waiting.shift()?.();
      }
    }
  }

  /** More at once where a slow server answers many as fast as one; fewer where they only stand in line. */
  #learn(milliseconds: number): void {
    this.#best = Math.min(this.#best, milliseconds);
    if (milliseconds > this.#best * 3 + 100) this.#limit = Math.max(LEAST, this.#limit - 1);
    else if (this.#best > SLOW && milliseconds < this.#best * 1.5) this.#limit = Math.min(MOST, this.#limit + 1);
  }
}

/** Exchanges under way at once. The first number is what a server with the smallest usual backlog (5) takes. */
const STEPS = [6, 8, 12, 18, 24] as const;
/** A server that answers within this, in ms, needs no more at once. */
const FAST = 10;

/**
 * Keeps the suite from being the overload it then reports: cases run side by side, their exchanges only as far as the product answers
 * many as fast as few. What waits here has not been sent, so neither the wait for an answer nor the case's budget runs.
 */
export class Gate {
  #step = 0;
  #settled = false;
  #busy = 0;
  /** Answers per ms at the step before. */
  #rate = 0;
  #taken: number[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #clock: () => number;

  /** `clock` gives milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Exchanges that may be under way now. */
  get limit(): number {
    return STEPS[this.#step] ?? STEPS[0];
  }

  /** Runs one exchange when there is room. `waited` is told how long that took, in ms, before the exchange begins. */
  async pass<Result>(exchange: () => Promise<Result>, waited: (milliseconds: number) => void): Promise<Result> {
    const asked = this.#clock();
    if (this.#busy >= this.limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy++;
    const begun = this.#clock();
    waited(begun - asked);
    try {
      return await exchange();
    } finally {
      this.#learn(this.#clock() - begun);
      this.#busy--;
      while (this.#busy < this.limit && this.#waiting.length > 0) {
        this.#busy++;
        this.#waiting.shift()?.();
      }
    }
  }

  /** A step up as long as it brings answers faster; where they only stand in line, a step back, and that is it. */
  #learn(milliseconds: number): void {
    if (this.#settled) return;
    this.#taken.push(milliseconds);
    if (this.#taken.length < 2 * this.limit) return;
    const typical = this.#taken.sort((a, b) => a - b)[this.limit] ?? 0;
    this.#taken = [];
    if (typical < FAST) return;
    const rate = this.limit / typical;
    const wanted = this.#step === 0 ? 0 : 1 + (this.limit / (STEPS[this.#step - 1] ?? 1) - 1) / 2;
    const better = rate >= this.#rate * wanted;
    this.#rate = rate;
    this.#step += better ? 1 : -1;
    this.#settled = !better || this.#step === STEPS.length - 1;
  }
}

import type { Clock } from "../net/clock.js";

/** How long failures count, in ms. */
const windowMs = 60_000;

/** Addresses remembered, at most: beyond that all of them are forgotten, since somebody has too many to be counted by address. */
const mostAddresses = 10_000;

/** Counts failures by address, so that nobody tries secrets as fast as the network goes. */
export class Throttle {
  readonly #clock: Clock;
  readonly #limit: number;
  #begun = 0;
  #failures = new Map<string, number>();

  constructor(limit: number, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Seconds to wait before another attempt is looked at; 0: none. */
  waits(address: string): number {
    this.#turn();
    if ((this.#failures.get(address) ?? 0) < this.#limit) return 0;
    return Math.ceil((this.#begun + windowMs - this.#clock.now()) / 1000);
  }

  failed(address: string): void {
    this.#turn();
    if (this.#failures.size >= mostAddresses) this.#failures.clear();
    this.#failures.set(address, (this.#failures.get(address) ?? 0) + 1);
  }

  #turn(): void {
    const now = this.#clock.now();
    if (now - this.#begun < windowMs) return;
    this.#begun = now;
    this.#failures.clear();
  }
}

import type { Clock, Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import { type Backoff, waitAfter } from "../pamp-client/backoff.js";

/** How soon a server that did not answer is asked again: well within the patience of those who wait for it to come back. */
const pace: Backoff = { baseMs: 500, capMs: 10_000 };

export interface AvailabilityParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Whether a server that this OMS uses answers. After a failure it is left alone for a while, longer with each failure in a row, so that
 * nobody waits for it meanwhile; what it is needed for goes on without it [X.609.10 7.2.4].
 */
export class Availability {
  readonly #name: string;
  readonly #parts: AvailabilityParts;
  #failures = 0;
  #pausedUntil = 0;

  constructor(name: string, parts: AvailabilityParts) {
    this.#name = name;
    this.#parts = parts;
  }

  /** Failures in a row; 0 while it answers. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether it is to be left alone now. */
  get paused(): boolean {
    return this.#parts.clock.now() < this.#pausedUntil;
  }

  /**
   * Asks. An answer that refuses is an answer: `ask` tells it by its value.
   *
   * @returns undefined where the server is left alone, or failed to answer, which `ask` tells by throwing
   */
  async try<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (this.paused) return undefined;
    const started = this.#parts.clock.now();
    try {
      const answer = await ask();
      if (this.#failures > 0) this.#parts.logger.info({ server: this.#name }, "answers again");
      this.#failures = 0;
      this.#pausedUntil = 0;
      return answer;
    } catch (error) {
      this.#failed(error, started);
      return undefined;
    }
  }

  /** Many may have waited for the same failure: it counts once. */
  #failed(error: unknown, started: number): void {
    const { clock, random, logger } = this.#parts;
    if (started < this.#pausedUntil) return;
    this.#failures++;
    this.#pausedUntil = clock.now() + waitAfter(this.#failures, pace, random);
    if (this.#failures === 1) logger.warn({ server: this.#name, err: error }, "does not answer: going on without");
  }
}

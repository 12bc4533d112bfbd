/** Octets per second, with a store for short bursts; may run into debt by one message, which later ones wait for. */
export class TokenBucket {
  #rate: number;
  #burst: number;
  #level: number;
  #at: number;

  /** @param rate octets per second, may be infinite. @param burst octets that may go at once after rest */
  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#level = burst;
    this.#at = now;
  }

  get rate(): number {
    return this.#rate;
  }

  set(rate: number, burst: number, now: number): void {
    this.#fill(now);
    this.#rate = rate;
    this.#burst = burst;
    this.#level = Math.min(this.#level, burst);
  }

  ready(now: number): boolean {
    if (this.#rate === Number.POSITIVE_INFINITY) return true;
    this.#fill(now);
    // A wake-up comes at the computed millisecond, which rounding may leave a hair short.
    return this.#level > -1e-6;
  }

  take(octets: number): void {
    if (this.#rate !== Number.POSITIVE_INFINITY) this.#level -= octets;
  }

  giveBack(octets: number): void {
    if (this.#rate !== Number.POSITIVE_INFINITY) this.#level = Math.min(this.#burst, this.#level + octets);
  }

  /** When it is ready again. */
  readyAt(now: number): number {
    if (this.ready(now)) return now;
    return this.#rate > 0 ? now - (this.#level * 1000) / this.#rate : Number.POSITIVE_INFINITY;
  }

  #fill(now: number): void {
    if (now <= this.#at) return;
    this.#level = Math.min(this.#burst, this.#level + ((now - this.#at) * this.#rate) / 1000);
    this.#at = now;
  }
}

const tau = 5_000;

/** Octets per second over the last seconds, the latest counting most. */
export class RateMeter {
  total = 0;
  #value = 0;
  #at = 0;

  add(octets: number, now: number): void {
    this.#fade(now);
    this.#value += octets;
    this.total += octets;
  }

  rate(now: number): number {
    this.#fade(now);
    return (this.#value * 1000) / tau;
  }

  #fade(now: number): void {
    if (now > this.#at) {
      this.#value *= Math.exp((this.#at - now) / tau);
      this.#at = now;
    }
  }
}

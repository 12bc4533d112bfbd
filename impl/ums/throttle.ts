import { createHmac } from "node:crypto";
import type { Clock, Random } from "../net/clock.js";

/** How long failures count, in ms. */
const windowMs = 60_000;

/** Addresses remembered, at most: beyond that all of them are forgotten, since somebody has too many to be counted by address. */
const mostAddresses = 10_000;
/** Users of addresses remembered, at most: beyond that the longest known is forgotten. */
const mostGuests = 100_000;

/**
 * Counts wrong credentials by address, so that nobody tries secrets as fast as the network goes. The same one again is no new guess,
 * and who was in from an address before is not kept waiting by others there.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #key: Uint8Array;
  #begun = 0;
  #failures = new Map<string, Set<string>>();
  /** Of those who were in, address and credential as one digest, the longest known first. */
  readonly #guests = new Set<string>();

  constructor(limit: number, clock: Clock, random: Random) {
    this.#clock = clock;
    this.#limit = limit;
    this.#key = random.bytes(32);
  }

  /** Seconds to wait before this credential is looked at; 0: none. */
  waits(address: string, credential: string): number {
    this.#turn();
    if ((this.#failures.get(address)?.size ?? 0) < this.#limit) return 0;
    if (this.#guests.has(this.#digest(address, credential))) return 0;
    return Math.ceil((this.#begun + windowMs - this.#clock.now()) / 1000);
  }

  /** To be called with what came of a credential. */
  shown(address: string, credential: string, right: boolean): void {
    this.#turn();
    const digest = this.#digest(address, credential);
    this.#guests.delete(digest);
    if (right) {
      this.#guests.add(digest);
      if (this.#guests.size > mostGuests) this.#guests.delete(this.#guests.values().next().value ?? "");
      return;
    }
    if (this.#failures.size >= mostAddresses && !this.#failures.has(address)) this.#failures.clear();
    const failures = this.#failures.get(address) ?? new Set();
    this.#failures.set(address, failures.add(digest));
  }

  #digest(address: string, credential: string): string {
    return createHmac("sha256", this.#key).update(`${address} ${credential}`).digest("base64url");
  }

  #turn(): void {
    const now = this.#clock.now();
    if (now - this.#begun < windowMs) return;
    this.#begun = now;
    this.#failures.clear();
  }
}

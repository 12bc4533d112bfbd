import type { PeerListRequest } from "../../../generated/oms/index.js";
import { fraction } from "../../net/backoff.js";
import { monotonicClock, type Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Run } from "../core/message.js";
import type { PeerListing } from "../servers/membership.js";
import type { PeerTimes } from "../types.js";

/** Missing fragments named in one request, at most. */
const maxWanted = 1000;

export interface ListingOptions {
  ask(request: PeerListRequest): Promise<PeerListing | undefined>;
  take(listing: PeerListing): Promise<void>;
  /** What is held, and what there is, of a FILE; undefined where fragments are not to be asked for one by one. */
  file(): { readonly held: readonly Run[]; readonly total: number } | undefined;
  readonly times: PeerTimes;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Asks the OMS for peers again [X.609.10 8.5]: now and then, which also brings new advice, and soon where the swarm has nobody left to turn
 * to; where no fragment has come since the last list, for peers that hold the fragments missing [X.609.1 8.2.2].
 */
export class Listing {
  readonly #options: ListingOptions;
  #timer: NodeJS.Timeout | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #progress = true;
  #stopped = false;
  #asking: Promise<void> | undefined;

  constructor(options: ListingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#askedAt = monotonicClock.now();
    this.#schedule(this.#period);
  }

  /** A fragment came. */
  progressed(): void {
    this.#progress = true;
  }

  /** Peers are wanted. */
  starving(): void {
    this.#schedule(this.#askedAt + this.#options.times.leastListMs - monotonicClock.now());
  }

  async now(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    await this.#asking;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  get #period(): number {
    return this.#options.times.listMs * (0.75 + 0.5 * fraction(this.#options.random));
  }

  #schedule(waitMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.now(), Math.max(0, waitMs));
  }

  async #ask(): Promise<void> {
    this.#askedAt = monotonicClock.now();
    try {
      const file = this.#progress ? undefined : this.#options.file();
      this.#progress = false;
      const request = file === undefined ? {} : requestFor(missing(file.held, file.total));
      const listing = await this.#options.ask(request);
      if (listing !== undefined && !this.#stopped) await this.#options.take(listing);
    } catch (error) {
      this.#options.logger.error({ err: error }, "peers could not be asked for");
    }
    this.#schedule(this.#period);
  }
}

function missing(held: readonly Run[], total: number): Run[] {
  const runs: Run[] = [];
  let next = 0;
  for (const { first, count } of held) {
    if (first > next) runs.push({ first: next, count: first - next });
    next = first + count;
  }
  if (next < total) runs.push({ first: next, count: total - next });
  return runs;
}

/** One run goes as a range; several one by one. */
function requestFor(runs: readonly Run[]): PeerListRequest {
  const [only, another] = runs;
  if (only === undefined) return {};
  if (another === undefined) {
    return { fragment_range: { start_fragment_id: only.first, end_fragment_id: only.first + only.count - 1 } };
  }
  const fragment: number[] = [];
  for (const { first, count } of runs) {
    for (let at = 0; at < count && fragment.length < maxWanted; at++) fragment.push(first + at);
  }
  return { fragment_list: { fragment } };
}

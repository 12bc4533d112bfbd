import { createUnisClient, type UnisClient } from "../../generated/unis/client.js";
import type { DistancePreferences, LocatedPeer, RoundTrip } from "../../generated/unis/types.js";
import { pauseMs } from "../net/backoff.js";
import { type Clock, type Random, systemClock, systemRandom } from "../net/clock.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { Pairs } from "./pairs.js";

export interface DistancesOptions {
  /** Absolute URL of the UNIS. */
  readonly unis: string | URL;
  /** How long an answer is waited for, in ms. Default 2000: joining must not hang on a server that only advises. */
  readonly timeoutMs?: number;
  /** Pairs kept. Default 200,000. */
  readonly maxPairs?: number;
  /** The pause after a failure, in ms; it doubles with each one in a row, up to `retryCapMs`. Default 1000 and 60,000. */
  readonly retryMs?: number;
  readonly retryCapMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

/** A peer in its place. Without a distance: the UNIS has not said anything of it. */
export interface RankedPeer {
  readonly peer_id: string;
  /** The smaller, the nearer. */
  readonly distance?: number;
  /** What it has in common with the asking peer: `same-host`, `same-as`… */
  readonly class?: string;
}

export interface Distances {
  /**
   * The peers, nearest first, those of unknown distance last in the order given. Waits for the UNIS only where a pair was
   * never asked about; what is merely out of date is asked for beside, and old knowledge serves. Never rejects.
   */
  order(
    peer: LocatedPeer,
    peers: readonly LocatedPeer[],
    preferences?: DistancePreferences,
  ): Promise<readonly RankedPeer[]>;
  /** Tells the UNIS round trips that this peer measured, at most once in the interval it asks for. Never rejects. */
  report(peer: LocatedPeer, roundTrips: readonly RoundTrip[]): Promise<void>;
  /** Pairs known. */
  readonly size: number;
  /** Gives up what is under way. */
  close(): void;
}

/** Peers in one question, and round trips in one report, at most: what the spec allows. */
const mostPeers = 10_000;
const mostRoundTrips = 1000;

/**
 * A UNIS with a memory [X.609.10 8.3 b, c, 8.4 a, b].
 *
 * @throws HttpError ERR_BASE_URL where `unis` is no absolute URL
 */
export function createDistances(options: DistancesOptions): Distances {
  const { clock = systemClock, timeoutMs = 2000 } = options;
  const pairs = new Pairs(options.maxPairs ?? 200_000);
  const cut = new AbortController();
  const unis = new Pause(createUnisClient({ baseUrl: options.unis, timeoutMs, retry: false }), options);
  let nextReport = 0;

  const ask = async (asker: string, peer: LocatedPeer, peers: LocatedPeer[], preferences?: DistancePreferences) => {
    // The UNIS would leave out what lies beyond a maximum, and those pairs would be asked about again: the caller cuts.
    const { max: _, ...wishes } = preferences ?? {};
    const distance_query = { peer, peers, ...(wishes.prefer === undefined ? {} : { preferences: wishes }) };
    const result = await unis.call((client) =>
      client.UNIS_DISTANCE_QUERY({ body: { distance_query } }, { signal: cut.signal }),
    );
    if (result?.status !== 200) return;
    const { peer: answered, update_request_interval: interval } = result.body.distances;
    const byId = new Map(answered.map((one) => [one.peer_id, one]));
    const until = clock.now() + interval * 1000;
    for (const one of peers) {
      const said = byId.get(one.peer_id);
      // What it leaves out it will leave out again: that is an answer, too.
      const known = { distance: said?.distance ?? Number.POSITIVE_INFINITY, class: said?.class ?? "unknown", until };
      pairs.learn(asker, keyOf(one), known);
    }
  };

  return {
    get size() {
      return pairs.size;
    },
    async order(peer, peers, preferences) {
      const asker = `${keyOf(peer)}\n${JSON.stringify(preferences?.prefer ?? [])}`;
      const { known, asked } = pairs.of(asker);
      const now = clock.now();
      const due = peers.filter((one) => {
        const key = keyOf(one);
        return !asked.has(key) && !((known.get(key)?.until ?? Number.NEGATIVE_INFINITY) > now);
      });
      if (due.length > 0 && unis.ready(now)) {
        const wanted = due.slice(0, mostPeers);
        const asking = ask(asker, peer, wanted, preferences).finally(() => {
          for (const one of wanted) asked.delete(keyOf(one));
        });
        for (const one of wanted) asked.set(keyOf(one), asking);
      }
      const awaited = peers.flatMap((one) => (known.has(keyOf(one)) ? [] : (asked.get(keyOf(one)) ?? [])));
      await Promise.all(new Set(awaited));
      const ranked = rank(peers, pairs.of(asker).known);
      return preferences?.max === undefined ? ranked : ranked.slice(0, preferences.max);
    },
    async report(peer, roundTrips) {
      const now = clock.now();
      if (roundTrips.length === 0 || now < nextReport || !unis.ready(now)) return;
      nextReport = Number.POSITIVE_INFINITY;
      const measurements = { peer, round_trip: roundTrips.slice(0, mostRoundTrips) };
      const result = await unis.call((client) =>
        client.UNIS_MEASUREMENT_REPORT({ body: { measurements } }, { signal: cut.signal }),
      );
      const interval = result?.status === 200 ? result.body.measurements.report_interval : 0;
      nextReport = clock.now() + interval * 1000;
    },
    close: () => cut.abort(),
  };
}

function rank(peers: readonly LocatedPeer[], known: ReadonlyMap<string, { distance: number; class: string }>) {
  const ranked = peers.map((one) => ({ peer_id: one.peer_id, said: known.get(keyOf(one)) }));
  const far = Number.POSITIVE_INFINITY;
  ranked.sort((a, b) => {
    const [first, second] = [a.said?.distance ?? far, b.said?.distance ?? far];
    return first === second ? 0 : first - second;
  });
  return ranked.map(({ peer_id, said }): RankedPeer => {
    return said === undefined || said.distance === far
      ? { peer_id }
      : { peer_id, distance: said.distance, class: said.class };
  });
}

/** A client that is left alone for a while after each failure. */
class Pause {
  readonly #client: UnisClient;
  readonly #options: DistancesOptions;
  #failures = 0;
  #until = Number.NEGATIVE_INFINITY;

  constructor(client: UnisClient, options: DistancesOptions) {
    this.#client = client;
    this.#options = options;
  }

  ready(now: number): boolean {
    return now >= this.#until;
  }

  /** What the call gives; undefined where the UNIS did not answer, or refused. */
  async call<T extends { status: number | "other"; code?: number }>(
    perform: (client: UnisClient) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      const result = await perform(this.#client);
      if (result.status === 200) {
        this.#failures = 0;
        return result;
      }
      this.#failed({ status: result.code ?? result.status });
    } catch (error) {
      this.#failed({ err: error });
    }
    return undefined;
  }

  #failed(why: object): void {
    const { clock = systemClock, random = systemRandom, logger = silentLogger } = this.#options;
    const { retryMs: baseMs = 1000, retryCapMs: capMs = 60_000 } = this.#options;
    this.#failures++;
    this.#until = clock.now() + pauseMs(this.#failures, { baseMs, capMs, retryAfterCapMs: capMs }, random);
    logger.warn({ ...why, failures: this.#failures }, "the UNIS does not answer: old distances go on");
  }
}

function keyOf({ peer_id, address }: LocatedPeer): string {
  return `${peer_id}\n${address}`;
}

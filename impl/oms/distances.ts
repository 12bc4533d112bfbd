import type { Clock } from "../net/clock.js";
import type { Availability } from "./availability.js";
import type { Member } from "./overlay.js";

/** How peers are ordered by distance, R3 [X.609.10 8.3]. */
export interface Unis {
  /** @throws when there is no answer */
  distances(
    peer: LocatedPeer,
    peers: readonly LocatedPeer[],
  ): Promise<{ readonly distances: ReadonlyMap<string, number>; readonly interval: number }>;
}

export interface LocatedPeer {
  readonly peer_id: string;
  readonly address: string;
}

interface Entry {
  /** Undefined where the UNIS does not know. */
  distance: number | undefined;
  /** Not asked for again before, in ms since the epoch. */
  until: number;
}

export interface DistanceParts {
  readonly unis: Unis;
  readonly availability: Availability;
  readonly clock: Clock;
  /** Pairs kept. */
  readonly most: number;
}

/** Least time between two questions about a pair, in ms, whatever the UNIS says: a list must find what the one before asked for. */
const leastInterval = 1000;

/** The local cache of distances [8.3 b]: no pair is asked for again before its update request interval is over [8.3 c]. */
export class Distances {
  readonly #parts: DistanceParts;
  /** By the two addresses, the oldest answer first. */
  readonly #known = new Map<string, Entry>();
  /** Questions under way, by pair: who wants the same waits for the same. */
  readonly #asked = new Map<string, Promise<void>>();

  constructor(parts: DistanceParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Distances of these peers from one of them, as far as they are known; an old answer counts while there is no new one. */
  async from(peer: Member, others: readonly Member[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    const address = peer.record.addresses[0];
    if (address === undefined) return found;
    const now = this.#parts.clock.now();
    const wanted: LocatedPeer[] = [];
    const waits = new Set<Promise<void>>();
    for (const other of others) {
      const there = other.record.addresses[0];
      if (there === undefined) continue;
      const pair = pairOf(address, there);
      const running = this.#asked.get(pair);
      if (running !== undefined) waits.add(running);
      else if (!(now < (this.#known.get(pair)?.until ?? 0))) wanted.push({ peer_id: other.peerId, address: there });
    }
    const room = this.#makeRoom(wanted.length, now);
    if (room > 0) waits.add(this.#ask({ peer_id: peer.peerId, address }, wanted.slice(0, room)));
    await Promise.all(waits);
    for (const { peerId, record } of others) {
      const there = record.addresses[0];
      const distance = there === undefined ? undefined : this.#known.get(pairOf(address, there))?.distance;
      if (distance !== undefined) found.set(peerId, distance);
    }
    return found;
  }

  #ask(peer: LocatedPeer, peers: readonly LocatedPeer[]): Promise<void> {
    const { availability, unis } = this.#parts;
    if (availability.paused) return Promise.resolve();
    const pairs = peers.map(({ address }) => pairOf(peer.address, address));
    const asking = availability
      .try(() => unis.distances(peer, peers))
      .then((answer) => {
        for (const pair of pairs) this.#asked.delete(pair);
        if (answer === undefined) return;
        const until = this.#parts.clock.now() + Math.max(leastInterval, answer.interval * 1000);
        for (const [i, { peer_id }] of peers.entries()) {
          const pair = pairs[i] as string;
          // To the end of the order: the oldest stay in front.
          this.#known.delete(pair);
          this.#known.set(pair, { distance: answer.distances.get(peer_id), until });
        }
      });
    for (const pair of pairs) this.#asked.set(pair, asking);
    return asking;
  }

  /**
   * Room for so many pairs, or fewer: what is still good is never thrown out, since it would be asked for again too soon.
   */
  #makeRoom(count: number, now: number): number {
    const { most } = this.#parts;
    for (const [pair, { until }] of this.#known) {
      if (this.#known.size + this.#asked.size + count <= most || until > now) break;
      this.#known.delete(pair);
    }
    return Math.max(0, Math.min(count, most - this.#known.size - this.#asked.size));
  }
}

const pairOf = (from: string, to: string): string => `${from} ${to}`;

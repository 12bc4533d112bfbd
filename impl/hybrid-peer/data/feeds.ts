import type { BroadcastData } from "../core/message.js";
import type { DataPath, Paths, Timers } from "../core/ports.js";
import { Fifo } from "./fifo.js";
import type { Range } from "./ranges.js";

/** Cached data, looked up when it is its turn; or a message of its own. */
type Piece =
  | { readonly source: string; next: number; readonly to: number }
  | { readonly message: BroadcastData; readonly octets: number };

interface Feed {
  readonly path: DataPath;
  readonly pieces: Fifo<Piece>;
  /** Of pieces that are messages of their own. */
  octets: number;
  scheduled: boolean;
}

export interface FeedsOptions {
  readonly paths: Pick<Paths, "drop">;
  readonly timers: Timers;
  /** Octets that may wait on a link before a feed pauses. */
  readonly highWater: number;
  /** Octets of messages of their own that may wait for one path. */
  readonly maxOctets: number;
  cached(source: string, sequence: number): BroadcastData | undefined;
}

/** Pause before a link that is full is looked at again. */
const FULL_MS = 5;

/** Sequences looked up at a time, found or not. */
const MOST_LOOKUPS = 2000;

/**
 * What is sent on one path beside the live data: what the other end lacks, out of the cache [Q.4100 7.2.3.2], and long messages of this
 * peer. In order, and not more than the link can take: it goes on when `link.queued` has fallen.
 */
export class Feeds {
  readonly #options: FeedsOptions;
  readonly #feeds = new Map<number, Feed>();

  constructor(options: FeedsOptions) {
    this.#options = options;
  }

  /** A message of its own is waiting: what is published after it has to wait too, to stay behind it. */
  busy(path: DataPath): boolean {
    const feed = this.#feeds.size === 0 ? undefined : this.#feeds.get(path.link.id);
    return feed !== undefined && feed.octets > 0;
  }

  /** Starts after the call: what the caller sends first comes first. */
  addCached(path: DataPath, source: string, ranges: Iterable<Range>): void {
    const feed = this.#of(path);
    for (const [from, to] of ranges) feed.pieces.push({ source, next: from, to });
    this.#schedule(feed, 0);
  }

  add(path: DataPath, message: BroadcastData): void {
    const feed = this.#of(path);
    const octets = message.data.payload.byteLength + 1;
    if (feed.octets + octets > this.#options.maxOctets) {
      this.drop(path);
      this.#options.paths.drop(path, `more than ${this.#options.maxOctets} octets of own data wait for it`);
      return;
    }
    feed.octets += octets;
    feed.pieces.push({ message, octets });
    this.#pump(feed);
  }

  drop(path: DataPath): void {
    this.#feeds.delete(path.link.id);
  }

  #of(path: DataPath): Feed {
    let feed = this.#feeds.get(path.link.id);
    if (feed === undefined) {
      feed = { path, pieces: new Fifo(), octets: 0, scheduled: false };
      this.#feeds.set(path.link.id, feed);
    }
    return feed;
  }

  #schedule(feed: Feed, ms: number): void {
    if (feed.scheduled) return;
    feed.scheduled = true;
    this.#options.timers.after(ms, () => {
      feed.scheduled = false;
      if (this.#feeds.get(feed.path.link.id) === feed) this.#pump(feed);
    });
  }

  #pump(feed: Feed): void {
    const { link } = feed.path;
    let octets = 0;
    let lookups = 0;
    for (;;) {
      const piece = feed.pieces.first;
      if (piece === undefined) break;
      const full = link.queued >= this.#options.highWater;
      // Also where a link takes everything at once: others have their turn.
      if (full || octets >= this.#options.highWater || lookups >= MOST_LOOKUPS) {
        this.#schedule(feed, full ? FULL_MS : 1);
        return;
      }
      const message = this.#take(feed, piece);
      lookups += 1;
      if (message === undefined) continue;
      octets += message.data.payload.byteLength;
      // One that the link cannot take, because it is too long for a data channel, does not hold up the others.
      link.send(message);
    }
    this.drop(feed.path);
  }

  #take(feed: Feed, piece: Piece): BroadcastData | undefined {
    if ("message" in piece) {
      feed.pieces.shift();
      feed.octets -= piece.octets;
      return piece.message;
    }
    const sequence = piece.next;
    piece.next += 1;
    if (piece.next > piece.to) feed.pieces.shift();
    return this.#options.cached(piece.source, sequence);
  }
}

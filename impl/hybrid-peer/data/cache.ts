import type { BroadcastData } from "../core/message.js";
import { RangeSet } from "./ranges.js";

export interface CacheLimits {
  /** mN_Cache [Q.4103 6.1.8]: per source; 0: nothing is kept. */
  readonly messages: number;
  /** mD_Cache, in ms: younger messages are kept though there are more than `messages`; 0: no least time. */
  readonly leastMs: number;
  /** Of all sources together, whatever the two others say. */
  readonly octets: number;
}

/** Memory that messages are views of. */
interface Buffer {
  readonly buffer: ArrayBufferLike;
  uses: number;
}

/** In two lists: of all sources, and of its own; both in the order of arrival. */
interface Entry {
  readonly shelf: Shelf;
  readonly sequence: number;
  readonly message: BroadcastData;
  readonly at: number;
  readonly payload: Buffer;
  readonly frame: Buffer | undefined;
  earlier: Entry | undefined;
  later: Entry | undefined;
  earlierOfSource: Entry | undefined;
  laterOfSource: Entry | undefined;
}

/** What is kept of one source. */
export class Shelf {
  readonly entries = new Map<number, Entry>();
  readonly held = new RangeSet();
  oldest: Entry | undefined;
  newest: Entry | undefined;

  get(sequence: number): BroadcastData | undefined {
    return this.entries.get(sequence)?.message;
  }
}

/** What an entry costs beside its octets. */
const ENTRY_OCTETS = 300;

/**
 * The circular caches of all sources [Q.4100 7.2.3.1]: the newest message takes the place of the one that came first. Putting in and
 * overwriting take constant time.
 *
 * The octet bound counts memory that the cache keeps alive: the whole buffer that a message is a view of, once.
 */
export class Cache {
  readonly #now: () => number;
  readonly #buffers = new Map<ArrayBufferLike, Buffer>();
  #limits: CacheLimits;
  #oldest: Entry | undefined;
  #newest: Entry | undefined;
  #messages = 0;
  #octets = 0;

  constructor(now: () => number, limits: CacheLimits) {
    this.#now = now;
    this.#limits = limits;
  }

  get messages(): number {
    return this.#messages;
  }

  get octets(): number {
    return this.#octets;
  }

  get enabled(): boolean {
    return this.#limits.messages > 0;
  }

  /** Takes effect on each source with its next message. */
  limit(limits: CacheLimits): void {
    this.#limits = limits;
  }

  put(shelf: Shelf, message: BroadcastData): void {
    const { messages, leastMs, octets } = this.#limits;
    const { payload, sequence } = message.data;
    if (messages <= 0 || shelf.entries.has(sequence)) return;
    const now = leastMs > 0 ? this.#now() : 0;
    const frame = message.frame?.octets.buffer;
    const entry: Entry = {
      shelf,
      sequence,
      message,
      at: now,
      payload: this.#keep(payload.buffer),
      frame: frame === undefined || frame === payload.buffer ? undefined : this.#keep(frame),
      earlier: this.#newest,
      later: undefined,
      earlierOfSource: shelf.newest,
      laterOfSource: undefined,
    };
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.later = entry;
    this.#newest = entry;
    if (shelf.newest === undefined) shelf.oldest = entry;
    else shelf.newest.laterOfSource = entry;
    shelf.newest = entry;
    shelf.entries.set(sequence, entry);
    shelf.held.add(sequence);
    this.#messages += 1;
    this.#octets += ENTRY_OCTETS;
    while (shelf.entries.size > messages && shelf.oldest !== undefined) {
      if (leastMs > 0 && now - shelf.oldest.at < leastMs) break;
      this.#evict(shelf.oldest);
    }
    while (this.#octets > octets && this.#oldest !== undefined) this.#evict(this.#oldest);
  }

  /** Everything of one source. */
  drop(shelf: Shelf): void {
    while (shelf.oldest !== undefined) this.#evict(shelf.oldest);
  }

  #evict(entry: Entry): void {
    const { shelf, sequence, payload, frame, earlier, later, earlierOfSource, laterOfSource } = entry;
    if (earlier === undefined) this.#oldest = later;
    else earlier.later = later;
    if (later === undefined) this.#newest = earlier;
    else later.earlier = earlier;
    if (earlierOfSource === undefined) shelf.oldest = laterOfSource;
    else earlierOfSource.laterOfSource = laterOfSource;
    if (laterOfSource === undefined) shelf.newest = earlierOfSource;
    else laterOfSource.earlierOfSource = earlierOfSource;
    shelf.entries.delete(sequence);
    shelf.held.delete(sequence);
    this.#messages -= 1;
    this.#octets -= ENTRY_OCTETS;
    this.#release(payload);
    if (frame !== undefined) this.#release(frame);
  }

  #keep(buffer: ArrayBufferLike): Buffer {
    // Messages that one read brought follow each other.
    const last = this.#newest?.payload;
    const known = last?.buffer === buffer ? last : this.#buffers.get(buffer);
    if (known !== undefined) {
      known.uses += 1;
      return known;
    }
    const kept = { buffer, uses: 1 };
    this.#buffers.set(buffer, kept);
    this.#octets += buffer.byteLength;
    return kept;
  }

  #release(kept: Buffer): void {
    kept.uses -= 1;
    if (kept.uses > 0) return;
    this.#buffers.delete(kept.buffer);
    this.#octets -= kept.buffer.byteLength;
  }
}

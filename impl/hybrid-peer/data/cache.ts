import type { BroadcastData } from "../core/message.js";
import { Fifo } from "./fifo.js";
import { RangeSet } from "./ranges.js";

export interface CacheLimits {
  /** mN_Cache [Q.4103 6.1.8]: per source; 0: nothing is kept. */
  readonly messages: number;
  /** mD_Cache, in ms: younger messages are kept though there are more than `messages`; 0: no least time. */
  readonly leastMs: number;
  /** Of all sources together, whatever the two others say. */
  readonly octets: number;
}

interface Entry {
  readonly shelf: Shelf;
  readonly sequence: number;
  readonly message: BroadcastData;
  readonly at: number;
  gone: boolean;
}

/** What is kept of one source. */
export class Shelf {
  readonly entries = new Map<number, Entry>();
  /** In the order of arrival; may have entries that are gone. */
  readonly order = new Fifo<Entry>();
  readonly held = new RangeSet();

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
  #limits: CacheLimits;
  /** Of all sources, in the order of arrival. */
  #order = new Fifo<Entry>();
  #buffers = new Map<ArrayBufferLike, number>();
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
    const { sequence } = message.data;
    if (messages <= 0 || shelf.entries.has(sequence)) return;
    const now = leastMs > 0 ? this.#now() : 0;
    const entry: Entry = { shelf, sequence, message, at: now, gone: false };
    shelf.entries.set(sequence, entry);
    shelf.held.add(sequence);
    shelf.order.push(entry);
    this.#order.push(entry);
    this.#messages += 1;
    this.#octets += ENTRY_OCTETS;
    this.#keep(message.data.payload.buffer);
    if (message.frame !== undefined) this.#keep(message.frame.octets.buffer);
    while (shelf.entries.size > messages) {
      const oldest = firstOf(shelf.order);
      if (oldest === undefined || (leastMs > 0 && now - oldest.at < leastMs)) break;
      this.#evict(oldest);
    }
    while (this.#octets > octets) {
      const oldest = firstOf(this.#order);
      if (oldest === undefined) break;
      this.#evict(oldest);
    }
    if (this.#order.length > 2 * this.#messages + 64) this.#order.filter((one) => !one.gone);
  }

  /** Everything of one source. */
  drop(shelf: Shelf): void {
    for (const entry of [...shelf.entries.values()]) this.#evict(entry);
  }

  #evict(entry: Entry): void {
    const { shelf, message } = entry;
    entry.gone = true;
    shelf.entries.delete(entry.sequence);
    shelf.held.delete(entry.sequence);
    if (shelf.order.first === entry) shelf.order.shift();
    else if (shelf.order.length > 2 * shelf.entries.size + 64) shelf.order.filter((one) => !one.gone);
    this.#messages -= 1;
    this.#octets -= ENTRY_OCTETS;
    this.#release(message.data.payload.buffer);
    if (message.frame !== undefined) this.#release(message.frame.octets.buffer);
  }

  #keep(buffer: ArrayBufferLike): void {
    const uses = this.#buffers.get(buffer);
    if (uses === undefined) this.#octets += buffer.byteLength;
    this.#buffers.set(buffer, (uses ?? 0) + 1);
  }

  #release(buffer: ArrayBufferLike): void {
    const uses = this.#buffers.get(buffer) ?? 1;
    if (uses > 1) this.#buffers.set(buffer, uses - 1);
    else {
      this.#buffers.delete(buffer);
      this.#octets -= buffer.byteLength;
    }
  }
}

function firstOf(order: Fifo<Entry>): Entry | undefined {
  while (order.first?.gone === true) order.shift();
  return order.first;
}

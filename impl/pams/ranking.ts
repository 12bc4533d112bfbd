import type { Peer } from "./peer.js";
import type { Ordering, OverlayEvent } from "./types.js";

/** What a list is ordered by; NONE: by peer ID alone; NEWEST: by the newest fragment held; HELPFUL: by upload capacity that is free. */
export type Criterion = Ordering | "NONE" | "NEWEST" | "HELPFUL";

/** The figures of a peer that rankings depend on. */
export interface Figures {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly left: number;
  /** The highest fragment held, -1 where there is none. */
  readonly newest: number;
  /** Kilobytes per second. */
  readonly free: number;
}

/** Sort key, ascending: most uploaded or downloaded first, least left first [E-PAMP-27]. */
export function rankKey(criterion: Criterion, { uploaded, downloaded, left, newest, free }: Figures): number {
  switch (criterion) {
    case "UPLOADED":
      return -uploaded;
    case "DOWNLOADED":
      return -downloaded;
    case "LEFT":
      return left;
    case "NEWEST":
      return -newest;
    case "HELPFUL":
      return -free;
    case "NONE":
      return 0;
  }
}

/** Most peers in one chunk: moving that many references costs less than comparing through a deeper tree. */
const chunkSize = 512;

/**
 * The peers of one overlay network in the order of one criterion, ties by peer ID; all of them, or those with one
 * participation status. A sorted list cut into chunks: O(log n) to find a place, a short move to take it.
 */
export class Ranking {
  readonly criterion: Criterion;
  readonly status: OverlayEvent | undefined;
  /** This ranking's bit in {@link Peer.ranked}. */
  readonly bit: number;
  readonly #chunks: Peer[][] = [];
  #source: Iterator<Peer> | undefined;
  #size = 0;

  /** Starts empty; {@link build} brings in what `source` yields. */
  constructor(criterion: Criterion, status: OverlayEvent | undefined, bit: number, source: Iterator<Peer>) {
    this.criterion = criterion;
    this.status = status;
    this.bit = bit;
    this.#source = source;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether every peer that belongs here is here. */
  get complete(): boolean {
    return this.#source === undefined;
  }

  /** Brings in up to `count` more peers of the source. */
  build(count: number): void {
    for (let i = 0; i < count && this.#source !== undefined; i++) {
      const { done, value } = this.#source.next();
      if (done) this.#source = undefined;
      else if (value.live && (value.ranked & this.bit) === 0 && this.admits(value.event)) this.insert(value);
    }
  }

  admits(event: OverlayEvent | undefined): boolean {
    return this.status === undefined || this.status === event;
  }

  insert(peer: Peer): void {
    peer.ranked |= this.bit;
    this.#size++;
    const key = rankKey(this.criterion, peer);
    const at = this.#chunkFor(key, peer.id);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push([peer]);
      return;
    }
    chunk.splice(this.#placeIn(chunk, key, peer.id), 0, peer);
    if (chunk.length > chunkSize) this.#chunks.splice(at + 1, 0, chunk.splice(chunkSize >>> 1));
  }

  /** Takes a peer out; its figures must still be those it was inserted with. */
  remove(peer: Peer): void {
    peer.ranked &= ~this.bit;
    this.#size--;
    const key = rankKey(this.criterion, peer);
    const at = this.#chunkFor(key, peer.id);
    const chunk = this.#chunks[at];
    const place = chunk === undefined ? 0 : this.#placeIn(chunk, key, peer.id);
    if (chunk?.[place] !== peer) throw new Error(`ranking ${this.criterion} lost peer ${peer.id}`);
    chunk.splice(place, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** Calls `visit` for each peer in order until it returns false. `after`: starts behind this ID and goes round (criterion NONE only). */
  visit(visit: (peer: Peer) => boolean, after?: string): void {
    if (after === undefined) {
      this.#walk(0, 0, visit);
      return;
    }
    let going = true;
    const start = this.#chunkFor(0, after);
    const chunk = this.#chunks[start];
    let place = chunk === undefined ? 0 : this.#placeIn(chunk, 0, after);
    if (chunk?.[place]?.id === after) place++;
    this.#walk(start, place, (peer) => {
      going = visit(peer);
      return going;
    });
    if (going) this.#walk(0, 0, (peer) => peer.id <= after && visit(peer));
  }

  #walk(start: number, place: number, visit: (peer: Peer) => boolean): void {
    for (let c = start; c < this.#chunks.length; c++) {
      const chunk = this.#chunks[c] as Peer[];
      for (let i = c === start ? place : 0; i < chunk.length; i++) {
        if (!visit(chunk[i] as Peer)) return;
      }
    }
  }

  /** The first chunk whose last peer does not come before the key; the last chunk when all do. */
  #chunkFor(key: number, id: string): number {
    let low = 0;
    let high = Math.max(0, this.#chunks.length - 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = this.#chunks[middle] as Peer[];
      if (this.#before(chunk[chunk.length - 1] as Peer, key, id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placeIn(chunk: readonly Peer[], key: number, id: string): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#before(chunk[middle] as Peer, key, id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #before(peer: Peer, key: number, id: string): boolean {
    const own = rankKey(this.criterion, peer);
    return own < key || (own === key && peer.id < id);
  }
}

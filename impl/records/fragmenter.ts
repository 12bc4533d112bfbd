import { encode, type Part } from "../../generated/peer/records/index.js";
import { type DataRecord, headerOctets, longestPayload, partOctets } from "./record.js";

/** Makes fragments of what comes in: full ones at once, a partly filled one when it has waited long enough [X.609.10 6]. */
export interface Fragmenter<T> {
  /** What is added stays as it is until its fragment is there. @returns the fragments that are full now, in order. Times are ms of one clock. */
  add(what: T, now: number): Uint8Array[];
  /** When {@link flush} is due: a partly filled fragment waits. Undefined where none does. */
  readonly dueAt: number | undefined;
  /** The partly filled fragment, if there is one. */
  flush(): Uint8Array[];
  /** Octets that wait for more. */
  readonly waiting: number;
}

export interface FragmenterOptions {
  /** Octets of a full fragment. */
  readonly fragmentSize: number;
  /** How long data wait for others to share a fragment with, in ms; infinite: until it is full. */
  readonly lingerMs: number;
}

/** A datum as it arrives: the fragmenter counts. */
export type NewRecord = Omit<DataRecord, "sequence">;

/** Fragments of records have at least this size, so that every fragment has room for data beside its identifiers. */
export const leastRecordFragment = 1024;
/** A datum longer than a fragment begins in the rest of one only where at least so much of it fits. */
const leastPart = 256;

/**
 * Slices the octets of one stream into fragments of one size; only a flush, and the end, gives a shorter one.
 *
 * @throws RangeError when the size is none
 */
export function createOctetFragmenter({ fragmentSize, lingerMs }: FragmenterOptions): Fragmenter<Uint8Array> {
  if (!Number.isSafeInteger(fragmentSize) || fragmentSize < 1) throw new RangeError("fragmentSize is at least 1 octet");
  let open: Uint8Array | undefined;
  let filled = 0;
  let dueAt: number | undefined;
  const take = (): Uint8Array[] => {
    if (open === undefined || filled === 0) return [];
    const fragment = filled === fragmentSize ? open : open.slice(0, filled);
    open = undefined;
    filled = 0;
    dueAt = undefined;
    return [fragment];
  };
  return {
    add(octets, now) {
      const full: Uint8Array[] = [];
      for (let at = 0; at < octets.length; ) {
        if (open === undefined) {
          open = new Uint8Array(fragmentSize);
          dueAt = Number.isFinite(lingerMs) ? now + lingerMs : undefined;
        }
        const piece = octets.subarray(at, at + fragmentSize - filled);
        open.set(piece, filled);
        filled += piece.length;
        at += piece.length;
        if (filled === fragmentSize) full.push(...take());
      }
      return full;
    },
    get dueAt() {
      return dueAt;
    },
    flush: take,
    get waiting() {
      return filled;
    },
  };
}

/**
 * Puts data of any number of data sources into fragments: several small ones share one, a long one is sliced [X.609.10 6, 8.10 a), b)]. A
 * datum that fits into one fragment is never spread over two, so that a lost fragment costs no datum of another.
 *
 * @throws RangeError when the size is too small for records
 */
export function createRecordFragmenter({ fragmentSize, lingerMs }: FragmenterOptions): Fragmenter<NewRecord> {
  if (!Number.isSafeInteger(fragmentSize) || fragmentSize < leastRecordFragment)
    throw new RangeError(`fragments of records have at least ${leastRecordFragment} octets`);
  const sequences = new Map<string, number>();
  let parts: Part[] = [];
  let filled = headerOctets;
  let dueAt: number | undefined;
  const take = (): Uint8Array[] => {
    if (parts.length === 0) return [];
    const fragment = encode({ parts });
    parts = [];
    filled = headerOctets;
    dueAt = undefined;
    return [fragment];
  };
  return {
    add({ sourceId, dataId, time, kind, payload }, now) {
      if (payload.length > longestPayload) throw new RangeError(`a payload has at most ${longestPayload} octets`);
      const key = JSON.stringify([sourceId, dataId]);
      const sequence = sequences.get(key) ?? 0;
      const head = { sourceId, dataId, sequence, time, kind, size: payload.length };
      const octets = partOctets({ ...head, offset: 0 });
      sequences.set(key, sequence + 1);
      const full: Uint8Array[] = [];
      let at = 0;
      do {
        const left = payload.length - at;
        const whole = left <= fragmentSize - headerOctets - octets;
        if (fragmentSize - filled - octets < (whole ? left : Math.min(left, leastPart))) full.push(...take());
        if (parts.length === 0) dueAt = Number.isFinite(lingerMs) ? now + lingerMs : undefined;
        const piece = payload.subarray(at, at + fragmentSize - filled - octets);
        parts.push({ ...head, offset: at, payload: piece });
        filled += octets + piece.length;
        at += piece.length;
      } while (at < payload.length);
      // No part fits behind it that would be worth its identifiers.
      if (fragmentSize - filled < octets) full.push(...take());
      return full;
    },
    get dueAt() {
      return dueAt;
    },
    flush: take,
    get waiting() {
      return filled - headerOctets;
    },
  };
}

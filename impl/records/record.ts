/** What a payload is: the numbers of LDMP [X.609.8 8.1]. */
export const PayloadKind = { none: 0, binary: 2, text: 3 } as const;
export type PayloadKind = (typeof PayloadKind)[keyof typeof PayloadKind];

/** One datum of a data source, in the form in which all of them are distributed [X.609.10 8.10 a)] (E-DS-25). */
export interface DataRecord {
  /** Identifier of the data source [X.609.10 8.10 c)]: up to 255 octets of UTF-8. */
  readonly sourceId: string;
  /** Identifier of the data of that source [X.609.10 8.6 a) iv]: up to 255 octets of UTF-8. */
  readonly dataId: string;
  /** Counts the data of this source and identifier from 0; below 2^53. */
  readonly sequence: number;
  /** When it reached the source peer, in ms since the epoch. */
  readonly time: number;
  readonly kind: PayloadKind;
  readonly payload: Uint8Array;
}

/** A datum, or the part of one that its fragment has room for [X.609.10 6]. */
export interface RecordPart extends DataRecord {
  /** Octets of the whole payload. */
  readonly size: number;
  /** Where `payload` begins in it. */
  readonly offset: number;
}

/** A fragment that is not in the form of records. */
export class RecordError extends Error {
  readonly code = "ERR_RECORD";
  readonly field: string;
  /** Octets from the start of the fragment. */
  readonly offset: number;

  constructor(field: string, offset: number, what: string) {
    super(`${field}: ${what}, at octet ${offset} [X.609.10 8.10 a)]`);
    this.name = "RecordError";
    this.field = field;
    this.offset = offset;
  }
}

/** First octet of every fragment of records. */
export const recordsVersion = 1;
/** Octets before the first part. */
export const headerOctets = 1;
/** Octets of a part beside its identifiers and its payload: their lengths, sequence, time, kind, size, offset, length. */
const fixedOctets = 1 + 1 + 8 + 8 + 1 + 4 + 4 + 4;
const longestId = 255;
/** Longest payload of a datum, all its parts together. */
export const longestPayload = 0xffff_ffff;

const kinds: ReadonlySet<number> = new Set(Object.values(PayloadKind));
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The identifiers of a datum as they are written. @throws RangeError where one is too long */
export function encodeIds(sourceId: string, dataId: string): { source: Uint8Array; data: Uint8Array; octets: number } {
  const source = encoder.encode(sourceId);
  const data = encoder.encode(dataId);
  for (const [name, id] of [
    ["sourceId", source],
    ["dataId", data],
  ] as const) {
    if (id.length > longestId) throw new RangeError(`${name} has more than ${longestId} octets`);
  }
  return { source, data, octets: fixedOctets + source.length + data.length };
}

/** What stands before the payload of a part; the payload follows it. */
export type PartHead = Pick<RecordPart, "sequence" | "time" | "kind" | "size" | "offset"> & {
  readonly source: Uint8Array;
  readonly data: Uint8Array;
};

/** Writes one part. @returns where the next one goes */
export function writePart(target: Uint8Array, at: number, head: PartHead, payload: Uint8Array): number {
  const view = new DataView(target.buffer, target.byteOffset, target.length);
  let next = at;
  for (const id of [head.source, head.data]) {
    view.setUint8(next, id.length);
    target.set(id, next + 1);
    next += 1 + id.length;
  }
  view.setBigUint64(next, BigInt(head.sequence));
  view.setBigUint64(next + 8, BigInt(head.time));
  view.setUint8(next + 16, head.kind);
  view.setUint32(next + 17, head.size);
  view.setUint32(next + 21, head.offset);
  view.setUint32(next + 25, payload.length);
  target.set(payload, next + 29);
  return next + 29 + payload.length;
}

/** The parts that a fragment carries; their payloads are views of it. @throws RecordError */
export function decodeParts(fragment: Uint8Array): RecordPart[] {
  const view = new DataView(fragment.buffer, fragment.byteOffset, fragment.length);
  if (fragment.length < headerOctets) throw new RecordError("version", 0, "the fragment is empty");
  if (fragment[0] !== recordsVersion) throw new RecordError("version", 0, `${fragment[0]} is not ${recordsVersion}`);
  const parts: RecordPart[] = [];
  let at = headerOctets;
  const need = (field: string, octets: number): number => {
    if (at + octets > fragment.length) throw new RecordError(field, at, `${octets} octets wanted, the fragment ends`);
    const from = at;
    at += octets;
    return from;
  };
  const text = (field: string): string => {
    const length = view.getUint8(need(field, 1));
    const from = need(field, length);
    try {
      return decoder.decode(fragment.subarray(from, from + length));
    } catch {
      throw new RecordError(field, from, "is no UTF-8");
    }
  };
  const whole = (field: string): number => {
    const from = need(field, 8);
    const value = view.getBigUint64(from);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RecordError(field, from, "is 2^53 or more");
    return Number(value);
  };
  while (at < fragment.length) {
    const sourceId = text("source_id");
    const dataId = text("data_id");
    const sequence = whole("sequence");
    const time = whole("time");
    const kind = view.getUint8(need("kind", 1));
    if (!kinds.has(kind)) throw new RecordError("kind", at - 1, `${kind} is no kind of payload`);
    const size = view.getUint32(need("size", 4));
    const offset = view.getUint32(need("offset", 4));
    const length = view.getUint32(need("length", 4));
    if (offset + length > size) throw new RecordError("length", at - 4, "the part goes beyond its datum");
    const from = need("payload", length);
    const payload = fragment.subarray(from, from + length);
    parts.push({ sourceId, dataId, sequence, time, kind: kind as PayloadKind, size, offset, payload });
  }
  return parts;
}

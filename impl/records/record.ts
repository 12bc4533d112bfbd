import { PayloadType } from "../../generated/ldmp/index.js";
import { decode, encodedLength, type Part, type PayloadKind } from "../../generated/peer/records/index.js";

export type { PayloadKind };

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

/** Octets of a fragment before its first part. */
export const headerOctets = encodedLength({ parts: [] });
/** Octets of an identifier. */
export const longestId = 255;
/** Longest payload of a datum, all its parts together. */
export const longestPayload = 0xffff_ffff;

/**
 * Octets of a part beside its payload.
 * @throws PeerRecordsError ERR_RANGE where something does not fit its field
 */
export function partOctets(part: Omit<Part, "payload">): number {
  return encodedLength({ parts: [{ ...part, payload: new Uint8Array() }] }) - headerOctets;
}

/**
 * The parts that a fragment carries; their payloads are views of it.
 * @throws PeerRecordsError, and RangeError for a part beyond its datum
 */
export function decodeParts(fragment: Uint8Array): readonly Part[] {
  const { parts } = decode(fragment);
  for (const { offset, payload, size } of parts) {
    if (offset + payload.length > size) throw new RangeError("length: the part goes beyond its datum [X.609.10 6]");
  }
  return parts;
}

/** LDMP's kind of payload in the words of records [X.609.8 8.1]. */
export function kindOf(type: PayloadType): PayloadKind {
  if (type === PayloadType.text) return "text";
  return type === PayloadType.none ? "none" : "binary";
}

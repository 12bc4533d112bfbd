import type { Part } from "../../generated/peer/records/index.js";
import { type DataRecord, decodeParts } from "./record.js";

/** A datum as a peer gets it. */
export interface ReadRecord extends DataRecord {
  /** Data of the same source and identifier just before this one that never came whole; 0 for the first one heard of. */
  readonly missed: number;
}

/** Turns fragments of records, in the order of their index, back into data [X.609.10 8.10 a)]. */
export interface RecordReader {
  /**
   * Never throws: a fragment that is no fragment of records counts as malformed.
   * @param missed fragments just before this one that never came
   */
  push(fragment: Uint8Array, missed?: number): ReadRecord[];
  /** Fragments that were not in the form of records. */
  readonly malformed: number;
  /** Data of which some part never came, or that were too long. */
  readonly lost: number;
}

export interface RecordReaderOptions {
  /** Octets of one datum at most; longer ones are passed over. Default 16 MiB. */
  readonly maxPayload?: number;
  /** Data sources told apart at most, by identifiers of source and data; beyond, the one longest silent is forgotten. Default 10,000. */
  readonly maxSources?: number;
}

interface Line {
  /** The sequence number wanted next; undefined before the first. */
  next: number | undefined;
  open: { readonly sequence: number; readonly size: number; readonly pieces: Uint8Array[]; filled: number } | undefined;
}

export function createRecordReader(options: RecordReaderOptions = {}): RecordReader {
  const { maxPayload = 16 * 1024 * 1024, maxSources = 10_000 } = options;
  const lines = new Map<string, Line>();
  let malformed = 0;
  let lost = 0;

  const lineOf = ({ sourceId, dataId }: Part): Line => {
    const key = JSON.stringify([sourceId, dataId]);
    const line = lines.get(key) ?? { next: undefined, open: undefined };
    // Put last: the map's order is that of hearing.
    lines.delete(key);
    lines.set(key, line);
    if (lines.size > maxSources) lines.delete(lines.keys().next().value ?? "");
    return line;
  };
  const abandon = (line: Line): void => {
    if (line.open !== undefined) lost++;
    line.open = undefined;
  };
  const whole = (line: Line, part: Part, payload: Uint8Array): ReadRecord[] => {
    const { sourceId, dataId, sequence, time, kind } = part;
    if (line.next !== undefined && sequence < line.next) return [];
    const missed = line.next === undefined ? 0 : sequence - line.next;
    line.next = sequence + 1;
    return [{ sourceId, dataId, sequence, time, kind, payload, missed }];
  };
  const begin = (line: Line, part: Part): void => {
    // What is kept grows with what comes, not with what is announced; and with one datum at a time, as senders write them.
    if (line.open === undefined) for (const other of lines.values()) abandon(other);
    if (part.size > maxPayload) lost++;
    else line.open = { sequence: part.sequence, size: part.size, pieces: [], filled: 0 };
  };
  const take = (part: Part): ReadRecord[] => {
    const line = lineOf(part);
    if (part.offset === 0) {
      abandon(line);
      if (part.payload.length === part.size) return whole(line, part, part.payload.slice());
      begin(line, part);
    }
    const { open } = line;
    if (open === undefined) return [];
    if (open.sequence !== part.sequence || open.filled !== part.offset || open.size !== part.size) {
      abandon(line);
      return [];
    }
    open.pieces.push(part.payload);
    open.filled += part.payload.length;
    if (open.filled < open.size) return [];
    line.open = undefined;
    return whole(line, part, Buffer.concat(open.pieces, open.size));
  };

  return {
    push(fragment, missed = 0) {
      if (missed > 0) for (const line of lines.values()) abandon(line);
      let parts: readonly Part[];
      try {
        parts = decodeParts(fragment);
      } catch {
        malformed++;
        return [];
      }
      return parts.flatMap(take);
    },
    get malformed() {
      return malformed;
    },
    get lost() {
      return lost;
    },
  };
}

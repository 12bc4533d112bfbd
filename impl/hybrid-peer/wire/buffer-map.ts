import { profile } from "../../../generated/hybrid-peer/frame/index.js";
import type { BufferMap, BufferMapEntry } from "../core/message.js";
import { WireError } from "./errors.js";
import { identifier, list, type Members } from "./fields.js";

const MAX_SOURCES = 10_000;
const MAX_RANGES = 10_000;
const MAX_SEQUENCES = 32_768;

/** Octets of a header that buffer maps may fill, and up to which the field's list of sequences grows. */
const MAP_ROOM = profile.limits.bufferMap.most;
const SEQUENCE_ROOM = profile.limits.sequenceList.most;

type Range = readonly [from: number, to: number];

/** Null and an absent member say that nothing is held. The field's peers list sequences; ours say ranges as well, and those are complete. */
export function readBufferMap(of: Members, name: string, path: string): BufferMap | null | undefined {
  const value = of[name];
  if (value === undefined || value === null) return value;
  const here = `${path}.${name}`;
  return list(of, name, path, MAX_SOURCES).map((item, index) => readEntry(item, `${here}.${index}`));
}

function readEntry(item: unknown, path: string): BufferMapEntry {
  if (typeof item !== "object" || item === null) throw new WireError("ERR_FIELD", path, "no object");
  const entry = item as Members;
  const source = identifier(entry, "SourcePeerId", path);
  if (entry.Ranges !== undefined) {
    return { source, ranges: join(list(entry, "Ranges", path, MAX_RANGES).map((range) => readRange(range, path))) };
  }
  if (entry.Sequence === undefined || entry.Sequence === null) return { source, ranges: [] };
  const sequences = list(entry, "Sequence", path, MAX_SEQUENCES);
  return { source, ranges: join(sequences.map((one) => [readSequence(one, path), readSequence(one, path)])) };
}

function readRange(range: unknown, path: string): Range {
  if (!Array.isArray(range) || range.length !== 2) throw new WireError("ERR_FIELD", `${path}.Ranges`, "no pair");
  const [from, to] = [readSequence(range[0], path), readSequence(range[1], path)];
  if (from > to) throw new WireError("ERR_FIELD", `${path}.Ranges`, `${from} lies behind ${to}`);
  return [from, to];
}

function readSequence(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new WireError("ERR_FIELD", path, "no sequence number");
}

/** Ascending and not touching, whatever came. */
function join(ranges: Range[]): readonly Range[] {
  const sorted = ranges.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

interface WrittenEntry {
  readonly SourcePeerId: string;
  readonly Sequence: readonly number[] | null;
  readonly Ranges: readonly Range[];
}

/**
 * For a header that stays under its limit whatever is held: where not everything finds room, the newest of each source
 * and the first sources of the map do. What is left out counts as not held by the receiver, and comes twice at worst.
 */
export function writeBufferMap(map: BufferMap | null): readonly WrittenEntry[] | null {
  if (map === null) return null;
  let used = 0;
  const written: { source: string; ranges: readonly Range[] }[] = [];
  for (const { source, ranges } of map) {
    used += Buffer.byteLength(JSON.stringify(source)) + 44;
    if (used > MAP_ROOM) break;
    let first = ranges.length;
    for (; first > 0; first--) {
      const [from, to] = ranges[first - 1] as Range;
      used += digits(from) + digits(to) + 4;
      if (used > MAP_ROOM) break;
    }
    written.push({ source, ranges: ranges.slice(first) });
  }
  // Shared out evenly, so that one source with many messages does not leave the others without a list.
  const share = Math.max(0, SEQUENCE_ROOM - used) / Math.max(1, written.length);
  return written.map(({ source, ranges }) => ({
    SourcePeerId: source,
    Sequence: sequences(ranges, share),
    Ranges: ranges,
  }));
}

/** The newest that fit into so many octets, ascending; null for none, as the field's peers write it. */
function sequences(ranges: readonly Range[], room: number): readonly number[] | null {
  const newest: number[] = [];
  let left = room;
  for (let at = ranges.length - 1; at >= 0; at--) {
    const [from, to] = ranges[at] as Range;
    for (let sequence = to; sequence >= from; sequence--) {
      left -= digits(sequence) + 1;
      if (left < 0) return ascending(newest);
      newest.push(sequence);
    }
  }
  return ascending(newest);
}

function ascending(newest: number[]): readonly number[] | null {
  return newest.length === 0 ? null : newest.reverse();
}

function digits(value: number): number {
  return String(value).length;
}

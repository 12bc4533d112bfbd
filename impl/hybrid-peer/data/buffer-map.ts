import type { BufferMap, BufferMapEntry } from "../core/message.js";
import { RangeSet } from "./ranges.js";
import type { Source } from "./sources.js";

/** Sources in one map, so that it costs little where there are thousands; what does not fit into a frame is left out on the wire. */
const MAX_ENTRIES = 2000;

/** What was received, cached or not: nothing of it need be sent. Sources heard last first: those are written where there is little room. */
export function receivedMap(sources: readonly Source[]): BufferMap | null {
  return mapOf(sources, ({ window }) => window.received);
}

/** What can be asked for. Of many sources it begins with another at each call, so that after some calls all had room. */
export function cachedMap(sources: readonly Source[], turn: number): BufferMap | null {
  const cached = sources.filter(({ shelf }) => shelf.held.size > 0);
  const start = cached.length > 200 ? (turn * 200) % cached.length : 0;
  return mapOf([...cached.slice(start), ...cached.slice(0, start)], ({ shelf }) => shelf.held);
}

function mapOf(sources: readonly Source[], held: (source: Source) => RangeSet): BufferMap | null {
  const entries: BufferMapEntry[] = [];
  for (const source of sources.slice(0, MAX_ENTRIES)) {
    const set = held(source);
    if (set.size > 0) entries.push({ source: source.id, ranges: [...set.ranges()] });
  }
  return entries.length === 0 ? null : entries;
}

/** What the other end says it holds, by source. */
export function readMap(map: BufferMap | null): Map<string, RangeSet> {
  const held = new Map<string, RangeSet>();
  for (const { source, ranges } of map ?? []) {
    const set = held.get(source);
    if (set === undefined) held.set(source, RangeSet.of(ranges));
    else for (const [from, to] of ranges) set.addRange(from, to);
  }
  return held;
}

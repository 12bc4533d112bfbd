import type { KeyObject } from "node:crypto";
import type { Descriptor, Descriptors, Run } from "../core/message.js";
import { isDescribed } from "../exchange/exchange.js";
import { createGenuineCheck } from "../exchange/genuine.js";
import type { FragmentStore } from "../storage/fragment-store.js";
import type { IndexFile } from "../types.js";

/** What of an earlier process's work stands: descriptors that the source peer signed, fragments that are what they describe. */
export async function verifyLeft(
  store: FragmentStore,
  sourceKey: KeyObject,
  { overlay_network_id, content_type, fragment_size }: IndexFile,
): Promise<{ readonly descriptors: readonly Descriptors[]; readonly held: readonly Run[] }> {
  const isGenuine = createGenuineCheck({
    overlayId: overlay_network_id,
    sourceKey,
    contentType: content_type,
    fragmentSize: fragment_size,
  });
  const descriptors = store.left.descriptors.filter(isGenuine);
  const items = new Map<number, Descriptor>();
  for (const { first, items: some } of descriptors)
    for (const [at, item] of some.entries()) items.set(first + at, item);
  const held: { first: number; count: number }[] = [];
  for (const index of indicesOf(store.left.held)) {
    const descriptor = items.get(index);
    if (descriptor === undefined) continue;
    const octets = await new Promise<Uint8Array | undefined>((resolve) => store.read(index, resolve));
    if (octets === undefined || !isDescribed(descriptor, [octets])) continue;
    const run = held.at(-1);
    if (run !== undefined && run.first + run.count === index) run.count++;
    else held.push({ first: index, count: 1 });
  }
  return { descriptors, held };
}

/** Each once, ascending. */
function indicesOf(runs: readonly Run[]): Iterable<number> {
  const indices = new Set<number>();
  for (const { first, count } of runs) for (let at = 0; at < count; at++) indices.add(first + at);
  return Float64Array.from(indices).sort();
}

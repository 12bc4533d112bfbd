import { fragmentOverhead, windowFragments } from "./settings.js";

/** What fragments take, in octets. */
export interface Footprint {
  /** Of their own, in memory or on disk. */
  readonly storage: number;
  readonly memory: number;
}

export const nothing: Footprint = { storage: 0, memory: 0 };

/** What so many octets in fragments take. A STREAM is in memory, whether there is a folder or not. */
export function footprint(octets: number, fragments: number, inMemory: boolean): Footprint {
  return { storage: octets, memory: fragments * fragmentOverhead + (inMemory ? octets : 0) };
}

/** What the fragments of an overlay network are going to take, as far as that is known: the window of a STREAM, a FILE as a whole. */
export function footprintOf(
  what: { readonly content_type?: string; readonly content_size?: number; readonly fragment_size: number },
  onDisk: boolean,
): Footprint {
  const { content_type, content_size = 0, fragment_size } = what;
  if (content_type === "STREAM") return footprint(fragment_size * windowFragments, windowFragments, true);
  return footprint(content_size, Math.ceil(content_size / fragment_size), !onDisk);
}

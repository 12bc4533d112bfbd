import type { Neighbour } from "./neighbour.js";
import type { Window } from "./window.js";

/** Something to ask for, and who has it. */
export interface Wanted {
  readonly source: string;
  readonly sequence: number;
  readonly holders: Neighbour[];
}

/** Of one source at one neighbour, and in all: a plan is made again when it is used up. */
const MOST_OF_SOURCE = 256;
const MOST = 2048;

export interface Plan {
  /** Rarest first; among the equally rare the oldest of each source. */
  readonly wanted: Wanted[];
  /** There is more to plan for when these are done. */
  readonly truncated: boolean;
}

/** What to ask whom for: all that a neighbour holds and this peer has not received, but for what is asked for already. */
export function makePlan(
  neighbours: Iterable<Neighbour>,
  windowOf: (source: string) => Window | undefined,
  asked: (source: string, sequence: number) => boolean,
): Plan {
  const bySource = new Map<string, Map<number, Wanted>>();
  let count = 0;
  let truncated = false;
  for (const neighbour of neighbours) {
    for (const [source, held] of neighbour.holds) {
      let wanted = bySource.get(source);
      if (wanted === undefined) {
        wanted = new Map();
        bySource.set(source, wanted);
      }
      let ofSource = 0;
      let more = false;
      for (const [from, to] of held.without(windowOf(source)?.received)) {
        more = true;
        for (let sequence = from; sequence <= to && ofSource < MOST_OF_SOURCE; sequence++) {
          ofSource += 1;
          if (asked(source, sequence)) continue;
          const known = wanted.get(sequence);
          if (known !== undefined) known.holders.push(neighbour);
          else if (count < MOST) {
            count += 1;
            wanted.set(sequence, { source, sequence, holders: [neighbour] });
          } else truncated = true;
        }
        if (ofSource >= MOST_OF_SOURCE) {
          truncated = true;
          break;
        }
      }
      if (!more) neighbour.holds.delete(source);
    }
  }
  const all: Wanted[] = [];
  for (const wanted of bySource.values()) all.push(...wanted.values());
  all.sort((a, b) => a.holders.length - b.holders.length || a.sequence - b.sequence);
  return { wanted: all, truncated };
}

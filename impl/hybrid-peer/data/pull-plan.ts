import type { Neighbour } from "./neighbour.js";
import type { Window } from "./window.js";

/** Something to ask for. */
interface Wanted {
  readonly source: string;
  readonly sequence: number;
  holders: number;
}

/** Of one source at one neighbour, and of all its sources: a plan is made again when it is used up. */
const MOST_OF_SOURCE = 256;
const MOST_OF_NEIGHBOUR = 1024;

/** What to ask one neighbour for. */
export interface Queue {
  /** Rarest first; among the equally rare the oldest of each source. */
  readonly wanted: readonly Wanted[];
  /** It holds more than is listed. */
  readonly more: boolean;
  at: number;
}

/** What to ask whom for: all that a neighbour holds and this peer has not received, but for what is asked for already. */
export function makePlan(
  neighbours: Iterable<Neighbour>,
  windowOf: (source: string) => Window | undefined,
  asked: (source: string, sequence: number) => boolean,
): Map<Neighbour, Queue> {
  const known = new Map<string, Map<number, Wanted>>();
  const plan = new Map<Neighbour, Queue>();
  for (const neighbour of neighbours) {
    const wanted: Wanted[] = [];
    let more = false;
    for (const [source, held] of neighbour.holds) {
      let ofSource = known.get(source);
      if (ofSource === undefined) {
        ofSource = new Map();
        known.set(source, ofSource);
      }
      const most = Math.min(wanted.length + MOST_OF_SOURCE, MOST_OF_NEIGHBOUR);
      let nothing = true;
      scan: for (const [from, to] of held.without(windowOf(source)?.received)) {
        nothing = false;
        for (let sequence = from; sequence <= to; sequence++) {
          if (asked(source, sequence)) continue;
          if (wanted.length >= most) {
            more = true;
            break scan;
          }
          const one = ofSource.get(sequence) ?? { source, sequence, holders: 0 };
          one.holders += 1;
          ofSource.set(sequence, one);
          wanted.push(one);
        }
      }
      if (nothing) neighbour.holds.delete(source);
    }
    plan.set(neighbour, { wanted, more, at: 0 });
  }
  for (const [neighbour, queue] of plan) {
    const sorted = [...queue.wanted].sort((a, b) => a.holders - b.holders || a.sequence - b.sequence);
    plan.set(neighbour, { ...queue, wanted: sorted });
  }
  return plan;
}

import type { EntityUnderTest } from "../engine/entity.js";
import type { RunResult } from "../engine/result.js";
import type { Recorded } from "./format.js";
import { recorded } from "./format.js";
import type { Bundle } from "./reader.js";

/** One case that came out otherwise than when it was recorded. */
export interface Drift {
  readonly case: string;
  /** The verdict differs, not only its words. */
  readonly verdict: boolean;
  readonly text: string;
}

/** Every difference between what was recorded and what is judged now. */
export function driftOf(
  entity: EntityUnderTest,
  { results }: Bundle,
  now: RunResult,
  unasked: ReadonlyMap<string, string>,
): Drift[] {
  const judged = new Map(now.cases.map((one) => [one.id, one]));
  const found = results.results.flatMap((before): Drift[] => {
    const after = judged.get(before.id);
    if (!after) {
      return [
        { case: before.id, verdict: true, text: `was ${before.verdict}; this version of the suite has no such case` },
      ];
    }
    const text = compare(before, recorded(after)) ?? unasked.get(before.id);
    return text === undefined ? [] : [{ case: before.id, verdict: before.verdict !== after.verdict, text }];
  });
  if (results.conclusion === now.conclusion) return found;
  const text = `the conclusion was ${results.conclusion}, now ${now.conclusion}`;
  return [{ case: entity.id, verdict: true, text }, ...found];
}

function compare(before: Recorded, after: Recorded): string | undefined {
  if (before.verdict !== after.verdict) {
    const why = after.reason === "" ? "" : ` (${after.reason})`;
    return `was ${before.verdict}${before.reason === "" ? "" : ` (${before.reason})`}, now ${after.verdict}${why}`;
  }
  if (before.reason !== after.reason)
    return `${after.verdict} for another reason: ${before.reason}; now ${after.reason}`;
  for (const part of ["failures", "warnings", "judged", "level"] as const) {
    if (JSON.stringify(before[part]) !== JSON.stringify(after[part])) return `${after.verdict}, but its ${part} differ`;
  }
  return undefined;
}

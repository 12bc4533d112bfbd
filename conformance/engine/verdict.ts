import { breaksConformance } from "./execute.js";
import type { RunResult } from "./result.js";

/** Verdicts of X.290 in the order of TTCN-3: one can only be replaced by a worse one. */
export type Verdict = "pass" | "inconclusive" | "fail" | "error";

/** `n/a`: the declaration says that the product does not have the option; the case did not run. */
export type CaseVerdict = Verdict | "n/a";

/** Exit codes of every command that judges; `exitCodeOf` says which one holds when several could. */
export const exitCodes = {
  conforms: 0,
  fails: 1,
  usage: 2,
  inconclusive: 3,
  staleBaseline: 4,
  suiteError: 5,
} as const;

/**
 * The exit code of a run. What the product does comes first, then what the suite got wrong, then what somebody has to tidy up, then what
 * nobody can say:
 *
 * 1. fails (1): a failure of a required or definition statement that no baseline knows; or a declaration that breaks a rule.
 *    It stands whatever else happened, for an error elsewhere does not undo it.
 * 2. suite error (5): what the suite could not judge for a fault of its own might be a failure.
 * 3. stale baseline (4): an entry whose case passes, is not applicable, does not exist any more, or whose date is over.
 * 4. inconclusive (3): a case could not be judged, or none was.
 * 5. conforms (0): all else, failures that the baseline knows included.
 */
export function exitCodeOf({ cases, review, baseline }: RunResult): number {
  const known = new Set(baseline?.known.map((one) => one.case));
  const failing = cases.filter(breaksConformance);
  const declaredWrongly = (review ?? []).some(({ breaks }) => breaks);
  if (failing.some(({ id }) => !known.has(id)) || declaredWrongly) return exitCodes.fails;
  if (cases.some(({ verdict }) => verdict === "error")) return exitCodes.suiteError;
  if (baseline !== undefined && baseline.stale.length > 0) return exitCodes.staleBaseline;
  const applicable = cases.filter(({ verdict }) => verdict !== "n/a");
  return applicable.length === 0 || applicable.some(({ verdict }) => verdict === "inconclusive")
    ? exitCodes.inconclusive
    : exitCodes.conforms;
}

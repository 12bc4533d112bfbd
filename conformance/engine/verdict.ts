/** Verdicts of X.290 in the order of TTCN-3: one can only be replaced by a worse one. */
export type Verdict = "pass" | "inconclusive" | "fail" | "error";

/** `n/a`: the declaration says that the product does not have the option; the case did not run. */
export type CaseVerdict = Verdict | "n/a";

/** Exit codes of every command that judges. */
export const exitCodes = {
  conforms: 0,
  fails: 1,
  usage: 2,
  inconclusive: 3,
  staleBaseline: 4,
  suiteError: 5,
} as const;

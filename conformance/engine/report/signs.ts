import type { CaseVerdict } from "../verdict.js";

/** One character for each verdict, so that colour is never the only sign. */
export const SIGNS: Readonly<Record<CaseVerdict, string>> = {
  pass: "✓",
  inconclusive: "?",
  fail: "✗",
  error: "!",
  "n/a": "·",
};

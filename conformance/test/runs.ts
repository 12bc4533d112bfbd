import { breaksConformance } from "../engine/execute.js";
import type { CaseResult, RunResult } from "../engine/result.js";
import type { CaseVerdict } from "../engine/verdict.js";

const none = (): Record<CaseVerdict, number> => ({ pass: 0, inconclusive: 0, fail: 0, error: 0, "n/a": 0 });

/** A result as a run would give it, for tests of what is made of results. */
export function caseOf(id: string, verdict: CaseVerdict, more: Partial<CaseResult> = {}): CaseResult {
  const failure = {
    requirements: ["HOMP-6.2.1-14"] as const,
    clauses: ["Q.4103 6.2.1"],
    level: "definition" as const,
    what: "expires, not asked for",
    permitted: ["86400"],
    actual: "3600",
    entry: 1,
    reproduce: "curl -i -X POST http://127.0.0.1:1/homs",
  };
  return {
    id,
    title: `what ${id} is about`,
    group: "behaviour",
    requirements: ["HOMP-6.2.1-14"],
    clauses: ["Q.4103 6.2.1"],
    verdict,
    level: "definition",
    security: false,
    reason: verdict === "pass" ? "" : `why it is ${verdict}`,
    failures: verdict === "fail" ? [failure] : [],
    warnings: [],
    judged: [{ requirement: "HOMP-6.2.1-14", verdict }],
    milliseconds: 7,
    repeat: `mp2p conformance homs --url http://127.0.0.1:1 --only ${id}`,
    transcript: [
      {
        at: 1,
        phase: "body",
        kind: "http-request",
        summary: "POST /homs",
        text: "POST /homs HTTP/1.1\r\nhost: a\r\n\r\n{}",
      },
      {
        at: 2,
        phase: "body",
        kind: "http-response",
        summary: "200 OK",
        text: 'HTTP/1.1 200 OK\r\n\r\n{"overlay":{"expires":3600}}',
      },
    ],
    ...more,
  };
}

export function runOf(cases: readonly CaseResult[], more: Partial<RunResult> = {}): RunResult {
  const has = (verdict: CaseVerdict): boolean => cases.some((one) => one.verdict === verdict);
  const totals = { required: none(), definition: none(), recommended: none(), optional: none() };
  const security = none();
  for (const one of cases) (one.security ? security : totals[one.level])[one.verdict]++;
  return {
    format: "mp2p-conformance-report/1",
    suite: "mp2p 0.1.0",
    entity: "homs",
    product: "Acme HOMS 1.0",
    target: "http://127.0.0.1:1",
    edition: [{ id: "q.4103-2022", title: "Q.4103 (02/2022)", digest: "0123456789ab" }],
    seed: "7",
    started: "2026-11-21T06:00:00.000Z",
    milliseconds: 900,
    declaration: { options: {}, readings: {}, values: {}, explicit: [] },
    review: [],
    preflight: [],
    selection: { only: [], of: cases.length },
    conclusion: cases.some(breaksConformance)
      ? "fails"
      : has("error")
        ? "suite error"
        : has("inconclusive")
          ? "inconclusive"
          : "conforms",
    totals,
    security,
    cases,
    ...more,
  };
}

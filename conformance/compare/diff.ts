import type { CaseResult, RunResult } from "../engine/result.js";
import type { CaseVerdict } from "../engine/verdict.js";

/** What became of a case from one run to the next, the most urgent first. */
export const changeKinds = [
  "regression",
  "lost",
  "new failure",
  "changed failure",
  "still failing",
  "fix",
  "found",
  "other",
  "new",
  "gone",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface Change {
  readonly kind: ChangeKind;
  readonly case: string;
  readonly title: string;
  readonly clauses: readonly string[];
  /** The level at which the verdict counts, or `security`. */
  readonly level: string;
  readonly before: CaseVerdict | undefined;
  readonly after: CaseVerdict | undefined;
  /** What happened, as a sentence. */
  readonly words: string;
}

export interface Diff {
  readonly entity: string;
  /** What else differs between the runs, in words. */
  readonly conditions: readonly string[];
  readonly changes: readonly Change[];
}

/** Compares two runs of one entity. The words are the product's own: what was permitted and what came. */
export function diffRuns(before: RunResult, after: RunResult): Diff {
  const old = new Map(before.cases.map((one) => [one.id, one]));
  const now = new Map(after.cases.map((one) => [one.id, one]));
  const changes = [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => compare(old.get(id), now.get(id)) ?? []);
  changes.sort((a, b) => changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind));
  return { entity: after.entity, conditions: conditions(before, after), changes };
}

function compare(before: CaseResult | undefined, after: CaseResult | undefined): Change | undefined {
  const shown = after ?? before;
  const found = kindOf(before, after);
  if (shown === undefined || found === undefined) return undefined;
  const [kind, words] = found;
  const { id, title, clauses } = shown;
  const level = shown.security ? "security" : shown.level;
  return { kind, case: id, title, clauses, level, before: before?.verdict, after: after?.verdict, words };
}

function kindOf(before: CaseResult | undefined, after: CaseResult | undefined): [ChangeKind, string] | undefined {
  if (after === undefined) return before && ["gone", `not in the second run; it was ${said(before)}`];
  if (before === undefined) {
    return after.verdict === "fail"
      ? ["new failure", `not in the first run, and fails: ${reasonOf(after)}`]
      : ["new", `not in the first run; it is ${said(after)}`];
  }
  const [was, is] = [before.verdict, after.verdict];
  if (is === "fail") {
    if (was !== "fail") return ["regression", `${wasWord[was]}, fails now: ${reasonOf(after)}`];
    if (essence(before) === essence(after)) return ["still failing", reasonOf(after)];
    return ["changed failure", `fails otherwise than before: ${reasonOf(after)} (before: ${reasonOf(before)})`];
  }
  if (was === is) return undefined;
  if (is === "inconclusive" || is === "error") {
    const open = was === "fail" ? "failed, and whether it still does is open" : `${wasWord[was]}, and is ${is} now`;
    return ["lost", `${open}: ${firstLine(after.reason)}`];
  }
  if (was === "fail") {
    return is === "pass"
      ? ["fix", `failed, passes now (before: ${reasonOf(before)})`]
      : ["other", `failed, and is not applicable now: ${firstLine(after.reason)}`];
  }
  if (is === "pass" && was !== "n/a") return ["found", `${wasWord[was]}, passes now`];
  return ["other", `${wasWord[was]}, ${is === "pass" ? "passes" : "is not applicable"} now`];
}

const wasWord: Readonly<Record<CaseVerdict, string>> = {
  pass: "passed",
  inconclusive: "was inconclusive",
  fail: "failed",
  error: "was an error of the suite",
  "n/a": "was not applicable",
};

function said({ verdict, reason }: CaseResult): string {
  return verdict === "pass" ? "a pass" : `${verdict} (${firstLine(reason)})`;
}

function reasonOf({ failures: [failure], reason }: CaseResult): string {
  if (!failure) return firstLine(reason);
  return `${failure.what}: permitted ${failure.permitted.join(" or ")}, came ${firstLine(failure.actual)}`;
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/**
 * What a case fails for, without what two runs never share: random names, times, ports, lengths. Two failures of one essence are
 * taken to be the same.
 */
function essence({ failures, reason }: CaseResult): string {
  if (failures.length === 0) return masked(reason);
  return failures
    .map(({ requirements, what, permitted, actual }) =>
      masked([...requirements, what, ...permitted, actual].join("\n")),
    )
    .sort()
    .join("\n\n");
}

function masked(text: string): string {
  return text.replace(
    /\b[0-9a-f]{8,}\b|\b[0-9a-f]{4,}(-[0-9a-f]{2,})+\b|(\d{4}-\d{2}-\d{2}T)?\d+([.:]\d+)+Z?|\b\d{4,}\b/gi,
    "#",
  );
}

function conditions(before: RunResult, after: RunResult): string[] {
  const lines: string[] = [];
  for (const name of ["product", "target", "suite"] as const) {
    const [a, b] = [before[name], after[name]];
    if (a !== b) lines.push(`${name}: ${a || "not named"} → ${b || "not named"}`);
  }
  const [was, is] = [editions(before), editions(after)];
  if (was !== is) lines.push(`edition: ${was || "not named"} → ${is || "not named"}`);
  for (const part of ["options", "readings", "values"] as const) {
    const [a, b]: Record<string, unknown>[] = [before.declaration?.[part] ?? {}, after.declaration?.[part] ?? {}];
    for (const name of new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])) {
      const [was, is] = [JSON.stringify(a?.[name]), JSON.stringify(b?.[name])];
      if (was !== is) lines.push(`declared ${name}: ${was ?? "nothing"} → ${is ?? "nothing"}`);
    }
  }
  if (before.cases.length !== after.cases.length) lines.push(`cases: ${before.cases.length} → ${after.cases.length}`);
  return lines;
}

/** With the digest, for a set of statements can be mended without a new title. */
function editions({ edition }: RunResult): string {
  return (edition ?? []).map(({ title, digest }) => `${title} ${digest}`).join(", ");
}

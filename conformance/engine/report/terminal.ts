import type { Finding } from "../../declare/finding.js";
import { isMandatory } from "../catalogue.js";
import type { Failure } from "../outcome.js";
import type { CaseResult, PreflightResult, RunResult } from "../result.js";
import type { CaseVerdict } from "../verdict.js";
import { byClause } from "./clauses.js";
import { describeNetwork } from "./network.js";
import { SIGNS } from "./signs.js";

const COLOURS: Readonly<Record<CaseVerdict, number>> = { pass: 32, inconclusive: 33, fail: 31, error: 35, "n/a": 90 };

export interface TerminalStyle {
  /** ANSI colours: only where a person looks at a terminal. */
  readonly colour: boolean;
}

/** The run as a tree of clauses, with every failure explained and a summary at the end. */
export function renderRun(run: RunResult, style: TerminalStyle): string {
  if (unjudged(run)) return renderSummary(run, style).join("\n");
  const paint = painter(style);
  const lines: string[] = [];
  for (const [clause, cases] of byClause(run.cases)) {
    lines.push(paint(clause, 1));
    for (const one of cases) lines.push(...renderCase(one, style).map((line) => `  ${line}`));
  }
  return [...lines, "", ...renderSummary(run, style)].join("\n");
}

/** The cases that need somebody's attention, and the summary. */
export function renderQuietly(run: RunResult, style: TerminalStyle): string {
  if (unjudged(run)) return renderSummary(run, style).join("\n");
  const bad = run.cases.filter(({ verdict }) => verdict !== "pass" && verdict !== "n/a");
  return [...bad.flatMap((one) => renderCase(one, style)), ...renderSummary(run, style)].join("\n");
}

/** Without its preconditions no case ran: two hundred lines would say the same, and push the one that helps off the screen. */
function unjudged(run: RunResult): boolean {
  return run.preflight.some(({ holds }) => !holds);
}

export function renderPreflight({ what, holds, hint }: PreflightResult, style: TerminalStyle): string {
  const paint = painter(style);
  return holds ? `${paint("✓", 32)} ${what}` : `${paint("✗", 31)} ${what}: ${hint}`;
}

/** One case; more than a line if there is something to explain. */
export function renderCase(result: CaseResult, style: TerminalStyle): string[] {
  const paint = painter(style);
  const { verdict, id, title, reason, failures, warnings, level, security, milliseconds } = result;
  const apart = security ? "security" : level;
  const soft = verdict === "fail" && (security || !isMandatory(level)) ? ` (${apart})` : "";
  const head = `${paint(`${SIGNS[verdict]} ${verdict}${soft}`, COLOURS[verdict])}  ${id}  ${paint(title, 90)} ${paint(`${milliseconds} ms`, 90)}`;
  const lines = [head];
  if (verdict === "inconclusive" || verdict === "error") lines.push(...reason.split("\n").map((line) => `    ${line}`));
  for (const failure of failures) lines.push(...renderFailure(failure, result, paint));
  if (result.hint !== undefined) lines.push(`    ${paint("hint", 33)}      ${result.hint}`);
  for (const { text } of warnings) lines.push(`    ${paint("note", 33)} ${text}`);
  return lines;
}

function renderFailure(failure: Failure, result: CaseResult, paint: Paint): string[] {
  const { requirements, clauses, level, what, permitted, actual, entry, reproduce } = failure;
  const message = entry === undefined ? undefined : result.transcript[entry];
  const rows: [string, string][] = [
    ["judges", what],
    ["clause", `${clauses.join("; ")} (${level}; ${requirements.join(", ")})`],
    ["permitted", permitted.join(" | ")],
    ["actual", actual],
  ];
  if (message?.hex !== undefined) rows.push(["octets", message.hex]);
  for (const line of message?.decoded ?? []) rows.push(["", line]);
  rows.push(["reproduce", reproduce], ["again", result.repeat]);
  return rows.map(([name, value]) => `    ${paint(name.padEnd(9), 90)} ${value}`);
}

function renderSummary(run: RunResult, style: TerminalStyle): string[] {
  const paint = painter(style);
  const lines: string[] = [];
  for (const [level, counts] of Object.entries({ ...run.totals, security: run.security })) {
    const shown = (Object.entries(counts) as [CaseVerdict, number][]).filter(([, count]) => count > 0);
    if (shown.length === 0) continue;
    lines.push(
      `${level.padEnd(12)} ${shown.map(([verdict, count]) => paint(`${count} ${verdict}`, COLOURS[verdict])).join(", ")}`,
    );
  }
  const notes = run.cases.reduce((sum, { warnings }) => sum + warnings.length, 0);
  const colour = { conforms: 32, fails: 31, inconclusive: 33, "suite error": 35 }[run.conclusion];
  const product = run.product === "" ? run.target : `${run.product} at ${run.target}`;
  const { fail: leaks } = run.security;
  if (leaks > 0) {
    const cases = leaks === 1 ? "1 case finds" : `${leaks} cases find`;
    lines.push(paint(`SECRETS SHOWN: ${cases} keys or passwords told to others; judged apart from conformance`, 31));
  }
  return [
    ...renderReview(run.review, style),
    ...lines,
    ...(run.network ? [paint(describeNetwork(run.network), 33)] : []),
    `${paint(run.conclusion.toUpperCase(), colour)}: ${run.entity} ${product}, ${run.cases.length} cases in ${run.milliseconds} ms${notes > 0 ? `, ${notes} notes` : ""}, seed ${run.seed}`,
  ];
}

/** What is to be said about the declaration: what breaks conformance first, what was only learnt in one line. */
export function renderReview(findings: readonly Finding[], style: TerminalStyle): string[] {
  const paint = painter(style);
  const learnt = findings.filter(({ kind }) => kind === "inferred");
  const others = findings.filter(({ kind }) => kind !== "inferred");
  return [
    ...[...others.filter(({ breaks }) => breaks), ...others.filter(({ breaks }) => !breaks)].map(
      ({ kind, item, text, clause, breaks }) =>
        `${paint(breaks ? `✗ ${kind}` : `note ${kind}`, breaks ? 31 : 33)}  ${item}  ${text}${clause === undefined ? "" : ` [${clause}]`}`,
    ),
    ...learnt.map(({ item, text }) => paint(`inferred  ${item}  ${text}`, 90)),
  ];
}

type Paint = (text: string, code: number) => string;

function painter({ colour }: TerminalStyle): Paint {
  return (text, code) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
}

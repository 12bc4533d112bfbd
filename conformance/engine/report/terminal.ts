import type { Finding } from "../../declare/finding.js";
import type { PreflightResult, RunResult } from "../result.js";
import type { CaseVerdict } from "../verdict.js";
import { exitCodeOf, exitCodes } from "../verdict.js";
import { byClause } from "./clauses.js";
import { describeNetwork } from "./network.js";
import { COLOURS, renderCase } from "./terminal-case.js";
import type { TerminalStyle } from "./terminal-text.js";
import { BOLD, clipMiddle, DIM, GREEN, painter, RED, widthOf, wrap, YELLOW } from "./terminal-text.js";
import { findingWords } from "./words.js";

export type { TerminalStyle } from "./terminal-text.js";

/** The run as a tree of documents and clauses, with every failure explained and a summary at the end. */
export function renderRun(run: RunResult, style: TerminalStyle): string {
  if (unjudged(run)) return renderSummary(run, style).join("\n");
  const paint = painter(style);
  const known = knownReasons(run);
  const lines: string[] = [];
  let document = "";
  for (const [clause, cases] of byClause(run.cases)) {
    const [doc = "", ...number] = clause.split(" ");
    if (doc !== document) lines.push(paint(doc, BOLD));
    document = doc;
    const passed = cases.filter(({ verdict }) => verdict === "pass").length;
    lines.push(` ${paint(number.join(" "), BOLD)}  ${paint(`${passed} of ${cases.length} pass`, DIM)}`);
    for (const one of cases) lines.push(...renderCase(one, style, known.get(one.id)).map((line) => `  ${line}`));
  }
  return [...lines, "", ...renderSummary(run, style)].join("\n");
}

/** The cases that need somebody's attention, and the summary. */
export function renderQuietly(run: RunResult, style: TerminalStyle): string {
  if (unjudged(run)) return renderSummary(run, style).join("\n");
  const known = knownReasons(run);
  const bad = run.cases.filter(({ verdict }) => verdict !== "pass" && verdict !== "n/a");
  return [...bad.flatMap((one) => renderCase(one, style, known.get(one.id))), ...renderSummary(run, style)].join("\n");
}

function knownReasons({ baseline }: RunResult): ReadonlyMap<string, string> {
  return new Map(baseline?.known.map((one) => [one.case, one.reason]));
}

/** Without its preconditions no case ran: two hundred lines would say the same, and push the one that helps off the screen. */
function unjudged(run: RunResult): boolean {
  return run.preflight.some(({ holds }) => !holds);
}

export function renderPreflight({ what, holds, hint }: PreflightResult, style: TerminalStyle): string {
  const paint = painter(style);
  if (holds) return `${paint("✓", GREEN)} ${what}`;
  const [first = "", ...more] = wrap(`${what}: ${hint}`, widthOf(style) - 2);
  return [`${paint("✗", RED)} ${first}`, ...more.map((line) => `  ${line}`)].join("\n");
}

function renderSummary(run: RunResult, style: TerminalStyle): string[] {
  const paint = painter(style);
  return [
    ...totals(run, style),
    ...renderReview(run.review ?? [], style),
    ...baseline(run, style),
    ...(run.network ? [paint(describeNetwork(run.network), YELLOW)] : []),
    ...ending(run).map((line) => paint(line, RED)),
    ...secrets(run).map((line) => paint(line, RED)),
    ...conclusion(run, style),
  ];
}

/** A line for each level; those that do not decide whether the product conforms say so. */
function totals(run: RunResult, style: TerminalStyle): string[] {
  const paint = painter(style);
  return Object.entries({ ...run.totals, security: run.security }).flatMap(([level, counts]) => {
    const shown = (Object.entries(counts) as [CaseVerdict, number][]).filter(([, count]) => count > 0);
    if (shown.length === 0) return [];
    const figures = shown.map(([verdict, count]) => paint(`${count} ${verdict}`, COLOURS[verdict])).join(", ");
    const apart =
      (counts.fail ?? 0) > 0 && level !== "required" && level !== "definition" ? paint("  graded apart", DIM) : "";
    return [`${level.padEnd(12)} ${figures}${apart}`];
  });
}

/** What the review of the declaration found; what was only inferred as one figure, for there is nothing to do about it. */
export function renderReview(findings: readonly Finding[], style: TerminalStyle): string[] {
  const paint = painter(style);
  const inferred = findings.filter(({ kind }) => kind === "inferred").length;
  const lines = findings.flatMap(({ kind, item, text, clause, breaks }) => {
    if (kind === "inferred") return [];
    const where = clause === undefined ? "" : ` [${clause}]`;
    const [first = "", ...more] = wrap(`${findingWords[kind]}: ${item}: ${text}${where}`, widthOf(style) - 15);
    const mark = paint(breaks ? "✗" : "?", breaks ? RED : YELLOW);
    return [`${"".padEnd(13)}${mark} ${first}`, ...more.map((line) => `${"".padEnd(15)}${line}`)];
  });
  const figures = [
    ...(lines.length > 0
      ? [`${findings.length - inferred} finding${findings.length - inferred === 1 ? "" : "s"}`]
      : []),
    ...(inferred > 0 ? [`${inferred} inferred, as nothing was declared`] : []),
  ];
  return figures.length === 0 ? [] : [`${"declaration".padEnd(12)} ${figures.join(", ")}`, ...lines];
}

function baseline({ baseline }: RunResult, style: TerminalStyle): string[] {
  if (baseline === undefined) return [];
  const paint = painter(style);
  const { file, known, stale } = baseline;
  const cases = new Set(known.map((one) => one.case)).size;
  return [
    `${"baseline".padEnd(12)} ${cases} known failure${cases === 1 ? "" : "s"}, ${stale.length} stale by ${file}`,
    ...stale.map((one) => `${"".padEnd(13)}${paint("stale", YELLOW)} ${one.case}: ${one.why}`),
  ];
}

/** Where the product stopped answering, and what that cost. */
function ending({ ended }: RunResult): string[] {
  if (ended === undefined) return [];
  const { others, unjudged } = ended;
  const also = others.length === 0 ? "" : ` (it had messages of ${others.join(", ")} as well)`;
  const cost = unjudged === 0 ? "" : `; ${unjudged} case${unjudged === 1 ? "" : "s"} could not be judged`;
  return [`The product stopped answering during ${ended.case}${also}${cost}`];
}

function secrets({ security }: RunResult): string[] {
  const { fail: leaks } = security;
  if (leaks === 0) return [];
  const cases = leaks === 1 ? "1 case finds" : `${leaks} cases find`;
  return [`SECRETS SHOWN: ${cases} keys or passwords told to others; judged apart from conformance`];
}

function conclusion(run: RunResult, style: TerminalStyle): string[] {
  const paint = painter(style);
  const colour = { conforms: 32, fails: 31, inconclusive: 33, "suite error": 35 }[run.conclusion];
  const notes = run.cases.reduce((sum, { warnings }) => sum + warnings.length, 0);
  const part = run.selection !== undefined && run.cases.length < run.selection.of ? ` of ${run.selection.of}` : "";
  const facts = `, ${run.cases.length}${part} cases in ${run.milliseconds} ms${notes > 0 ? `, ${notes} notes` : ""}, seed ${run.seed}`;
  const word = run.conclusion.toUpperCase();
  const room = Math.max(30, widthOf(style) - word.length - run.entity.length - facts.length - 3);
  const product = run.product === "" ? run.target : `${run.product} at ${run.target}`;
  return [`${paint(word, colour)}: ${run.entity} ${clipMiddle(product, room)}${facts}`, ...exitLine(run)];
}

/** Where the exit code is not what the word before it says. */
function exitLine(run: RunResult): string[] {
  if (run.baseline === undefined) return [];
  const code = exitCodeOf(run);
  if (code === exitCodes.staleBaseline)
    return ["The baseline is stale: mend the entries above, for they hide what they should show (exit code 4)"];
  if (run.conclusion === "fails" && code !== exitCodes.fails)
    return [`Every failure is known to the baseline (exit code ${code})`];
  return [];
}

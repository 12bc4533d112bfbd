import { isMandatory, isRequirement, requirement } from "../catalogue.js";
import type { Failure } from "../outcome.js";
import type { CaseResult } from "../result.js";
import type { Entry } from "../transcript.js";
import type { CaseVerdict } from "../verdict.js";
import { ARROWS, directionOf, exchangeOf, productAsks } from "./direction.js";
import { SIGNS } from "./signs.js";
import type { Paint, TerminalStyle } from "./terminal-text.js";
import { clip, DIM, painter, widthOf, wrap, YELLOW } from "./terminal-text.js";

export const COLOURS: Readonly<Record<CaseVerdict, number>> = {
  pass: 32,
  inconclusive: 33,
  fail: 31,
  error: 35,
  "n/a": 90,
};

/** One case; more than a line if there is something to explain. `known` is the reason that a baseline gives. */
export function renderCase(result: CaseResult, style: TerminalStyle, known?: string): string[] {
  const paint = painter(style);
  const width = widthOf(style) - 2;
  const { verdict, id, title, reason, failures, warnings, level, security, milliseconds, hint } = result;
  const apart = security ? "security" : level;
  const soft = verdict === "fail" && (security || !isMandatory(level)) ? ` (${apart})` : "";
  const word = `${SIGNS[verdict]} ${verdict}${soft}${known === undefined ? "" : " (known)"}`;
  const took = verdict === "n/a" ? "" : ` ${milliseconds} ms`;
  const room = width - word.length - id.length - took.length - 4;
  const head = `${paint(word, COLOURS[verdict])}  ${id}`;
  const lines =
    room >= Math.min(title.length, 24)
      ? [`${head}  ${paint(clip(title, room), DIM)}${paint(took, DIM)}`]
      : [`${head}${paint(took, DIM)}`, `    ${paint(clip(title, width - 4), DIM)}`];
  const note = (name: string, text: string, colour = DIM): void => {
    const [first = "", ...more] = wrap(text, width - 14);
    lines.push(`    ${paint(name.padEnd(9), colour)} ${first}`, ...more.map((line) => `${" ".repeat(14)}${line}`));
  };
  if (verdict === "inconclusive" || verdict === "error") note("because", reason);
  if (known !== undefined) note("known", known);
  for (const failure of failures) lines.push(...renderFailure(failure, result, paint, width));
  if (hint !== undefined) note("hint", hint, YELLOW);
  if (failures.length > 0 || verdict === "error") lines.push(`    ${paint("again    ", DIM)} ${result.repeat}`);
  for (const { text } of warnings) note("note", text, YELLOW);
  return lines;
}

function renderFailure(failure: Failure, result: CaseResult, paint: Paint, width: number): string[] {
  const { requirements, clauses, level, what, permitted, actual, reproduce } = failure;
  const lines: string[] = [];
  const row = (name: string, text: string): void => {
    for (const [index, line] of wrap(text, width - 14).entries())
      lines.push(`    ${paint((index === 0 ? name : "").padEnd(9), DIM)} ${line}`);
  };
  const at = failure.offset === undefined ? "" : `, at octet ${failure.offset}`;
  row("judges", `${what}${at}`);
  row("clause", `${clauses.join("; ")} (${level}; ${requirements.join(", ")})`);
  for (const id of requirements) if (isRequirement(id)) row("", requirement(id).statement);
  row("permitted", permitted.join(" | "));
  row("actual", actual);
  const place = placeOf(failure);
  if (place !== undefined) row("where", place);
  for (const [index, line] of exchangeLines(failure, result, width - 14).entries())
    lines.push(`    ${paint((index === 0 ? "exchange" : "").padEnd(9), DIM)} ${line}`);
  // Never broken, so that it works when pasted.
  if (reproduce !== result.repeat) lines.push(`    ${paint("reproduce", DIM)} ${reproduce}`);
  return lines;
}

/** The member judged, and who says that it is there. */
export function placeOf({ pointer, form }: Failure): string | undefined {
  if (pointer === undefined)
    return form === undefined
      ? undefined
      : `asked for by this project's profile (${form}); the Recommendation leaves the form open`;
  return form === undefined
    ? pointer
    : `${pointer}: the place that this project's profile (${form}) has for it; the Recommendation leaves the form open`;
}

/** What was sent and what came, decoded where it is binary. */
function exchangeLines({ entry }: Failure, { transcript }: CaseResult, width: number): string[] {
  const asks = productAsks(transcript);
  return exchangeOf(transcript, entry).flatMap((one) =>
    message(ARROWS[directionOf(one, asks) ?? "silence"], one, width),
  );
}

function message(arrow: string, { summary, text, hex, decoded }: Entry, width: number): string[] {
  const octets = hex === undefined ? [] : wrap(hex.slice(0, 240).replace(/(..)(?=.)/g, "$1 "), width - 2);
  return [
    clip(`${arrow} ${summary}`, width),
    ...short(bodyOf(text ?? ""), width - 2),
    ...octets.map((line) => `  ${line}`),
    ...(decoded ?? []).slice(0, 8).map((line) => `  ${clip(line, width - 2)}`),
  ];
}

/** What follows the header lines, without the sizes of chunks. */
function bodyOf(text: string): string {
  const [head = "", ...rest] = text.split(/\r?\n\r?\n/);
  const body = rest.join("\n").trim();
  return /^transfer-encoding: *chunked/im.test(head) ? body.replace(/^[0-9a-f]+\r?\n|\r?\n0$/gi, "") : body;
}

/** Three lines of a message at most: the reports have it all. */
function short(text: string, width: number): string[] {
  const lines = text === "" ? [] : wrap(text.replace(/\s*\n\s*/g, " "), width);
  const shown = lines.length > 3 ? [...lines.slice(0, 2), `${clip(lines[2] ?? "", width - 2)} …`] : lines;
  return shown.map((line) => `  ${line}`);
}

import { isMandatory } from "../engine/catalogue.js";
import { isObject } from "../engine/matchers.js";
import type { BaselineResult, CaseResult, KnownFailure, RunResult } from "../engine/result.js";

/** A file of known failures that is not as it should be, with every mistake. */
export class BaselineError extends Error {
  constructor(mistakes: readonly string[]) {
    super(mistakes.join("\n"));
    this.name = "BaselineError";
  }
}

const MEMBERS = ["case", "reason", "expires", "requirement"];

/**
 * Reads the entries of a file of known failures: a list of `{ case, reason, expires?, requirement? }`.
 *
 * @param input what the YAML or JSON of the file holds
 * @throws BaselineError with everything that is wrong with it
 */
export function readBaseline(input: unknown): KnownFailure[] {
  if (!Array.isArray(input)) throw new BaselineError(["write a list of entries: - case: …, reason: …"]);
  const mistakes: string[] = [];
  const seen = new Set<string>();
  const known = input.flatMap((entry: unknown, index) => {
    const found = mistakesOf(entry);
    mistakes.push(...found.map((one) => `entry ${index + 1}: ${one}`));
    if (found.length > 0) return [];
    const { case: id, requirement } = entry as unknown as KnownFailure;
    const key = `${id} ${requirement ?? ""}`;
    if (seen.has(key)) mistakes.push(`entry ${index + 1}: ${key.trim()} stands in the file already`);
    seen.add(key);
    return [entry as unknown as KnownFailure];
  });
  if (mistakes.length > 0) throw new BaselineError(mistakes);
  return known;
}

function mistakesOf(entry: unknown): string[] {
  if (!isObject(entry)) return ["write case: and reason:"];
  const unknown = Object.keys(entry).filter((name) => !MEMBERS.includes(name));
  const { case: id, reason, expires, requirement } = entry;
  return [
    ...unknown.map((name) => `${name}: unknown member; known are ${MEMBERS.join(", ")}`),
    ...(typeof id === "string" && /^[^/]+\/[^/]+\/[^/]+$/.test(id) ? [] : ["case: write the id of one case"]),
    ...(typeof reason === "string" && reason.trim() !== "" ? [] : ["reason: say why this failure is accepted"]),
    ...(expires === undefined || isDate(expires) ? [] : ["expires: write a date such as 2027-01-31"]),
    ...(requirement === undefined || typeof requirement === "string" ? [] : ["requirement: write one id"]),
  ];
}

function isDate(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

export interface BaselineOptions {
  readonly file: string;
  /** All cases that the entity has, selected for the run or not. */
  readonly exists: (id: string) => boolean;
  /** `2026-11-21` */
  readonly today: string;
}

/**
 * What a file of known failures says about a run. An entry is stale when its case passes, is not applicable or does not exist, when what
 * fails is another statement than the one it names, or when its last day is over; entries of other entities, and of cases that the run
 * left out or could not judge, are left alone.
 */
export function applyBaseline(
  run: Pick<RunResult, "entity" | "cases">,
  known: readonly KnownFailure[],
  { file, exists, today }: BaselineOptions,
): BaselineResult {
  const results = new Map(run.cases.map((one) => [one.id, one]));
  const mine = known.filter((entry) => entry.case.startsWith(`${run.entity}/`));
  const stale = mine.flatMap((entry) => {
    const why = staleness(entry, results.get(entry.case), exists(entry.case), today);
    return why === undefined ? [] : [{ case: entry.case, why }];
  });
  const covered = mine.filter((entry) => {
    const result = results.get(entry.case);
    return result !== undefined && covers(entriesOf(mine, entry.case), result);
  });
  return { file, known: covered, stale };
}

function entriesOf(known: readonly KnownFailure[], id: string): readonly KnownFailure[] {
  return known.filter((entry) => entry.case === id);
}

/** Every mandatory failure of the case is known: by an entry for the whole case, or by one for each statement. */
function covers(entries: readonly KnownFailure[], { verdict, failures }: CaseResult): boolean {
  if (verdict !== "fail") return false;
  if (entries.some(({ requirement }) => requirement === undefined)) return true;
  const named = new Set(entries.map(({ requirement }) => requirement));
  const counted = failures.some(({ level }) => isMandatory(level))
    ? failures.filter(({ level }) => isMandatory(level))
    : failures;
  return counted.every(({ requirements }) => requirements.some((one) => named.has(one)));
}

function staleness(
  { requirement, expires }: KnownFailure,
  result: CaseResult | undefined,
  exists: boolean,
  today: string,
): string | undefined {
  if (!exists) return "there is no such case";
  if (expires !== undefined && expires < today) return `expired on ${expires}`;
  switch (result?.verdict) {
    case "pass":
      return "the case passes now";
    case "n/a":
      return "the case is not applicable any more: the product does not declare the option";
    case "fail":
      return requirement === undefined ||
        result.failures.some(({ requirements }) => includes(requirements, requirement))
        ? undefined
        : `${requirement} is not what fails`;
    default:
      return undefined;
  }
}

function includes(list: readonly string[], one: string): boolean {
  return list.includes(one);
}

/** A file of known failures to fill in: an entry for each failure of the reports, without the reason that only a person can give. */
export function baselineTemplate(runs: readonly RunResult[]): string {
  const failing = runs.flatMap(({ cases }) => cases.filter(({ verdict }) => verdict === "fail"));
  const head = [
    `# Known failures, for mp2p conformance ${runs.map(({ entity }) => entity)[0] ?? "ENTITY"} … --baseline THIS-FILE`,
    "# Give each a reason; without one the file is refused. expires is the last day on which the entry holds.",
    "# requirement narrows an entry to one statement: a failure of any other is then not known.",
  ];
  if (failing.length === 0) return `${[...head, "[]"].join("\n")}\n`;
  return `${[...head, ...failing.flatMap(entryLines)].join("\n")}\n`;
}

function entryLines({ id, title, failures, security, level }: CaseResult): string[] {
  const grade = security ? "security: reported apart" : isMandatory(level) ? level : `${level}: graded apart`;
  return [
    "",
    `# ${title} (${grade})`,
    ...failures.flatMap(({ what, clauses, requirements, permitted, actual }) => [
      `#   ${oneLine(clauses.join("; "))} ${requirements.join(", ")}: ${oneLine(what)}`,
      `#   permitted ${oneLine(permitted.join(" | "))}, came ${oneLine(actual)}`,
    ]),
    `- case: ${id}`,
    `  reason: ""`,
    "  # expires: 2027-01-31",
  ];
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

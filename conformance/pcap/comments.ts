import type { Line } from "../bundle/format.js";
import type { Failure } from "../engine/outcome.js";
import type { CaseResult } from "../engine/result.js";
import type { Passage } from "./flows.js";

/** What is said of each message: its case with clauses and verdict first, then every failure that is about it. */
export function commentsOf(
  log: readonly Line[],
  passages: readonly Passage[],
  cases: readonly CaseResult[],
): Map<Passage, string[]> {
  const scopes = log.filter((line) => "scope" in line);
  const verdicts = new Map(log.flatMap((line) => ("close" in line ? [[line.in, line.close] as const] : [])));
  const names = new Map(scopes.map(({ scope, name }) => [scope, name]));
  const results = new Map(cases.map((one) => [one.id, one]));
  const comments = new Map<Passage, string[]>();
  for (const one of passages) {
    if (one.sent === undefined) continue;
    const name = names.get(one.scope) ?? "run";
    const result = results.get(name);
    comments.set(one, [result ? `${name}: ${result.clauses.join(", ")}: ${result.verdict}` : name]);
  }
  // Of a case that was tried again, the last try that came to its verdict counts.
  const decisive = scopes.filter(({ scope, name }) => verdicts.get(scope) === results.get(name)?.verdict);
  for (const { scope, name, at } of new Map(decisive.map((one) => [one.name, one])).values()) {
    const result = results.get(name);
    for (const failure of result?.failures ?? []) {
      const about = result && passageOf(failure, result, scope, at, passages);
      if (about) comments.get(about)?.push(textOf(name, failure));
    }
  }
  return comments;
}

function textOf(name: string, { clauses, what, permitted, actual, offset }: Failure): string {
  const where = offset === undefined ? "" : ` at octet ${offset}`;
  return `FAILED ${name}: ${clauses.join(", ")}: ${what}${where}: expected ${permitted.join(" or ")}, got ${actual}`;
}

/** The message that a failure is about; where it is about none, the last one before it. */
function passageOf(
  { entry }: Failure,
  { transcript }: CaseResult,
  scope: number,
  begun: number,
  passages: readonly Passage[],
): Passage | undefined {
  const about = entry === undefined ? transcript.at(-1) : transcript[entry];
  const own = passages.filter((one) => one.scope === scope && one.sent !== undefined);
  if (!about) return own.at(-1);
  const time = begun + about.at;
  const sent = /request$|sent$/.test(about.kind) ? true : /response$|received$/.test(about.kind) ? false : undefined;
  const before = own.findLast((one) => one.heard <= time + 0.5) ?? own[0];
  if (sent === undefined) return before;
  const then = (one: Passage): boolean => (sent ? one.heard >= time - 0.5 : Math.abs(one.heard - time) < 0.01);
  const same = (one: Passage): boolean => about.hex === undefined || hex(one) === about.hex;
  const oneWay = own.filter((one) => one.sent === sent);
  return (
    oneWay.find((one) => then(one) && same(one)) ??
    oneWay.findLast((one) => about.hex !== undefined && same(one)) ??
    // A rule on every message cites what it heard in another case.
    passages.find((one) => one.sent === sent && about.hex !== undefined && same(one)) ??
    oneWay.find(then) ??
    before
  );
}

function hex({ octets }: Passage): string {
  return Buffer.from(octets).toString("hex");
}

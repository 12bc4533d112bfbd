/** `npm run spec:diff -- OLD NEW`: what a change of the spec means. `--help` tells the rest. */
import { existsSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compareFacts, formatChanges, type Severity, type SpecChange, severities } from "./diff/compare.js";
import { factsOf } from "./diff/facts.js";
import { extractRevision } from "./diff/git-spec.js";
import { loadSpec } from "./model/load.js";
import { SpecError } from "./model/problem.js";

const HELP = `Usage: npm run spec:diff -- [options] OLD [NEW]

Says what changed between two states of a spec, and for whom that matters:
  breaking       someone who followed the old spec is refused, misunderstood, or no longer compiles
  additive       new operations, optional members, words, tolerance: the old keeps working
  documentation  descriptions, clauses, errata, examples

OLD and NEW are spec folders, or git revisions: HEAD~1, v0.1.0, or REVISION:FOLDER where the folder is not spec/.
NEW is the working tree's spec/ unless given.

Options:
  --fail-on SEVERITY   Exit with 1 if there is a change of this severity or a graver one.
  --json               The changes as a JSON array of { severity, subject, what }.
  --help               This text.

Examples:
  npm run spec:diff -- HEAD
  npm run spec:diff -- --fail-on breaking v0.1.0 HEAD

Exit codes: 0 compared; 1 --fail-on applies, or a spec has mistakes; 2 wrong usage.`;

/** @param place spec folder or git revision */
export async function diffSpecs(old: string, now: string, cwd: string): Promise<SpecChange[]> {
  const before = await factsAt(old, cwd);
  return compareFacts(before, await factsAt(now, cwd));
}

class UsageError extends Error {}

async function factsAt(place: string, cwd: string): Promise<ReturnType<typeof factsOf>> {
  const folder = resolve(cwd, place);
  if (existsSync(folder) && statSync(folder).isDirectory()) return factsOf(await loadSpec(folder));
  const extracted = extractRevision(place, cwd);
  if (extracted === undefined)
    throw new UsageError(`${place} is neither a folder nor a git revision with a spec folder.`);
  try {
    return factsOf(await loadSpec(extracted));
  } catch (error) {
    if (error instanceof SpecError) throw new Error(`the spec at ${place} has mistakes:\n${error.message}`);
    throw error;
  } finally {
    rmSync(dirname(extracted), { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  let options: { values: { "fail-on"?: string; json?: boolean; help?: boolean }; positionals: string[] };
  try {
    options = parseArgs({
      allowPositionals: true,
      options: { "fail-on": { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = options;
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const [old, now = "spec"] = positionals;
  if (old === undefined || positionals.length > 2) return usage("name one or two spec folders or git revisions.");
  const failOn = values["fail-on"];
  const limit = severities.indexOf(failOn as Severity);
  if (failOn !== undefined && limit < 0) return usage(`--fail-on takes ${severities.join(", ")}, not ${failOn}.`);
  try {
    // npm runs scripts in the package's folder; folders are meant from where the user stands.
    const given = process.env.npm_lifecycle_event === "spec:diff" ? process.env.INIT_CWD : undefined;
    const cwd = positionals.length === 2 && given !== undefined ? given : process.cwd();
    const changes = await diffSpecs(old, now, cwd);
    if (values.json === true) console.log(JSON.stringify(changes, null, 2));
    else console.log(changes.length === 0 ? "no difference" : formatChanges(changes));
    return failOn !== undefined && changes.some(({ severity }) => severities.indexOf(severity) <= limit) ? 1 : 0;
  } catch (error) {
    if (error instanceof UsageError) return usage(error.message);
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function usage(message: string): number {
  console.error(`${message}\nTry: npm run spec:diff -- --help`);
  return 2;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main();
}

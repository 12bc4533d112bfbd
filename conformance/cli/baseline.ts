import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { applyBaseline, BaselineError, baselineTemplate, readBaseline } from "../compare/baseline.js";
import type { EntityUnderTest } from "../engine/entity.js";
import type { KnownFailure, RunResult } from "../engine/result.js";
import { exitCodes } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { parse, UsageError } from "./arguments.js";
import { parseText } from "./declaration-file.js";
import type { Output } from "./output.js";
import { resultAt } from "./report-argument.js";

/** `mp2p conformance baseline REPORT…`: prints a file of known failures to fill in. */
export async function baseline(argv: readonly string[], output: Output): Promise<number> {
  const { positionals } = parse(() => parseArgs({ args: [...argv], options: {}, allowPositionals: true }));
  if (positionals.length === 0) throw new UsageError("baseline takes reports: mp2p conformance baseline REPORT.json");
  output.out(baselineTemplate(await Promise.all(positionals.map(resultAt))));
  return exitCodes.conforms;
}

/** Reads the file that `--baseline` names; says everything that is wrong with it at once. */
export async function knownFailures(path: string): Promise<KnownFailure[]> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read the baseline: ${error instanceof Error ? error.message : String(error)}`);
  }
  const value = await parseText(path, text);
  try {
    const known = readBaseline(value);
    const strangers = known.filter((entry) => !Object.hasOwn(entities, entry.case.split("/")[0] ?? ""));
    const names = Object.keys(entities).join(", ");
    if (strangers.length > 0)
      throw new BaselineError(strangers.map((entry) => `${entry.case}: no such entity; there are ${names}`));
    return known;
  } catch (error) {
    if (!(error instanceof BaselineError)) throw error;
    throw new UsageError(`${path}:\n${error.message.replace(/^/gm, "  ")}`);
  }
}

/** The run with what the baseline says about it. */
export function withBaseline(
  run: RunResult,
  file: string,
  known: readonly KnownFailure[],
  entity: EntityUnderTest,
): RunResult {
  const exists = (id: string): boolean => entity.cases.some((one) => one.id === id);
  return { ...run, baseline: applyBaseline(run, known, { file, exists, today: run.started.slice(0, 10) }) };
}

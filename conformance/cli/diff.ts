import { parseArgs } from "node:util";
import { diffRuns } from "../compare/diff.js";
import { renderDiff } from "../compare/diff-text.js";
import { exitCodes } from "../engine/verdict.js";
import { parse, UsageError } from "./arguments.js";
import type { Output } from "./output.js";
import { resultAt } from "./report-argument.js";

/** `mp2p conformance diff BEFORE AFTER [--json]` */
export async function diff(argv: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(() =>
    parseArgs({ args: [...argv], options: { json: { type: "boolean" } }, allowPositionals: true }),
  );
  const [before, after, ...more] = positionals;
  if (before === undefined || after === undefined || more.length > 0)
    throw new UsageError("diff takes two reports: mp2p conformance diff BEFORE.json AFTER.json");
  const [a, b] = [await resultAt(before), await resultAt(after)];
  if (a.entity !== b.entity)
    throw new UsageError(`${before} judges a ${a.entity}, ${after} a ${b.entity}: compare runs of one entity`);
  const found = diffRuns(a, b);
  output.out(values.json ? `${JSON.stringify(found, null, 2)}\n` : `${renderDiff(found)}\n`);
  if (found.changes.some(({ kind }) => kind === "regression")) return exitCodes.fails;
  return found.changes.some(({ kind }) => kind === "lost") ? exitCodes.inconclusive : exitCodes.conforms;
}

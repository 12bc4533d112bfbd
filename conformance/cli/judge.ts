import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { EntityId } from "../engine/entity.js";
import { toHtml } from "../engine/report/html.js";
import { toJunit } from "../engine/report/junit.js";
import { renderPreflight, renderQuietly, renderRun } from "../engine/report/terminal.js";
import { runConformance } from "../engine/runner.js";
import { select } from "../engine/select.js";
import { exitCodeOf, exitCodes } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { parseRun, UsageError } from "./arguments.js";
import { knownFailures, withBaseline } from "./baseline.js";
import { readDeclaration } from "./declaration-file.js";
import { listCases } from "./list.js";
import type { Output } from "./output.js";
import { targetOf } from "./target.js";

/** `mp2p conformance ENTITY …`: one run against one product. */
export async function judge(id: EntityId, argv: readonly string[], output: Output): Promise<number> {
  const given = parseRun(argv);
  const entity = entities[id];
  const target = given.list ? {} : targetOf(id, given);
  const only = given.only?.flatMap((one) => one.split(",")) ?? [];
  const chosen = select(entity.cases, only);
  if (chosen.length === 0 && only.length > 0)
    throw new UsageError(`--only ${only.join(",")}: selects no case of ${id}; see mp2p conformance list ${id}`);
  if (given.list) {
    listCases(chosen, output);
    return exitCodes.conforms;
  }
  for (const path of [given.json === "-" ? undefined : given.json, given.junit, given.html]) {
    if (path !== undefined) checkWritable(path);
  }
  const known = given.baseline === undefined ? undefined : await knownFailures(given.baseline);
  const declaration = given.pics === undefined ? {} : await readDeclaration(given.pics, entity.declaration);
  const style = { colour: output.terminal };
  const toStdout = given.json === "-";
  let done = 0;
  const judged = await runConformance({
    entity,
    target,
    declaration,
    only,
    ...(given.pics === undefined ? {} : { declarationFile: given.pics }),
    ...(given.seed === undefined ? {} : { seed: given.seed }),
    ...(given.timeoutMs === undefined ? {} : { timeoutMs: given.timeoutMs }),
    onPreflight: (step) => {
      if (!toStdout && !(given.quiet && step.holds)) output.out(`${renderPreflight(step, style)}\n`);
    },
    onCase: () => {
      done++;
      if (output.terminal)
        output.err(`\r${done} of ${chosen.length} cases\u001b[K${done === chosen.length ? "\r\u001b[K" : ""}`);
    },
  });
  const result = known === undefined ? judged : withBaseline(judged, given.baseline ?? "", known, entity);
  if (toStdout) output.out(`${JSON.stringify(result, null, 2)}\n`);
  else output.out(`${given.quiet ? renderQuietly(result, style) : `\n${renderRun(result, style)}`}\n`);
  if (given.json !== undefined && !toStdout) write(given.json, `${JSON.stringify(result, null, 2)}\n`);
  if (given.junit !== undefined) write(given.junit, toJunit(result));
  if (given.html !== undefined) write(given.html, toHtml([result]));
  return exitCodeOf(result);
}

/** A run is not made for a report that cannot be kept. */
function checkWritable(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    closeSync(openSync(path, "a"));
  } catch (error) {
    throw new UsageError(`cannot write the report ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

import { parseArgs } from "node:util";
import { matrixOf } from "../compare/matrix.js";
import { matrixHtml } from "../compare/matrix-html.js";
import { renderMatrix } from "../compare/matrix-text.js";
import { readReports } from "../compare/report-file.js";
import { exitCodes } from "../engine/verdict.js";
import { parse, UsageError } from "./arguments.js";
import { keep } from "./badge.js";
import type { Output } from "./output.js";

/** `mp2p conformance matrix DIR [--html FILE] [--json]` */
export function matrix(argv: readonly string[], output: Output): number {
  const options = { html: { type: "string" }, json: { type: "boolean" } } as const;
  const { values, positionals } = parse(() => parseArgs({ args: [...argv], options, allowPositionals: true }));
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0)
    throw new UsageError("matrix takes one folder of reports: mp2p conformance matrix DIR --html matrix.html");
  const reports = readFolder(folder);
  if (reports.length === 0)
    throw new UsageError(`${folder}: no report in it; write them with --json ${folder}/NAME.json`);
  const matrices = matrixOf(reports.map(({ run }) => run));
  if (values.json) output.out(`${JSON.stringify(matrices, null, 2)}\n`);
  else if (values.html === undefined) output.out(`${renderMatrix(matrices)}\n`);
  if (values.html !== undefined) keep(values.html, matrixHtml(matrices));
  return exitCodes.conforms;
}

function readFolder(folder: string): ReturnType<typeof readReports> {
  try {
    return readReports(folder);
  } catch (error) {
    throw new UsageError(`cannot read ${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

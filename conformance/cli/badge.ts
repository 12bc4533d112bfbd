import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { badge as draw } from "../compare/badge.js";
import { exitCodes } from "../engine/verdict.js";
import { parse, UsageError } from "./arguments.js";
import type { Output } from "./output.js";
import { resultAt } from "./report-argument.js";

/** `mp2p conformance badge REPORT… [--out FILE]` */
export async function badge(argv: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(() =>
    parseArgs({ args: [...argv], options: { out: { type: "string" } }, allowPositionals: true }),
  );
  if (positionals.length === 0)
    throw new UsageError("badge takes reports: mp2p conformance badge REPORT.json --out badge.svg");
  const svg = draw(await Promise.all(positionals.map(resultAt)));
  if (values.out === undefined) output.out(svg);
  else keep(values.out, svg);
  return exitCodes.conforms;
}

/** Writes a file that the command line names. */
export function keep(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

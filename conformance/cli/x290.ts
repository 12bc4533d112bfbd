import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { exitCodes } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { picsProforma } from "../x290/pics-proforma.js";
import { pixitProforma } from "../x290/pixit-proforma.js";
import { pctr, sctr } from "../x290/test-report.js";
import { tssAndTp } from "../x290/tss-tp.js";
import { entityNamed, parse, UsageError } from "./arguments.js";
import type { Output } from "./output.js";
import { reportAt } from "./report-argument.js";

const options = { out: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

/** `mp2p conformance x290 ENTITY [--out DIR]` and `mp2p conformance x290 report REPORT.json … [--out FILE]` */
export function x290(argv: readonly string[], output: Output): number {
  const { values, positionals } = parse(() => parseArgs({ args: [...argv], options, allowPositionals: true }));
  const [first, ...more] = positionals;
  if (first === "report") {
    if (more.length === 0)
      throw new UsageError("x290 report: name one report (--json of a run), or several of one product");
    const runs = more.map(reportAt);
    const [only] = runs;
    put(values.out, runs.length === 1 && only ? pctr(only) : sctr(runs), output);
    return exitCodes.conforms;
  }
  if (first === undefined || more.length > 0) {
    throw new UsageError(`x290: name one entity: ${Object.keys(entities).join(", ")}; or: x290 report REPORT.json …`);
  }
  const entity = entities[entityNamed(first)];
  const documents = { pics: picsProforma(entity), pixit: pixitProforma(entity), "tss-tp": tssAndTp(entity) };
  for (const [name, text] of Object.entries(documents)) {
    put(values.out === undefined ? undefined : join(values.out, `${entity.id}-${name}.md`), text, output);
  }
  return exitCodes.conforms;
}

function put(path: string | undefined, text: string, output: Output): void {
  if (path === undefined) {
    output.out(`${text}\n`);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text.trimEnd()}\n`);
}

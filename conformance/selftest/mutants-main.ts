// node --import ./tools/test/run-typescript.mjs conformance/selftest/mutants-main.ts [--json FILE] [id or beginning of one]…
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { judgeMutants } from "./mutants.js";
import { mutantsJson, renderMutants, renderResult } from "./mutants-report.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, parallel: { type: "string" }, verbose: { type: "boolean" } },
});
const figures = await judgeMutants({
  only: positionals,
  ...(values.parallel === undefined ? {} : { parallel: Number(values.parallel) }),
  onResult: (result) => {
    const sound = (result.fate === "claimed") === (result.mutant.equivalent === undefined);
    if (values.verbose || !sound) process.stdout.write(`${renderResult(result)}\n`);
  },
});
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(mutantsJson(figures), null, 2)}\n`);
process.stdout.write(`\n${renderMutants(figures)}\n`);
process.exitCode = figures.killed === figures.mutants && figures.notEquivalent.length === 0 ? 0 : 1;

/** `npm run spec:lint [-- --spec DIR]`: Redocly and the project's own rules over the spec; exit 1 if anything is wrong. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { lintSpec } from "./lint/lint-spec.js";
import { runRedocly } from "./lint/redocly.js";
import { formatProblems, type Problem } from "./model/problem.js";

const USAGE = "usage: npm run spec:lint -- [--spec DIR]    DIR: the spec folder, default spec";

const EXIT = { sound: 0, problems: 1, usage: 2 } as const;

async function main(): Promise<number> {
  let root: string;
  try {
    root = parseArgs({ options: { spec: { type: "string", default: "spec" } } }).values.spec;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return EXIT.usage;
  }
  if (!existsSync(root)) {
    console.error(`${root}: no such folder\n${USAGE}`);
    return EXIT.usage;
  }
  const { problems, notes, files } = lintSpec(root);
  // redocly.yaml lists this project's own files; a spec elsewhere has its own configuration, or none.
  const redocly: Problem[] = root === "spec" && existsSync("redocly.yaml") ? await runRedocly("redocly.yaml") : [];
  for (const note of notes) console.warn(`note: ${note}`);
  const all = [...problems, ...redocly];
  if (all.length === 0) {
    console.log(`${root}: ${files} files, nothing to complain about`);
    return EXIT.sound;
  }
  console.error(formatProblems(all));
  console.error(`${all.length} problem${all.length === 1 ? "" : "s"}`);
  return EXIT.problems;
}

process.exitCode = await main();

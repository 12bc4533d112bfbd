/** The command behind `npm run spec:lint`. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatProblems, type Problem } from "../model/problem.js";
import { lintSpec } from "./lint-spec.js";
import { runRedocly } from "./redocly.js";

const USAGE = "usage: npm run spec:lint -- [--spec DIR]    DIR: the spec folder, default spec";

export const EXIT = { sound: 0, problems: 1, usage: 2 } as const;

export interface Output {
  log(line: string): void;
  error(line: string): void;
}

/** @returns the exit code */
export async function lintCommand(args: readonly string[], output: Output): Promise<number> {
  let root: string;
  try {
    root = parseArgs({ args: [...args], options: { spec: { type: "string", default: "spec" } } }).values.spec;
  } catch (error) {
    output.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return EXIT.usage;
  }
  if (!existsSync(root)) {
    output.error(`${root}: no such folder\n${USAGE}`);
    return EXIT.usage;
  }
  const { problems, notes, files } = lintSpec(root);
  // redocly.yaml lists this project's own files; a spec elsewhere has its own configuration, or none.
  const redocly: Problem[] = root === "spec" && existsSync("redocly.yaml") ? await runRedocly("redocly.yaml") : [];
  for (const note of notes) output.error(`note: ${note}`);
  const all = [...problems, ...redocly];
  if (all.length === 0) {
    output.log(`${root}: ${files} files, nothing to complain about`);
    return EXIT.sound;
  }
  output.error(formatProblems(all));
  output.error(`${all.length} problem${all.length === 1 ? "" : "s"}`);
  return EXIT.problems;
}

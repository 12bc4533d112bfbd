import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Goal, median, printGoals } from "../rounds.js";

/** The package, seen from dist/tools/bench/generate. */
const root = join(import.meta.dirname, "../../../..");

/** `npm run generate -- --check` from cold: compile the generator, read the spec, emit everything, compare. Writes no output. */
export function benchGenerate(rounds: number): Promise<readonly Goal[]> {
  const seconds = Array.from({ length: Math.min(rounds, 5) }, () => {
    // What the compiler remembers of its last run; without it every file is compiled again.
    rmSync(join(root, "dist/.tools.tsbuildinfo"), { force: true });
    const started = performance.now();
    const { error, status } = spawnSync("npm", ["run", "generate", "--silent", "--", "--check"], {
      cwd: root,
      stdio: "ignore",
    });
    if (status !== 0)
      throw error ?? new Error("generated/ is stale, or the spec at fault: npm run generate says which");
    return (performance.now() - started) / 1000;
  });
  console.log(
    `\n### npm run generate from cold, Node ${process.versions.node}\n\n${seconds.map((one) => one.toFixed(1)).join(", ")} s\n`,
  );
  const measured = median(seconds);
  const goals = [{ what: "generate from cold, s", wanted: "< 5 s", measured, met: measured < 5 }];
  printGoals(goals);
  return Promise.resolve(goals);
}

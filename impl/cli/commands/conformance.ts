import { readFileSync } from "node:fs";
import type { Command } from "commander";
// The one place where impl/ reaches into conformance/: the command line hands over to the suite. The suite never imports impl/.
import { type RunResult, runConformanceCli, toHtml } from "../../../conformance/index.js";

/** Hands the rest of the command line to the suite. @returns the suite's exit code */
export function runConformance(argv: readonly string[]): Promise<number> {
  return runConformanceCli(argv);
}

/** Several JSON reports as one HTML page. */
export function combineReports(paths: readonly string[]): string {
  return toHtml(paths.map((path) => JSON.parse(readFileSync(path, "utf8")) as RunResult));
}

/** `mp2p conformance …`; the suite parses its own command line, but for `demo`, which needs the reference entities. */
export function addConformanceCommand(program: Command): void {
  const conformance = program
    .command("conformance")
    .description("judge a PAMS, HOMS, hybrid peer, LDMP end or entity of X.609.10 over the wire (has its own --help)");
  conformance
    .command("demo")
    .description("start the reference entities, judge them, and write the reports")
    .option("--reports <folder>", "where reports go", "reports")
    .action(async ({ reports }: { reports: string }) => {
      const { judgeReference } = await import("./conformance-demo.js");
      process.exitCode = await judgeReference(reports);
    });
}

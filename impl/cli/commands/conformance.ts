import type { Command } from "commander";
// The one place where impl/ reaches into conformance/: the command line hands over to the suite. The suite never imports impl/.
import { runConformanceCli } from "../../../conformance/cli/main.js";

/** Hands the rest of the command line to the suite. @returns the suite's exit code */
export function runConformance(argv: readonly string[]): Promise<number> {
  return runConformanceCli(argv);
}

/** `mp2p conformance …`, as it shows in the help; the suite parses its own command line. */
export function addConformanceCommand(program: Command): void {
  program
    .command("conformance")
    .description("judge a PAMS, HOMS, LDMP source peer or data source over the wire (has its own --help)")
    .argument("[arguments...]")
    .allowUnknownOption()
    .helpOption(false);
}

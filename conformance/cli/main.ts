import { exitCodes } from "../engine/verdict.js";
import { entityNamed, UsageError } from "./arguments.js";
import { coverage } from "./coverage.js";
import { help } from "./help.js";
import { judge } from "./judge.js";
import { list } from "./list.js";
import type { Output } from "./output.js";
import { processOutput } from "./output.js";

/**
 * The command line of the suite: `mp2p conformance …` without those two words.
 *
 * @param argv arguments, such as `["homs", "--url", "http://127.0.0.1:8081"]`
 * @returns the exit code: see `exitCodes`
 */
export async function runConformanceCli(argv: readonly string[], output: Output = processOutput): Promise<number> {
  const [command = "help", ...rest] = argv;
  if (["help", "--help", "-h"].includes(command) || rest.includes("--help") || rest.includes("-h")) {
    output.out(help);
    return argv.length === 0 ? exitCodes.usage : exitCodes.conforms;
  }
  try {
    if (command === "list") return list(rest, output);
    if (command === "coverage") return coverage(rest, output);
    return await judge(entityNamed(command), rest, output);
  } catch (error) {
    if (error instanceof UsageError) {
      output.err(`mp2p conformance: ${error.message}\nTry mp2p conformance --help\n`);
      return exitCodes.usage;
    }
    output.err(`mp2p conformance: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.suiteError;
  }
}

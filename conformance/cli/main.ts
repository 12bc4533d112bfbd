import { exitCodes } from "../engine/verdict.js";
import { entities } from "../entities.js";
import { entityNamed, UsageError } from "./arguments.js";
import { badge } from "./badge.js";
import { baseline } from "./baseline.js";
import { coverage } from "./coverage.js";
import { diff } from "./diff.js";
import { helpOfEntity } from "./entity-help.js";
import { help, helpOf } from "./help.js";
import { judge } from "./judge.js";
import { judgeBundle } from "./judge-bundle.js";
import { list } from "./list.js";
import { matrix } from "./matrix.js";
import type { Output } from "./output.js";
import { processOutput } from "./output.js";
import { pics } from "./pics.js";
import { replay } from "./replay.js";
import { review } from "./review.js";
import { x290 } from "./x290.js";

/** What does not run cases against a product; each in a file of its name, one line here. */
const commands: { readonly [name: string]: (argv: readonly string[], output: Output) => number | Promise<number> } = {
  badge,
  baseline,
  coverage,
  diff,
  judge: judgeBundle,
  list,
  matrix,
  pics,
  replay,
  review,
  x290,
};

/**
 * The command line of the suite: `mp2p conformance …` without those two words.
 *
 * @param argv arguments, such as `["homs", "--url", "http://127.0.0.1:8081"]`
 * @returns the exit code: see `exitCodes`
 */
export async function runConformanceCli(argv: readonly string[], output: Output = processOutput): Promise<number> {
  const [command = "help", ...rest] = argv[0] === "--json" ? jsonBehind(argv.slice(1)) : argv;
  if (["help", "--help", "-h"].includes(command) || rest.includes("--help") || rest.includes("-h")) {
    output.out(helpFor(command));
    return argv.length === 0 ? exitCodes.usage : exitCodes.conforms;
  }
  try {
    const other = Object.hasOwn(commands, command) ? commands[command] : undefined;
    return await (other ? other(rest, output) : judge(entityNamed(command), rest, output));
  } catch (error) {
    if (error instanceof UsageError) {
      output.err(`mp2p conformance: ${error.message}\nTry mp2p conformance --help\n`);
      return exitCodes.usage;
    }
    // An address of --listen that this machine does not have, or that somebody else has.
    if (error instanceof Error && /^(cannot listen|bind E|listen E)/.test(error.message)) {
      output.err(`mp2p conformance: cannot listen there (${error.message})\n`);
      return exitCodes.usage;
    }
    output.err(`mp2p conformance: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.suiteError;
  }
}

function helpFor(command: string): string {
  if (Object.hasOwn(entities, command)) return helpOfEntity(entityNamed(command));
  return Object.hasOwn(helpOf, command) ? (helpOf[command] ?? help) : help;
}

/** `mp2p --json conformance …` means what `--json` means behind the command: a run takes a file, and standard output is one. */
function jsonBehind([command = "help", ...rest]: readonly string[]): string[] {
  return [command, ...rest, "--json", ...(Object.hasOwn(entities, command) ? ["-"] : [])];
}

import type { Command } from "commander";
import { createCsClient } from "../../../generated/cs/index.js";
import { printResult, wantsJson } from "../output.js";
import { ingest } from "./cs-ingest.js";
import { addMakingOptions, csUrl } from "./cs-request.js";
import { addCsSessionCommands } from "./cs-session.js";

/** `mp2p cs query|ingest|session` */
export function addCsCommand(program: Command): void {
  const cs = program
    .command("cs")
    .description("use a cache server: hand it data, and it is their source peer (X.609.10 8.11)");
  cs.command("query")
    .description("what a cache server can do, and how much of it is in use")
    .addOption(csUrl())
    .action(async (options: { cs: string }, command: Command) => {
      printResult(await createCsClient({ baseUrl: options.cs }).CS_QUERY(), wantsJson(command));
    });
  addMakingOptions(
    cs
      .command("ingest")
      .description("have a session made, and send it a file, or standard input, over HTTP")
      .argument("[file]", "what to send; -: standard input", "-"),
  )
    .option("--stream", "live data, worth something only while fresh (default for standard input)")
    .option("--keep", "leave the session when all is sent, with its token printed, instead of ending it on SIGINT")
    .action(ingest);
  addCsSessionCommands(cs);
}

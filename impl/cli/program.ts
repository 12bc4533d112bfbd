import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addConformanceCommand } from "./commands/conformance.js";
import { addDataSourceCommand } from "./commands/data-source.js";
import { addDemoCommand } from "./commands/demo.js";
import { addOverlayCommand } from "./commands/overlay.js";
import { addPamsCommand } from "./commands/pams.js";
import { addServeCommand } from "./commands/serve.js";
import { addSourcePeerCommand } from "./commands/source-peer.js";
import { ExitCode, reportFailure } from "./output.js";

/** The version in the package.json that this build belongs to. */
function version(): string {
  const path = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** The whole command tree; every command adds itself. */
function createProgram(): Command {
  const program = new Command("mp2p")
    .description("Managed and hybrid peer-to-peer networks as the ITU-T specifies them: servers, clients, conformance.")
    .version(version())
    .option("--json", "print JSON, one document per result, for other programs to read")
    .showHelpAfterError("(add --help for what the command takes)")
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .exitOverride()
    .addHelpText(
      "after",
      `
First steps:
  mp2p demo                                        everything at once on loopback, with this machine's readings
  mp2p serve homs --port 8080                      a HOMS (Q.4103), state in ./mp2p-homs.sqlite
  mp2p overlay create --homs http://127.0.0.1:8080 --owner me --title demo
  mp2p conformance homs --url http://127.0.0.1:8080

Exit codes: 0 done, 1 refused by the other side, 2 wrong usage, 3 not reachable, 5 fault of mp2p itself.`,
    );
  for (const add of [
    addDemoCommand,
    addServeCommand,
    addSourcePeerCommand,
    addDataSourceCommand,
    addOverlayCommand,
    addPamsCommand,
    addConformanceCommand,
  ]) {
    add(program);
  }
  return program;
}

/** Runs one command line and gives the exit code; never throws. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    // The suite has its own command line (options, exit codes, help): it takes over from here.
    if (argv[0] === "conformance" && argv[1] !== "demo") {
      const { runConformance } = await import("./commands/conformance.js");
      return await runConformance(argv.slice(1));
    }
    await createProgram().parseAsync([...argv], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : ExitCode.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    return reportFailure(error, argv.includes("--json"));
  }
}

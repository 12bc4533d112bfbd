import { existsSync, readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { ExitCode, reportFailure } from "./output.js";

/** The version in the package.json above this file: two levels up in the source, three in what is built. */
function version(): string {
  const path = ["../../package.json", "../../../package.json"]
    .map((up) => new URL(up, import.meta.url))
    .find(existsSync);
  if (path === undefined) return "unknown";
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** Every command's module, loaded when it is needed: a client need not wait for servers to load. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  demo: async () => (await import("./commands/demo.js")).addDemoCommand,
  serve: async () => (await import("./commands/serve.js")).addServeCommand,
  "source-peer": async () => (await import("./commands/source-peer.js")).addSourcePeerCommand,
  "data-source": async () => (await import("./commands/data-source.js")).addDataSourceCommand,
  peer: async () => (await import("./commands/peer.js")).addPeerCommand,
  "hybrid-peer": async () => (await import("./commands/hybrid-peer.js")).addHybridPeerCommand,
  overlay: async () => (await import("./commands/overlay.js")).addOverlayCommand,
  pams: async () => (await import("./commands/pams.js")).addPamsCommand,
  oms: async () => (await import("./commands/oms.js")).addOmsCommand,
  ixs: async () => (await import("./commands/ixs.js")).addIxsCommand,
  unis: async () => (await import("./commands/unis.js")).addUnisCommand,
  ums: async () => (await import("./commands/ums.js")).addUmsCommand,
  "pamp-peer": async () => (await import("./commands/pamp-peer.js")).addPampPeerCommand,
  "pamp-oms": async () => (await import("./commands/pamp-oms.js")).addPampOmsCommand,
  cs: async () => (await import("./commands/cs.js")).addCsCommand,
  conformance: async () => (await import("./commands/conformance.js")).addConformanceCommand,
};

/** The command tree: the one command that is named, or all of them for the help. Every command adds itself. */
async function createProgram(argv: readonly string[]): Promise<Command> {
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
  mp2p serve homs --listen 8080                    a HOMS (Q.4103), state in ./mp2p-homs.sqlite
  mp2p overlay create --homs http://127.0.0.1:8080 --owner me --admin-key secret --title demo
  mp2p conformance homs --url http://127.0.0.1:8080

Exit codes: 0 done, 1 refused by the other side, 2 wrong usage (or a port that is taken, a file that is not there),
3 not reachable, 5 fault of mp2p itself.`,
    );
  const named = commands[argv.find((word) => !word.startsWith("-")) ?? ""];
  for (const load of named === undefined ? Object.values(commands) : [named]) (await load())(program);
  return program;
}

/** Runs one command line and gives the exit code; never throws. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    // The suite has its own command line (options, exit codes, help): it takes over from here.
    const [json, words] = argv[0] === "--json" ? [["--json"], argv.slice(1)] : [[], argv];
    if (words[0] === "conformance" && words[1] !== "demo") {
      const { runConformance } = await import("./commands/conformance.js");
      return await runConformance([...json, ...words.slice(1)]);
    }
    await (await createProgram(argv)).parseAsync([...argv], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : ExitCode.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    return reportFailure(error, argv.includes("--json"));
  }
}

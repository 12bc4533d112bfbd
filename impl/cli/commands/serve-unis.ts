import { type Command, Option } from "commander";
import { defaultSettings, PolicyError, startUnisServer, TableError } from "../../unis/index.js";
import { UsageError, wantsJson } from "../output.js";
import {
  addHttpOptions,
  addServiceOptions,
  createLogger,
  type HttpOptions,
  openStore,
  runUntilSignal,
  type ServiceOptions,
  tlsSettings,
} from "../service.js";
import { integer } from "../values.js";

interface UnisServing extends ServiceOptions, HttpOptions {
  prefixes?: string[];
  relations?: string[];
  policy?: string;
  updateInterval: number;
  reportInterval: number;
  quorum: number;
}

/** `mp2p serve unis` */
export function addServeUnis(serve: Command): void {
  addServiceOptions(addHttpOptions(serve.command("unis")), "unis")
    .description("underlying network information server: orders peers by network distance (X.609.10 8.3, 8.4)")
    .option("--prefixes <file...>", "which prefix is whose: pfx2as (prefix, length, AS between tabs), or CSV")
    .option("--relations <file...>", "how autonomous systems are related: serial-1 (provider|customer|-1, peer|peer|0)")
    .option("--policy <file>", "what the ISP prefers: YAML with costs per class, relation and pair of systems")
    .addOption(
      new Option("--update-interval <seconds>", "how long clients are to keep an answer")
        .argParser(integer(0))
        .default(defaultSettings.updateRequestInterval),
    )
    .addOption(
      new Option("--report-interval <seconds>", "how often peers are to report round trips")
        .argParser(integer(0))
        .default(defaultSettings.reportInterval),
    )
    .addOption(
      new Option("--quorum <n>", "reporters that it takes for a measured round trip to count")
        .argParser(integer(1))
        .default(defaultSettings.quorum),
    )
    .addHelpText(
      "after",
      `
The files are read again when they change, and on SIGHUP.
Reporters are told apart by the address that they come from. Behind a proxy on this host, or on loopback, that is no evidence:
one host can then be as many reporters as it names, and --quorum keeps no liar out.`,
    )
    .action(async (options: UnisServing, command: Command) => {
      const logger = createLogger(options.logLevel);
      const store = openStore(options, logger);
      const unis = await startUnisServer({
        ...options.listen,
        ...tlsSettings(options),
        tables: { prefixes: options.prefixes ?? [], relations: options.relations ?? [] },
        ...(options.policy === undefined ? {} : { policy: options.policy }),
        settings: {
          updateRequestInterval: options.updateInterval,
          reportInterval: options.reportInterval,
          quorum: options.quorum,
        },
        store,
        logger,
      }).catch((error: unknown) => {
        throw error instanceof TableError || error instanceof PolicyError ? new UsageError(error.message) : error;
      });
      process.on("SIGHUP", () => void unis.unis.reload());
      const ready = { entity: "unis", url: unis.url, health: `${unis.url}/healthz`, metrics: `${unis.url}/metrics` };
      await runUntilSignal(ready, wantsJson(command), [unis, store]);
    });
}

import { type Command, Option } from "commander";
import { type IxsReadings, ixsReadings, startIxsServer } from "../../ixs/index.js";
import { wantsJson } from "../output.js";
import { type Readings, readingOption } from "../reading-option.js";
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

interface IxsServing extends ServiceOptions, HttpOptions {
  adminToken?: string;
  reading: Readings;
}

/** `mp2p serve ixs` */
export function addServeIxs(serve: Command): void {
  addServiceOptions(addHttpOptions(serve.command("ixs")), "ixs")
    .description("index server: source peers register index files, peers ask for the newest (X.609.10 8.6)")
    .addOption(
      new Option("--admin-token <token>", "bearer token whose holder may update and remove every index file").env(
        "MP2P_ADMIN_TOKEN",
      ),
    )
    .addOption(readingOption(ixsReadings))
    .action(async (options: IxsServing, command: Command) => {
      const logger = createLogger(options.logLevel);
      const store = openStore(options, logger);
      const ixs = await startIxsServer({
        ...options.listen,
        ...tlsSettings(options),
        ...(options.adminToken === undefined ? {} : { adminTokens: [options.adminToken] }),
        readings: options.reading as Partial<IxsReadings>,
        store,
        logger,
      });
      const ready = { entity: "ixs", url: ixs.url, health: `${ixs.url}/healthz`, metrics: `${ixs.url}/metrics` };
      await runUntilSignal(ready, wantsJson(command), [ixs, store]);
    });
}

import { type Command, Option } from "commander";
import { defaultSettings, startUmsServer } from "../../ums/index.js";
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

interface UmsServing extends ServiceOptions, HttpOptions {
  adminToken: string;
  omsToken?: string;
  review: number;
}

/** `mp2p serve ums` */
export function addServeUms(serve: Command): void {
  addServiceOptions(addHttpOptions(serve.command("ums")), "ums")
    .description(
      "user management server: an OMS asks for rights, a peer for channels, you set both (X.609.10 8.7, 8.12)",
    )
    .addOption(
      new Option("--admin-token <token>", "bearer token of the administrator, who sets users and channels")
        .env("MP2P_ADMIN_TOKEN")
        .makeOptionMandatory(),
    )
    .addOption(new Option("--oms-token <token>", "bearer token by which an OMS asks for rights").env("MP2P_OMS_TOKEN"))
    .addOption(
      new Option("--review <seconds>", "how long a result of a check holds at most")
        .argParser(integer(1))
        .default(defaultSettings.review),
    )
    .action(async (options: UmsServing, command: Command) => {
      if (options.adminToken === "")
        throw new UsageError("--admin-token is empty: everybody would be an administrator");
      const logger = createLogger(options.logLevel);
      const store = openStore(options, logger);
      const ums = await startUmsServer({
        ...options.listen,
        ...tlsSettings(options),
        adminTokens: [options.adminToken],
        ...(options.omsToken === undefined ? {} : { omsTokens: [options.omsToken] }),
        settings: { review: options.review },
        store,
        logger,
      });
      const ready = { entity: "ums", url: ums.url, health: `${ums.url}/healthz`, metrics: `${ums.url}/metrics` };
      await runUntilSignal(ready, wantsJson(command), [ums, store]);
    });
}

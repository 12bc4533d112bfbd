import { type Command, Option } from "commander";
import { startHomsServer } from "../../homs/index.js";
import { startPamsServer } from "../../pams/index.js";
import { wantsJson } from "../output.js";
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
import { defined, integer } from "../values.js";

type Serving = ServiceOptions & HttpOptions;

/** `mp2p serve pams|homs` */
export function addServeCommand(program: Command): void {
  const serve = program
    .command("serve")
    .description("run a management server: pams (X.609.1) or homs (Q.4103), with /healthz and /metrics beside it");
  addPams(serve);
  addHoms(serve);
}

interface PamsServing extends Serving {
  reportInterval: number;
  pamsUrl?: string;
  omsToken?: string;
  peerTokens?: true;
}

function addPams(serve: Command): void {
  addServiceOptions(addHttpOptions(serve.command("pams")), "pams")
    .description(
      "peer activity management server: overlays and peers register, peers report, an OMS asks for peer lists",
    )
    .addOption(
      new Option("--report-interval <seconds>", "how often peers are told to report; 0: on events only")
        .argParser(integer(0))
        .default(10),
    )
    .option("--pams-url <url>", "what answers give as pams_url, ending in /pams/ (default: the address that was asked)")
    .addOption(
      new Option("--oms-token <token>", "bearer token that an OMS must show to register overlays and to query").env(
        "MP2P_OMS_TOKEN",
      ),
    )
    .option("--peer-tokens", "give each peer a token at registration, and want it with its reports")
    .action(async (options: PamsServing, command: Command) => {
      const logger = createLogger(options.logLevel);
      const store = openStore(options, logger);
      const pams = await startPamsServer({
        ...options.listen,
        ...tlsSettings(options),
        ...defined({ pamsUrl: options.pamsUrl }),
        authentication: {
          ...(options.omsToken === undefined ? {} : { oms: [{ bearer: options.omsToken }] }),
          peers: options.peerTokens ? "token" : "open",
        },
        store,
        logger,
        policy: { reportInterval: options.reportInterval },
      });
      const ready = { entity: "pams", url: pams.url, health: `${pams.url}/healthz`, metrics: `${pams.url}/metrics` };
      await runUntilSignal(ready, wantsJson(command), [pams, store]);
    });
}

interface HomsServing extends Serving {
  peerExpires: number;
  adminToken?: string;
}

function addHoms(serve: Command): void {
  addServiceOptions(addHttpOptions(serve.command("homs")), "homs")
    .description("hybrid overlay management server: peers create overlays, join, report, refresh and leave")
    .addOption(
      new Option("--peer-expires <seconds>", "lifetime of a membership when the peer names none")
        .argParser(integer(1))
        .default(3600),
    )
    .addOption(
      new Option("--admin-token <token>", "turns the administrator's view GET /overlays on, for this bearer token").env(
        "MP2P_ADMIN_TOKEN",
      ),
    )
    .action(async (options: HomsServing, command: Command) => {
      const logger = createLogger(options.logLevel);
      const store = openStore(options, logger);
      const homs = await startHomsServer({
        ...options.listen,
        ...tlsSettings(options),
        ...defined({ adminToken: options.adminToken }),
        store,
        logger,
        peerExpires: options.peerExpires,
      });
      const ready = { entity: "homs", url: homs.url, health: `${homs.url}/healthz`, metrics: `${homs.url}/metrics` };
      await runUntilSignal(ready, wantsJson(command), [homs, store]);
    });
}

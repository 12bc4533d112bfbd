import { type Command, Option } from "commander";
import { type ClusterOptions, type PamsPolicy, startPamsServer } from "../../pams/index.js";
import { assertPamsUrl, assertProviderKey } from "../../pams/pams.js";
import { UsageError, wantsJson } from "../output.js";
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
import { checked, defined, endpoint, integer, list } from "../values.js";

/** Readings of contradictions in X.609.1 that can be chosen; the first is the default. */
const pamsReadings = {
  duplicates: ["refuse", "keep-alive"], // E-X-01, E-PAMP-64
  unknownInQuery: [409, 404], // E-PAMP-06
  amounts: ["string", "number"], // E-PAMP-08
} as const satisfies { [K in keyof PamsPolicy]?: readonly PamsPolicy[K][] };

interface PamsServing extends ServiceOptions, HttpOptions {
  reportInterval: number;
  pamsUrl?: string;
  omsToken?: string;
  operatorToken?: string;
  peerTokens?: true;
  receipts: PamsPolicy["receipts"];
  providerKey?: string;
  dht?: { host: string; port: number };
  dhtBootstrap: string[];
  clusterToken?: string;
  reading: Readings;
}

/** `mp2p serve pams` */
export function addServePams(serve: Command): void {
  addServiceOptions(addHttpOptions(serve.command("pams")), "pams")
    .description(
      "peer activity management server: overlays and peers register, peers report, an OMS asks for peer lists",
    )
    .addOption(
      new Option("--report-interval <seconds>", "how often peers are told to report; 0: on events only")
        .argParser(integer(0))
        .default(10),
    )
    .addOption(
      new Option(
        "--pams-url <url>",
        "what answers give as pams_url, ending in /pams/ (default: the address that was asked)",
      ).argParser(checked(assertPamsUrl)),
    )
    .addOption(
      new Option("--oms-token <token>", "bearer token that an OMS must show to register overlays and to query").env(
        "MP2P_OMS_TOKEN",
      ),
    )
    .option("--peer-tokens", "give each peer a token at registration, and want it with its reports")
    .addOption(
      new Option(
        "--receipts <policy>",
        "signed receipts (X.609.1 8.2.6): not looked at, alone counting in lists, or keys required of every peer as well",
      )
        .choices(["ignore", "check", "require"])
        .default("ignore"),
    )
    .addOption(
      new Option(
        "--provider-key <key>",
        "public key of the service provider, base64url: session keys signed by it are wanted with the keys of peers",
      ).argParser(checked(assertProviderKey)),
    )
    .addOption(
      new Option(
        "--operator-token <token>",
        "turns GET /operator/reports on for this token: whose reports do not count",
      ).env("MP2P_OPERATOR_TOKEN"),
    )
    .addOption(
      new Option(
        "--dht <host:port>",
        "UDP address of this PAMS in the DHT by which several find each other and share overlay networks (X.609.1 8.2.1)",
      ).argParser(endpoint),
    )
    .addOption(
      new Option("--dht-bootstrap <host:port,…>", "UDP addresses of PAMSs that are there already")
        .argParser(list)
        .default([]),
    )
    .addOption(
      new Option("--cluster-token <token>", "secret that the PAMSs share; wanted with --dht").env("MP2P_CLUSTER_TOKEN"),
    )
    .addOption(readingOption(pamsReadings))
    .action(async (options: PamsServing, command: Command) => {
      const cluster = clusterOf(options);
      const logger = createLogger(options.logLevel);
      const store = openStore(options, logger);
      const pams = await startPamsServer({
        ...options.listen,
        ...tlsSettings(options),
        ...defined({ pamsUrl: options.pamsUrl, providerKey: options.providerKey }),
        authentication: {
          ...(options.omsToken === undefined ? {} : { oms: [{ bearer: options.omsToken }] }),
          ...(options.operatorToken === undefined ? {} : { operator: { bearer: options.operatorToken } }),
          peers: options.peerTokens ? "token" : "open",
        },
        ...defined({ cluster }),
        store,
        logger,
        policy: {
          ...(options.reading as Partial<PamsPolicy>),
          reportInterval: options.reportInterval,
          receipts: options.receipts,
        },
      });
      const dht = pams.membership === undefined ? undefined : `${options.dht?.host}:${pams.membership.dhtPort}`;
      const ready = { entity: "pams", url: pams.url, health: `${pams.url}/healthz`, metrics: `${pams.url}/metrics` };
      await runUntilSignal({ ...ready, ...defined({ dht }) }, wantsJson(command), [pams, store]);
    });
}

function clusterOf({ dht, dhtBootstrap: bootstrap, clusterToken: token }: PamsServing): ClusterOptions | undefined {
  if (dht === undefined) {
    if (bootstrap.length > 0 || token !== undefined)
      throw new UsageError("--dht-bootstrap and --cluster-token go with --dht");
    return undefined;
  }
  if (token === undefined) throw new UsageError("--dht wants a --cluster-token: the PAMSs know each other by it");
  return { token, dht: { ...dht, bootstrap } };
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { type CsLimits, isLoopback, startCacheServer } from "../../cs/index.js";
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
import { checked, defined, integer, list } from "../values.js";
import { register } from "./serve-cs-registration.js";

interface CsServing extends ServiceOptions, HttpOptions {
  csId: string;
  oms?: string;
  ixs?: string;
  omsToken?: string;
  creatorToken?: string;
  providerToken?: string;
  peerHost?: string;
  peerPorts?: { first: number; last: number };
  advertise?: string;
  folder?: string;
  url?: string;
  maxAllocations?: number;
  maxSessions?: number;
  maxStorage?: number;
  maxMemory?: number;
  allowOms?: string[];
  open?: true;
  uploadRate?: number;
  register?: string;
  registerToken?: string;
}

/** `mp2p serve cs` */
export function addServeCs(serve: Command): void {
  addServiceOptions(addHttpOptions(serve.command("cs")), "cs")
    .description("cache server: virtual peers on an OMS's command, source peer of data sources (X.609.10 8.8, 8.11)")
    .option("--cs-id <name>", "its name", "cs")
    .option("--oms <url>", "OMS at which sessions of data sources are made")
    .option("--ixs <url>", "IXS at which they are registered")
    .addOption(
      new Option(
        "--creator-token <token>",
        "shown to that OMS, where it wants one of who makes overlays, or has quotas",
      ).env("MP2P_CREATOR_TOKEN"),
    )
    .addOption(new Option("--oms-token <token>", "bearer token that an OMS must show").env("MP2P_CS_OMS_TOKEN"))
    .addOption(
      new Option("--provider-token <token>", "bearer token that whoever makes a session must show").env(
        "MP2P_CS_PROVIDER_TOKEN",
      ),
    )
    .addOption(
      new Option("--allow-oms <urls>", "the only OMSs whose overlay networks it joins, comma-separated").argParser(
        urls,
      ),
    )
    .option("--open", "off loopback without tokens: anybody may command it and make sessions")
    .option("--peer-host <address>", "where its peers, RTP and LDMP listen (default: 127.0.0.1)")
    .addOption(new Option("--peer-ports <first-last>", "TCP ports of its peers (default: any free)").argParser(ports))
    .option("--advertise <host>", "the host that others are told; with --peer-ports")
    .option("--folder <path>", "where fragments of FILEs are kept; those of a STREAM are in memory (default: memory)")
    .option("--url <url>", "how data sources reach it over HTTP (default: as they asked)")
    .addOption(new Option("--max-allocations <n>", "at a time (default: 100)").argParser(integer(0)))
    .addOption(new Option("--max-sessions <n>", "at a time (default: 100)").argParser(integer(0)))
    .addOption(
      new Option("--max-storage <octets>", "of fragments (default: 10 GiB, in memory 1 GiB)").argParser(integer(0)),
    )
    .addOption(
      new Option(
        "--max-memory <octets>",
        "of STREAMs, and 1500 a fragment (default: 1 GiB; without --folder --max-storage is for all of it)",
      ).argParser(integer(0)),
    )
    .addOption(
      new Option("--upload-rate <octets>", "per second to peers, shared by priority (default: no bound)").argParser(
        integer(1),
      ),
    )
    .option("--register <url>", "OMS that is told of this cache server, when it answers, and told off when it stops")
    .addOption(new Option("--register-token <token>", "administrator's token of that OMS").env("MP2P_REGISTER_TOKEN"))
    .action(run);
}

async function run(options: CsServing, command: Command): Promise<void> {
  if (options.advertise !== undefined && options.peerPorts === undefined)
    throw new UsageError("--advertise goes together with --peer-ports: others are told a host and a port");
  if ((options.oms === undefined) !== (options.ixs === undefined))
    throw new UsageError("--oms and --ixs go together: a session is made at both");
  assertGuarded(options);
  const logger = createLogger(options.logLevel);
  const store = openStore(options, logger);
  const limits: Partial<CsLimits> = defined({
    allocations: options.maxAllocations,
    sessions: options.maxSessions,
    storage: options.maxStorage,
    memory: options.maxMemory,
    uploadRate: options.uploadRate,
  }) as Partial<CsLimits>;
  const { csId, peerHost, peerPorts, advertise, folder, oms, ixs, url } = options;
  const cs = await startCacheServer({
    ...options.listen,
    ...tlsSettings(options),
    ...defined({ peerHost, peerPorts, advertise, folder, oms, ixs, url, allowedOms: options.allowOms }),
    ...defined({ creatorToken: options.creatorToken }),
    csId,
    limits,
    authentication: {
      ...(options.omsToken !== undefined && { oms: [options.omsToken] }),
      ...(options.providerToken !== undefined && { providers: [options.providerToken] }),
    },
    store,
    logger,
  });
  const ended = async (error: unknown): Promise<never> => {
    await cs.close();
    await store.close();
    throw error;
  };
  const registration =
    options.register === undefined
      ? []
      : [
          await register({
            oms: options.register,
            token: options.registerToken,
            csId,
            url: url ?? cs.url,
            capacity: limits.allocations ?? 100,
            accessToken: options.omsToken,
            logger,
          }).catch(ended),
        ];
  const ready = { entity: "cs", id: csId, url: cs.url, health: `${cs.url}/healthz`, metrics: `${cs.url}/metrics` };
  await runUntilSignal(ready, wantsJson(command), [...registration, cs, store]);
}

/** Off loopback strangers reach it: what is open to everybody there is said to be, and not left so. */
function assertGuarded({ listen, open, omsToken, allowOms, oms, providerToken }: CsServing): void {
  if (open === true || isLoopback(listen.host)) return;
  const where = `--listen ${listen.host}: anybody there could`;
  if (omsToken === undefined && allowOms === undefined)
    throw new UsageError(`${where} command it: give --oms-token, name the OMSs by --allow-oms, or say --open`);
  if (oms !== undefined && providerToken === undefined)
    throw new UsageError(`${where} have sessions made: give --provider-token, or say --open`);
}

function ports(text: string): { first: number; last: number } {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (first === undefined || range.first < 1 || range.last > 65_535 || range.first > range.last)
    throw new InvalidArgumentError("first-last is wanted, such as 9000-9099");
  return range;
}

function urls(text: string): string[] {
  return list(text).map(checked((url) => new URL(url)));
}

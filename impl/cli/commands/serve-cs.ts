import { type Command, InvalidArgumentError, Option } from "commander";
import { createOmsClient } from "../../../generated/oms/index.js";
import { type CsLimits, startCacheServer } from "../../cs/index.js";
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
import { defined, integer } from "../values.js";

interface CsServing extends ServiceOptions, HttpOptions {
  csId: string;
  oms?: string;
  ixs?: string;
  omsToken?: string;
  providerToken?: string;
  peerHost?: string;
  peerPorts?: { first: number; last: number };
  advertise?: string;
  folder?: string;
  url?: string;
  maxAllocations?: number;
  maxSessions?: number;
  maxStorage?: number;
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
    .addOption(new Option("--oms-token <token>", "bearer token that an OMS must show").env("MP2P_CS_OMS_TOKEN"))
    .addOption(
      new Option("--provider-token <token>", "bearer token that whoever makes a session must show").env(
        "MP2P_CS_PROVIDER_TOKEN",
      ),
    )
    .option("--peer-host <address>", "where its peers, RTP and LDMP listen (default: 127.0.0.1)")
    .addOption(new Option("--peer-ports <first-last>", "TCP ports of its peers (default: any free)").argParser(ports))
    .option("--advertise <host>", "the host that others are told; with --peer-ports")
    .option("--folder <path>", "where fragments are kept (default: memory)")
    .option("--url <url>", "how data sources reach it over HTTP (default: as they asked)")
    .addOption(new Option("--max-allocations <n>", "at a time (default: 100)").argParser(integer(0)))
    .addOption(new Option("--max-sessions <n>", "at a time (default: 100)").argParser(integer(0)))
    .addOption(
      new Option("--max-storage <octets>", "of fragments (default: 10 GiB, in memory 1 GiB)").argParser(integer(0)),
    )
    .addOption(
      new Option("--upload-rate <octets>", "per second to peers, shared by priority (default: no bound)").argParser(
        integer(1),
      ),
    )
    .option("--register <url>", "OMS that is told of this cache server, and told off when it stops")
    .addOption(new Option("--register-token <token>", "administrator's token of that OMS").env("MP2P_REGISTER_TOKEN"))
    .action(run);
}

async function run(options: CsServing, command: Command): Promise<void> {
  if (options.advertise !== undefined && options.peerPorts === undefined)
    throw new UsageError("--advertise goes together with --peer-ports: others are told a host and a port");
  if ((options.oms === undefined) !== (options.ixs === undefined))
    throw new UsageError("--oms and --ixs go together: a session is made at both");
  const logger = createLogger(options.logLevel);
  const store = openStore(options, logger);
  const limits: Partial<CsLimits> = defined({
    allocations: options.maxAllocations,
    sessions: options.maxSessions,
    storage: options.maxStorage,
    uploadRate: options.uploadRate,
  }) as Partial<CsLimits>;
  const { csId, peerHost, peerPorts, advertise, folder, oms, ixs, url } = options;
  const cs = await startCacheServer({
    ...options.listen,
    ...tlsSettings(options),
    ...defined({ peerHost, peerPorts, advertise, folder, oms, ixs, url }),
    csId,
    limits,
    authentication: {
      ...(options.omsToken !== undefined && { oms: [options.omsToken] }),
      ...(options.providerToken !== undefined && { providers: [options.providerToken] }),
    },
    store,
    logger,
  });
  const registration = await register(options, url ?? cs.url, limits.allocations ?? 100).catch(
    async (error: unknown) => {
      await cs.close();
      await store.close();
      throw error;
    },
  );
  const ready = { entity: "cs", id: csId, url: cs.url, health: `${cs.url}/healthz`, metrics: `${cs.url}/metrics` };
  await runUntilSignal(ready, wantsJson(command), [registration, cs, store]);
}

/** Makes this cache server known to an OMS (E-DS-26). @returns what takes that back */
async function register(options: CsServing, url: string, capacity: number): Promise<{ close(): Promise<void> }> {
  const { register: oms, registerToken, csId, omsToken } = options;
  if (oms === undefined) return { close: async () => {} };
  const client = createOmsClient({
    baseUrl: oms,
    ...(registerToken !== undefined && { auth: { bearer: registerToken } }),
  });
  const body = {
    cache_server: {
      cs_id: csId,
      url,
      capacity: Math.max(1, capacity),
      ...(omsToken !== undefined && { access_token: omsToken }),
    },
  };
  const result = await client.OMS_CACHE_SERVER_REGISTER({ body });
  if (!result.ok) throw new UsageError(`the OMS refused this cache server with ${result.code}: see --register-token`);
  return {
    async close() {
      // An OMS that is down finds out by itself.
      await client
        .OMS_CACHE_SERVER_REMOVE({ params: { CSID: csId } }, { timeoutMs: 2_000, retry: false })
        .catch(() => {});
    },
  };
}

function ports(text: string): { first: number; last: number } {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (first === undefined || range.first < 1 || range.last > 65_535 || range.first > range.last)
    throw new InvalidArgumentError("first-last is wanted, such as 9000-9099");
  return range;
}

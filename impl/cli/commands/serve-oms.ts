import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type ConfiguredCacheServer,
  defaultPolicy,
  type OmsPolicy,
  type OmsSignallingOptions,
  startOmsServer,
} from "../../oms/index.js";
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
import { checked, defined, integer } from "../values.js";

interface OmsServing extends ServiceOptions, HttpOptions {
  publicUrl?: string;
  pams?: string;
  pamsToken?: string;
  unis?: string;
  unisPublic?: string;
  ums?: string;
  umsToken?: string;
  cacheServer: ConfiguredCacheServer[];
  csToken?: string;
  adminToken?: string;
  signallingPort?: number;
  signallingPath?: string;
  signallingPublic?: string;
  creatorToken?: string;
  policy: Partial<OmsPolicy>;
}

/** Choices in words; every other member of the policy is a number. */
const choices = {
  umsDown: ["refuse", "open"],
  umsRefused: ["refuse", "admit"],
  cacheServers: ["load", "wanted", "none"],
  creators: ["anybody", "token"],
} as const satisfies { [K in keyof OmsPolicy]?: readonly OmsPolicy[K][] };

const url = () => checked(assertUrl);

/** `mp2p serve oms` */
export function addServeOms(serve: Command): void {
  addServiceOptions(addHttpOptions(serve.command("oms")), "oms")
    .description(
      "overlay management server (X.609.10): source peers create overlays, peers join and get peer lists; uses PAMS, UNIS, UMS and cache servers where they are named, and goes on without one that is down",
    )
    .addOption(
      new Option("--public-url <url>", "where peers and cache servers reach it (default: where it listens)").argParser(
        url(),
      ),
    )
    .addOption(
      new Option("--pams <url>", "PAMS: overlays are registered there, lists go by what it knows").argParser(url()),
    )
    .addOption(new Option("--pams-token <token>", "bearer token for the PAMS").env("MP2P_PAMS_TOKEN"))
    .addOption(new Option("--unis <url>", "UNIS: lists go by network distance").argParser(url()))
    .addOption(
      new Option("--unis-public <url>", "what peers are told of the UNIS (default: the same)").argParser(url()),
    )
    .addOption(
      new Option(
        "--ums <url>",
        "UMS: peers join sessions that name a ums_session (its channel id, or title) only where their user has access rights",
      ).argParser(url()),
    )
    .addOption(new Option("--ums-token <token>", "bearer token for the UMS").env("MP2P_UMS_TOKEN"))
    .addOption(
      new Option(
        "--cache-server <id=url[*capacity]>",
        "cache server to command, once for each; capacity is how many allocations it may have (100)",
      )
        .argParser(cacheServer)
        .default([], "none"),
    )
    .addOption(new Option("--cs-token <token>", "bearer token for the cache servers").env("MP2P_CS_TOKEN"))
    .addOption(
      new Option(
        "--admin-token <token>",
        "lets whoever shows it make cache servers known and change the resources of overlays",
      ).env("MP2P_ADMIN_TOKEN"),
    )
    .addOption(
      new Option(
        "--creator-token <token>",
        "who shows it makes overlays without the quotas of --policy (overlaysPerKey and so on); with --policy creators=token nobody else makes any",
      ).env("MP2P_CREATOR_TOKEN"),
    )
    .addOption(
      new Option(
        "--signalling-path <path>",
        "opens a relay at this path, such as /signalling: members reach each other over WebRTC too",
      ).argParser(relayPath),
    )
    .addOption(
      new Option("--signalling-port <port>", "the same at a port of its own; 0: any").argParser(integer(0, 65_535)),
    )
    .addOption(
      new Option(
        "--signalling-public <url>",
        "what members are told of the relay, ws://… or wss://… (default: by --public-url, or where it listens)",
      ).argParser(checked(assertRelayUrl)),
    )
    .addOption(
      new Option("--policy <name=value>", `another choice, once for each: ${policyNames()}`)
        .argParser(policyEntry)
        .default({}, "the values shown"),
    )
    .addHelpText(
      "after",
      `
Examples:
  mp2p serve oms --memory --listen 8090
  mp2p serve oms --pams http://127.0.0.1:8080 --unis http://127.0.0.1:8081 --cache-server cs1=http://127.0.0.1:8082
  mp2p serve oms --signalling-path /signalling --public-url https://oms.example
  mp2p serve oms --ums https://ums.example --policy umsDown=open --policy membershipExpires=60`,
    )
    .action(async (options: OmsServing, command: Command) => {
      const logger = createLogger(options.logLevel);
      const store = openStore(options, logger);
      const { pams, pamsToken, unis, unisPublic, ums, umsToken } = options;
      const oms = await startOmsServer({
        ...options.listen,
        ...tlsSettings(options),
        ...defined({ publicUrl: options.publicUrl, csToken: options.csToken, adminToken: options.adminToken }),
        ...(pams === undefined
          ? {}
          : { pams: { url: pams, ...(pamsToken === undefined ? {} : { auth: { bearer: pamsToken } }) } }),
        ...(unis === undefined ? {} : { unis: { url: unis, ...defined({ publicUrl: unisPublic }) } }),
        ...(ums === undefined ? {} : { ums: { url: ums, ...defined({ token: umsToken }) } }),
        ...(options.creatorToken === undefined ? {} : { creatorTokens: [options.creatorToken] }),
        ...defined({ signalling: signallingOptions(options) }),
        cacheServers: options.cacheServer,
        policy: options.policy,
        store,
        logger,
      });
      const ready = {
        entity: "oms",
        url: oms.url,
        health: `${oms.url}/healthz`,
        metrics: `${oms.url}/metrics`,
        ...defined({ signalling: oms.signalling?.publicUrl }),
      };
      await runUntilSignal(ready, wantsJson(command), [oms, store]);
    });
}

/** The relay is open where a port or a path is named. */
function signallingOptions(options: OmsServing): OmsSignallingOptions | undefined {
  const { signallingPort: port, signallingPath: path, signallingPublic: publicUrl } = options;
  if (port !== undefined || path !== undefined) return defined({ port, path, publicUrl });
  if (publicUrl === undefined) return undefined;
  throw new UsageError("--signalling-public goes together with --signalling-path or --signalling-port");
}

function relayPath(text: string): string {
  if (/^\/[\w./-]*$/.test(text) && text.length <= 256) return text;
  throw new InvalidArgumentError("a path is wanted, such as /signalling");
}

function assertRelayUrl(text: string): void {
  if (!/^wss?:\/\//.test(text) || !URL.canParse(text)) throw new TypeError("an absolute ws or wss URL is wanted");
}

function assertUrl(text: string): void {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw new TypeError("an absolute http or https URL is wanted");
}

function cacheServer(text: string, before: ConfiguredCacheServer[]): ConfiguredCacheServer[] {
  const [, id, address = "", capacity] = /^([^=]{1,256})=(.+?)(?:\*([1-9]\d{0,4}))?$/.exec(text) ?? [];
  if (id === undefined || !/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw new InvalidArgumentError(
      "id=url is wanted, such as cs1=http://127.0.0.1:8082, or cs1=http://127.0.0.1:8082*20",
    );
  }
  return [...before, { id, url: address, ...(capacity === undefined ? {} : { capacity: Number(capacity) }) }];
}

function policyEntry(text: string, before: Partial<OmsPolicy>): Partial<OmsPolicy> {
  const [, name = "", value = ""] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const known = defaultPolicy[name as keyof OmsPolicy];
  if (known === undefined) throw new InvalidArgumentError(`one of ${Object.keys(defaultPolicy).join(", ")} is wanted`);
  if (typeof known === "number") {
    const number = Number(value);
    if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError(`${name} is a number from 0 on`);
    return { ...before, [name]: number };
  }
  const words: readonly string[] = choices[name as keyof typeof choices];
  if (!words.includes(value)) throw new InvalidArgumentError(`${name} is one of ${words.join(", ")}`);
  return { ...before, [name]: value };
}

function policyNames(): string {
  return Object.entries(defaultPolicy)
    .map(([name, value]) => `${name}=${name in choices ? choices[name as keyof typeof choices].join("|") : value}`)
    .join(", ");
}

import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type FieldDialect,
  fieldDialects,
  type HomsReadings,
  type SignallingOptions,
  startHomsServer,
} from "../../homs/index.js";
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
import { defined, integer } from "../values.js";
import { addServeCs } from "./serve-cs.js";
import { addServeIxs } from "./serve-ixs.js";
import { addServeOms } from "./serve-oms.js";
import { addServePams } from "./serve-pams.js";
import { addServeUms } from "./serve-ums.js";
import { addServeUnis } from "./serve-unis.js";

type Serving = ServiceOptions & HttpOptions;

/** Readings of contradictions in Q.4103 that can be chosen; the first is the default. */
const homsReadings = {
  closedOverlays: ["listed", "hidden"], // E-HOMP-56
  noMatch: ["empty", "not-found"], // E-HOMP-16
  keywords: ["any-case", "exact-case"], // E-HOMP-15
  repeatedJoin: ["conflict", "refresh"], // E-HOMP-32
  echoKeys: ["never", "request"], // E-HOMP-41
  missingAuth: ["open", "refuse"], // E-HOMP-05
  emptyOverlays: ["keep", "remove"], // E-HOMP-64
  lossReports: ["check", "ignore"], // E-HOMP-53
} as const satisfies { [K in keyof HomsReadings]: readonly HomsReadings[K][] };

/** `mp2p serve …`: one command for each kind of server. */
export function addServeCommand(program: Command): void {
  const serve = program
    .command("serve")
    .description("run a server of managed or hybrid P2P, with /healthz and /metrics beside its operations");
  addServePams(serve);
  addHoms(serve);
  addServeOms(serve);
  addServeIxs(serve);
  addServeUms(serve);
  addServeUnis(serve);
  addServeCs(serve);
}

interface HomsServing extends Serving {
  peerExpires: number;
  adminToken?: string;
  dialects?: FieldDialect[];
  fieldPeers?: true;
  fieldMonitor?: true;
  signallingPort?: number;
  signallingPath?: string;
  reading: Readings;
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
      new Option(
        "--admin-token <token>",
        "turns the view of administrators on for this token: GET /overlays, /overlays/events, /overlays/live",
      ).env("MP2P_ADMIN_TOKEN"),
    )
    .addOption(
      new Option(
        "--dialects <list>",
        `forms of HOMP to answer in, beside text: of ${fieldDialects.join(", ")} (default: text)`,
      ).argParser(parseDialects),
    )
    .option(
      "--field-peers",
      "lets the study group's public peers in: all dialects, and registrations with the relay (--signalling-port, theirs is 8082) without a token",
    )
    .addOption(
      new Option("--signalling-port <port>", "opens the relay for WebRTC signalling at this port; 0: any").argParser(
        integer(0, 65_535),
      ),
    )
    .option("--field-monitor", "lets everybody watch overlays and peers at the relay, as the field's pages do")
    .option("--signalling-path <path>", "the same at a path of the port of HOMP, such as /signalling")
    .addOption(readingOption(homsReadings))
    .action(async (options: HomsServing, command: Command) => {
      const logger = createLogger(options.logLevel);
      const store = openStore(options, logger);
      const homs = await startHomsServer({
        ...options.listen,
        ...tlsSettings(options),
        ...defined({ adminToken: options.adminToken, signalling: signallingOptions(options) }),
        dialects: options.fieldPeers ? fieldDialects : (options.dialects ?? []),
        store,
        logger,
        peerExpires: options.peerExpires,
        readings: options.reading as Partial<HomsReadings>,
      });
      const ready = {
        entity: "homs",
        url: homs.url,
        health: `${homs.url}/healthz`,
        metrics: `${homs.url}/metrics`,
        ...defined({ signalling: homs.signalling?.url }),
        ...(options.adminToken === undefined ? {} : { live: `${homs.url}/overlays/live` }),
      };
      await runUntilSignal(ready, wantsJson(command), [homs, store]);
    });
}

/** The relay is open where a port or a path is named. */
function signallingOptions(options: HomsServing): SignallingOptions | undefined {
  const { signallingPort: port, signallingPath: path, fieldPeers, fieldMonitor } = options;
  if (port === undefined && path === undefined) return undefined;
  const monitor = fieldMonitor ? "open" : "token";
  return { ...defined({ port, path }), claims: fieldPeers ? "joined" : "token", monitor };
}

function parseDialects(text: string): FieldDialect[] {
  const names = text.split(",").map((name) => name.trim().toLowerCase());
  return names.flatMap((name) => {
    const known = fieldDialects.find((one) => one === name);
    if (known === undefined && name !== "text") {
      throw new InvalidArgumentError(`${name} is none of text, ${fieldDialects.join(", ")}`);
    }
    return known ?? [];
  });
}

import { type Command, InvalidArgumentError, Option } from "commander";
import {
  createPeer,
  type IndexFile,
  type IndexQuery,
  type Peer,
  PeerError,
  type PeerMonitorOptions,
  type Session,
  startPeerMonitor,
} from "../../peer/index.js";
import { wantsJson } from "../output.js";
import { createLogger, type ServiceOptions, tlsSettings } from "../service.js";
import { defined, endpoint } from "../values.js";
import { say } from "./peer-shown.js";

/** Options of all subcommands of `mp2p peer` that take part in a session, as commander gives them. */
export interface PeerCliOptions extends Pick<ServiceOptions, "logLevel"> {
  ixs?: string;
  peerId?: string;
  key?: string;
  listen?: { host: string; port: number };
  advertise?: string[];
  tlsCert?: string;
  tlsKey?: string;
  unis?: string;
  up?: number;
  down?: number;
  maxLinks?: number;
  signalling?: string | true;
  iceServer?: string[];
  prefer?: ("same-as" | "same-prefix" | "low-rtt")[];
  pams?: string | boolean;
  monitor?: { host: string; port: number };
}

/** What says which session is meant. */
export interface WhichOptions {
  title?: string;
  dataSource?: string;
  data?: string;
}

export const ixsOption = (): Option => new Option("--ixs <url>", "address of the IXS (R6)").env("MP2P_IXS");

export function addPeerOptions(command: Command): Command {
  return command
    .addOption(ixsOption())
    .addOption(new Option("--peer-id <id>", "its identifier (default: a new UUID)").env("MP2P_PEER_ID"))
    .option("--key <file>", "seed of its Ed25519 key, 32 octets; made when it is not there (default: a new key)")
    .addOption(
      new Option("--listen <host:port>", "where other peers connect (default: loopback, any free port)").argParser(
        endpoint,
      ),
    )
    .option("--advertise <address>", "what others are told instead; may be repeated", collect)
    .option("--tls-cert <file>", "PEM certificate: links are TLS sessions")
    .option("--tls-key <file>", "PEM key of the certificate")
    .addOption(new Option("--unis <url>", "UNIS (R4), in place of the one that the OMS tells").env("MP2P_UNIS"))
    .addOption(
      new Option("--prefer <criteria...>", "what the UNIS is asked to weigh, the most important first").choices([
        "same-as",
        "same-prefix",
        "low-rtt",
      ]),
    )
    .addOption(new Option("--up <KB/s>", "upload limit, in 1000 octets per second").argParser(rate))
    .addOption(new Option("--down <KB/s>", "download limit").argParser(rate))
    .addOption(new Option("--max-links <number>", "links at once").argParser(rate))
    .addOption(signallingOption("--signalling [url]"))
    .addOption(
      new Option("--ice-server <url>", "STUN server for that, such as stun:192.0.2.1:3478; may be repeated").argParser(
        iceServer,
      ),
    )
    .option("--pams <url>", "PAMS to report to, in place of the one that the OMS tells")
    .option("--no-pams", "report to none")
    .addOption(
      new Option("--monitor <host:port>", "health and metrics over HTTP: /healthz, /metrics").argParser(endpoint),
    )
    .addOption(
      new Option("--log-level <level>", "structured log on standard error")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("warn"),
    );
}

export function addWhichOptions(command: Command): Command {
  return command
    .option("--title <text>", "title of the session")
    .option("--data-source <id>", "its data source")
    .option("--data <id>", "the data of that source");
}

export function addEntryOptions(command: Command): Command {
  return command
    .addOption(new Option("--password <text>", "of a closed session").env("MP2P_PASSWORD"))
    .addOption(new Option("--user <id>", "user at the UMS, where the OMS asks for one").env("MP2P_USER"))
    .addOption(new Option("--credential <text>", "what proves that user to the UMS").env("MP2P_CREDENTIAL"));
}

export interface EntryOptions {
  password?: string;
  user?: string;
  credential?: string;
}

export function entryOf({ password, user, credential }: EntryOptions) {
  return defined({ password, userId: user, userCredential: credential });
}

export const queryOf = ({ title, dataSource, data }: WhichOptions): IndexQuery =>
  defined({ title, dataSourceId: dataSource, dataId: data });

export async function openPeer(options: PeerCliOptions, folder?: string): Promise<Peer> {
  const { ixs, peerId, key, listen, advertise, unis, up, down, maxLinks, signalling, prefer, monitor } = options;
  const logger = createLogger(options.logLevel);
  const peer = await createPeer({
    ...defined({ ixs, peerId, key, advertise, unis, folder, prefer }),
    listen: { ...listen, ...tlsSettings(options) },
    ...webrtcOf(signalling, options.iceServer),
    settings: defined({ uploadRate: octets(up), downloadRate: octets(down), maxLinks }),
    logger,
  });
  return monitor === undefined ? peer : await monitored(peer, { ...monitor, logger });
}

/** Ends with the peer. */
async function monitored(peer: Peer, options: PeerMonitorOptions): Promise<Peer> {
  try {
    const monitor = await startPeerMonitor(peer, options);
    const close = async (): Promise<void> => {
      await peer.close();
      await monitor.close();
    };
    return Object.create(peer, { close: { value: close } });
  } catch (error) {
    await peer.close();
    throw error;
  }
}

/** `--pams URL`, `--no-pams`, or neither. */
export function pamsOf({ pams }: PeerCliOptions): { readonly pams?: string | false } {
  if (pams === false) return { pams: false };
  return typeof pams === "string" ? { pams } : {};
}

/** The newest session that is meant; says so where several are, since a title is anybody's. */
export async function findOne(peer: Peer, query: IndexQuery, json: boolean): Promise<IndexFile> {
  const found = await peer.findAll(query);
  const newest = found.at(-1) as IndexFile;
  if (found.length > 1 && !json) {
    const others = found
      .slice(0, -1)
      .map(({ data_source_id, source_peer_id }) => `${data_source_id} (${source_peer_id})`);
    const shown =
      others.length > 3 ? `${others.slice(-3).join(", ")} and ${others.length - 3} more` : others.join(", ");
    say(
      `${found.length} sessions match: taking the newest, of data source ${newest.data_source_id} (source peer ${newest.source_peer_id}). ` +
        `The others are of ${shown}: name one with --data-source, or --data`,
    );
  }
  return newest;
}

/** Finds a session and joins it; asks again while it is not there, or its overlay network is not, as long as that is wished. */
export async function joinWhenThere(
  find: () => Promise<IndexFile>,
  join: (indexFile: IndexFile) => Promise<Session>,
  waits: () => boolean,
): Promise<Session> {
  for (let said = ""; ; ) {
    try {
      return await join(await find());
    } catch (error) {
      const later = error instanceof PeerError && ["ERR_NOT_FOUND", "ERR_UNAVAILABLE"].includes(error.code);
      if (!waits() || !later) throw error;
      if (error.message !== said && error.code === "ERR_UNAVAILABLE") say(`${error.message}; waiting`);
      said = error.message;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** Refusals say in what the user may have erred. */
export function hinted(error: unknown, { password, credential }: EntryOptions): unknown {
  if (!(error instanceof PeerError) || error.code === "ERR_UNAVAILABLE") return error;
  if (error.status === 403 && /\buser\b/.test(error.message) && credential === undefined)
    return new PeerError(error.code, `${error.message} (no --credential was given)`, 403);
  if (error.status === 403 && /password/.test(error.message))
    return new PeerError(
      error.code,
      `${error.message} (${password === undefined ? "no --password was given" : "the --password is another one"})`,
      403,
    );
  if (error.status === 404 && error.code === "ERR_NOT_FOUND" && error.message.startsWith("joining"))
    return new PeerError(
      error.code,
      `${error.message}: the index file is of a session that is over, or that its source peer makes anew; --wait waits for that`,
      404,
    );
  return error;
}

export const isJson = (command: Command): boolean => wantsJson(command);

const octets = (kilobytes: number | undefined): number | undefined =>
  kilobytes === undefined ? undefined : kilobytes * 1000;

export function rate(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("a positive number is wanted");
  return value;
}

export const signallingOption = (flags: string): Option =>
  new Option(
    flags,
    "reach peers over WebRTC too: through the relay that the OMS tells, or through this one of it, such as wss://oms.example/signalling",
  ).argParser(relay);

/** `true`: the relay that the OMS tells. */
export function webrtcOf(signalling: string | true | undefined, iceServers?: readonly string[]) {
  if (signalling === undefined) return {};
  return { webrtc: defined({ signalling: signalling === true ? undefined : signalling, iceServers }) };
}

function relay(text: string): string {
  if (/^wss?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError(
    "ws://… or wss://… is wanted, or nothing: then it stands after the other arguments, or before an option",
  );
}

function iceServer(text: string, before: readonly string[] = []): string[] {
  if (/^stuns?:[^\s/]+$/.test(text)) return [...before, text];
  throw new InvalidArgumentError("stun:host:port is wanted");
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

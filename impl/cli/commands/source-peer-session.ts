import { type Command, Option } from "commander";
import type { Logger } from "../../net/logger.js";
import { createPeer, type SwarmSettings } from "../../peer/index.js";
import { openKeyFile } from "../../peer/key-file.js";
import { leastRecordFragment, longestId } from "../../records/index.js";
import { openIdentity, type SourcePeer, type StreamingNews, startStreamingSession } from "../../source-peer/index.js";
import type { Store } from "../../store/index.js";
import { print, UsageError } from "../output.js";
import { defined, endpoint, integer, list, seconds } from "../values.js";
import { signallingOption, webrtcOf } from "./peer-options.js";
import { say, serverLine } from "./peer-shown.js";

/** Options of `mp2p source-peer` by which the data go to the peers of an overlay network. */
export interface SessionCliOptions {
  sessionTitle?: string;
  sessionDescription?: string;
  oms?: string;
  ixs?: string;
  dataId?: string;
  fragmentSize?: number;
  flush?: number;
  linger?: number;
  sessionStart: "data-sources" | "operator";
  sessionPassword?: string;
  sessionPeers?: string[];
  cacheServers?: number;
  umsSession?: string;
  creatorToken?: string;
  serviceClasses?: true;
  peerId?: string;
  peerKey?: string;
  peerListen?: { host: string; port: number };
  peerAdvertise?: string[];
  peerSignalling?: string | true;
  up?: number;
}

export function addSessionOptions(command: Command): Command {
  return command
    .option(
      "--session-title <text>",
      "share the data with peers, in a session of this title (X.609.10); wants --oms, --ixs",
    )
    .option("--session-description <text>", "what the data are, for people")
    .addOption(new Option("--oms <url>", "OMS at which the session's overlay network is made").env("MP2P_OMS"))
    .addOption(
      new Option("--creator-token <token>", "shown to an OMS that wants one of who makes overlays, or has quotas").env(
        "MP2P_CREATOR_TOKEN",
      ),
    )
    .addOption(new Option("--ixs <url>", "IXS at which its index files are registered").env("MP2P_IXS"))
    .option("--data-id <id>", 'identifier of the data of each data source (default: "data")')
    .addOption(
      new Option("--fragment-size <octets>", "of a full fragment (default: 16384)").argParser(
        integer(leastRecordFragment, 64 * 1024 * 1024),
      ),
    )
    .addOption(
      new Option("--flush <seconds>", "how long data wait to share a fragment (default: 0.1)").argParser(seconds),
    )
    .addOption(
      new Option("--linger <seconds>", "how long the session outlives its last data source (default: 10)").argParser(
        seconds,
      ),
    )
    .addOption(
      new Option("--session-start <trigger>", "what starts and ends it: data sources, or POST /session/start and stop")
        .choices(["data-sources", "operator"])
        .default("data-sources"),
    )
    .addOption(
      new Option("--session-password <text>", "who knows it may join, nobody else").env("MP2P_SESSION_PASSWORD"),
    )
    .addOption(new Option("--session-peers <ids>", "the only peers that may join, comma-separated").argParser(list))
    .addOption(new Option("--cache-servers <n>", "cache servers wanted of the OMS").argParser(integer(0, 1000)))
    .option("--ums-session <name>", "channel at the UMS, which the OMS asks who may join and with which class")
    .option("--service-classes", "peers of a better class get better peers, by the classes of the UMS (X.609.1 8.2.5)")
    .option("--peer-id <id>", "its identifier among peers (default: a UUID, kept in --store)")
    .option("--peer-key <file>", "seed of its key; made when it is not there (default: a key kept in --store)")
    .addOption(
      new Option("--peer-listen <host:port>", "where peers connect (default: loopback, any free port)").argParser(
        endpoint,
      ),
    )
    .addOption(
      new Option("--peer-advertise <addresses>", "what peers are told instead, such as tcp://192.0.2.1:9000").argParser(
        list,
      ),
    )
    .addOption(signallingOption("--peer-signalling [url]"))
    .addOption(new Option("--up <KB/s>", "upload limit, in 1000 octets per second").argParser(integer(1)));
}

/** Finds out before anything listens. @throws UsageError; PeerError ERR_OPTIONS where the key is none */
export async function checkSessionOptions(options: SessionCliOptions): Promise<void> {
  const { sessionTitle, oms, ixs, dataId = "", peerKey } = options;
  if (sessionTitle === undefined) return;
  if (oms === undefined || ixs === undefined)
    throw new UsageError("--session-title goes together with --oms and --ixs");
  if (Buffer.byteLength(dataId) > longestId) throw new UsageError(`--data-id has at most ${longestId} octets`);
  if (peerKey !== undefined) await openKeyFile(peerKey);
}

/** The session that the options ask for, if they do. */
export async function openSession(
  options: SessionCliOptions,
  {
    sourcePeer,
    store,
    logger,
    json,
    quiet,
  }: { sourcePeer: SourcePeer; store: Store; logger: Logger; json: boolean; quiet: boolean },
): Promise<{ close(): Promise<void> } | undefined> {
  const { sessionTitle: title, oms, ixs } = options;
  if (title === undefined || oms === undefined || ixs === undefined) return undefined;
  const kept = await openIdentity(store);
  const key = options.peerKey === undefined ? kept.key : await openKeyFile(options.peerKey);
  const settings: Partial<SwarmSettings> = options.up === undefined ? {} : { uploadRate: options.up * 1000 };
  const peer = await createPeer({
    ...defined({
      peerId: options.peerId ?? kept.peerId,
      key,
      listen: options.peerListen,
      advertise: options.peerAdvertise,
    }),
    ...webrtcOf(options.peerSignalling),
    ixs,
    settings,
    logger,
  });
  const ms = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1000);
  const {
    sessionPeers: peers,
    sessionPassword: password,
    cacheServers,
    umsSession,
    serviceClasses,
    creatorToken,
  } = options;
  const session = startStreamingSession({
    ...defined({
      description: options.sessionDescription,
      dataId: options.dataId,
      fragmentSize: options.fragmentSize,
      flushMs: ms(options.flush),
      lingerMs: ms(options.linger),
    }),
    peer,
    sourcePeer,
    oms,
    ixs,
    title,
    trigger: options.sessionStart,
    session: {
      ...((peers !== undefined || password !== undefined) && { closed: defined({ peers, password }) }),
      ...(cacheServers !== undefined && { csResources: { wanted: cacheServers } }),
      ...defined({ umsSession, serviceClasses, creatorToken }),
    },
    store,
    key,
    logger,
  });
  sourcePeer.manage(session);
  session.onNews((news) => {
    if (json) print(describeSession(news), true);
    else if (!quiet) {
      const line = sessionLine(news);
      if (line !== undefined) say(line);
    }
  });
  return {
    async close() {
      await session.close();
      await peer.close();
    },
  };
}

/** What happened to the session, for other programs. */
function describeSession(news: StreamingNews): object {
  if (news.kind === "session") {
    const { kind, ...rest } = news.news;
    return { event: `session-${kind}`, ...rest };
  }
  const { kind, ...rest } = news;
  return { event: `session-${kind}`, ...rest };
}

/** The same for people; undefined for what happens too often. */
function sessionLine(news: StreamingNews): string | undefined {
  switch (news.kind) {
    case "opened":
      return `session open: overlay network ${news.overlayId}`;
    case "closed":
      return `session over${news.reason === undefined ? "" : `: ${news.reason}`}`;
    case "failed":
      return `no session yet: ${news.reason}`;
    case "indexed":
      return `index file of data source ${news.sourceId}`;
    case "unindexed":
      return `no more index file of data source ${news.sourceId}`;
    case "dropped":
      return `${news.fragments} fragments dropped: there is no overlay network`;
    case "session": {
      const { news: one } = news;
      if (one.kind === "server") return serverLine(one);
      if (one.kind === "link") return `${one.remote.peerId}: link ${one.change}`;
      return one.kind === "culprit" ? `${one.peerId} broke the rules: ${one.fault}` : undefined;
    }
  }
}

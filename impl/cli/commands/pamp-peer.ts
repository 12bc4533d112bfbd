import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import type { FragmentEvent, FragmentList, PampPeer, PeerNews, StaticStatus } from "../../pamp-client/index.js";
import { startPampPeer } from "../../pamp-client/index.js";
import { addClientOptions, clientSettings } from "../client-options.js";
import { type ControlHandler, serveControlLines, Unsupported } from "../control-lines.js";
import { print, UsageError, wantsJson } from "../output.js";
import { runUntilSignal } from "../until-signal.js";
import { defined, list } from "../values.js";

interface PampPeerCliOptions {
  pams: string;
  bearer?: string;
  timeout: number;
  overlay?: string;
  peer: string;
  type: string;
  profile: StaticStatus;
  do: string[];
  wishes: Details;
  control?: true;
}

type Details = Readonly<Record<string, unknown>>;

const defaultProfile: StaticStatus = {
  max_up_bw: 1000,
  max_dn_bw: 5000,
  max_up_bw_per_net: 1000,
  max_dn_bw_per_net: 5000,
  max_num_conn_for_up: 50,
  max_num_conn_for_dn: 50,
  max_num_conn_for_up_per_net: 50,
  max_num_active_net: 1,
};

/** `mp2p pamp-peer` */
export function addPampPeerCommand(program: Command): void {
  const command = program
    .command("pamp-peer")
    .description(
      "PAMP peer (X.609.1): registers with a PAMS, reports at the interval it is told, deregisters when it ends",
    );
  addClientOptions(command, "PAMS")
    .addOption(new Option("--overlay <id>", "the overlay network that it has joined").env("MP2P_OVERLAY_ID"))
    .addOption(
      new Option("--peer <id>", "its identifier; a new UUID unless given")
        .env("MP2P_PEER_ID")
        .default(randomUUID(), "a UUID"),
    )
    .option("--type <type>", "PEER, CS, RS or a word of your own", "PEER")
    .addOption(
      new Option("--profile <json>", "its static status [9.1.10]")
        .argParser(object)
        .default(defaultProfile, "some bandwidths and connections"),
    )
    .addOption(
      new Option(
        "--do <actions>",
        "after the first report, in this order: change-profile, exchange, hold, pause, resume, complete, leave",
      )
        .env("MP2P_ACTIONS")
        .argParser(list)
        .default([], "nothing"),
    )
    .addOption(
      new Option("--wishes <json>", 'details of those, by action: {"details":{"exchange":{"uploaded":30}}}')
        .env("MP2P_WISHES")
        .argParser(object)
        .default({}, "none"),
    )
    .option(
      "--control",
      'be driven by JSON lines on standard input instead: the first one is {"id":1,"do":"start","url":…}',
    )
    .action(run);
}

function object(text: string): Details {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Details;
  } catch {
    // said below
  }
  throw new UsageError(`a JSON object is wanted, not ${text}`);
}

async function run(options: PampPeerCliOptions, command: Command): Promise<void> {
  const json = wantsJson(command);
  if (options.control) return await serve(options);
  if (options.overlay === undefined)
    throw new UsageError("--overlay is missing: the overlay network that the peer has joined");
  const peer = start(options, options.overlay);
  peer.onNews((news) => print(json ? { event: news.kind, ...news } : tell(news), json));
  const details = (options.wishes.details ?? {}) as Readonly<Record<string, Details | undefined>>;
  const first = peer.onNews((news) => {
    if (news.kind !== "reported") return;
    first();
    for (const action of options.do) actions(peer)[action]?.(details[action] ?? {});
  });
  await runUntilSignal(
    { entity: "pamp-peer", overlay: options.overlay, peer: options.peer, pams: options.pams },
    json,
    [peer],
  );
}

function start(options: PampPeerCliOptions, overlay: string, pams = options.pams, peer = options.peer): PampPeer {
  const { timeoutMs, auth } = clientSettings({ ...options, timeout: options.timeout }, "PAMS");
  const { type, profile } = options;
  return startPampPeer({ pams, overlay, peer, type, profile, timeoutMs, ...defined({ auth }) });
}

/** What a peer can be asked to do once it runs. */
function actions(peer: PampPeer): Readonly<Record<string, ControlHandler>> {
  return {
    "change-profile": ({ static_status }) => peer.changeProfile((static_status ?? {}) as StaticStatus),
    exchange: ({ uploaded = 0, downloaded = 0, events = [] }) =>
      peer.exchanged({ uploaded: Number(uploaded), downloaded: Number(downloaded), events: events as FragmentEvent[] }),
    hold: ({ fragment, num_of_fragment, fragment_size, start_fragment_id, end_fragment_id }) =>
      peer.hold({
        fragment_list: defined({ fragment, num_of_fragment, fragment_size }) as FragmentList,
        ...(start_fragment_id === undefined
          ? {}
          : {
              fragment_range: {
                start_fragment_id: Number(start_fragment_id),
                end_fragment_id: Number(end_fragment_id),
              },
            }),
      }),
    pause: () => peer.pause(),
    resume: () => peer.resume(),
    complete: () => peer.complete(),
    leave: () => peer.leave(),
  };
}

async function serve(options: PampPeerCliOptions): Promise<void> {
  let wishes: Details = {};
  let peer: PampPeer | undefined;
  const later = Object.keys(actions(undefined as never)).map((name): [string, ControlHandler] => [
    name,
    (details) => {
      if (!peer) throw new Unsupported("join comes first");
      return actions(peer)[name]?.(details);
    },
  ]);
  const end = async (): Promise<never> => {
    await peer?.close();
    process.exit(0);
  };
  process.once("SIGTERM", () => void end());
  await serveControlLines({
    start: (details) => {
      wishes = details;
    },
    join: () => {
      const text = (name: string, otherwise: string): string => String(wishes[name] ?? otherwise);
      peer = start(
        options,
        text("overlay-id", options.overlay ?? ""),
        text("url", options.pams),
        text("peer-id", options.peer),
      );
    },
    ...Object.fromEntries(later),
  });
  await end();
}

function tell(news: PeerNews): string {
  switch (news.kind) {
    case "registered":
      return `registered with ${news.pams}; ${news.intervalS > 0 ? `a report every ${news.intervalS} s` : "reports on events only"}`;
    case "reported":
      return "reported";
    case "failed":
      return `${news.what}: ${news.reason}; next attempt in ${Math.round(news.retryMs / 100) / 10} s`;
    case "left":
      return "left";
  }
}

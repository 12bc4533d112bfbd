import { type Command, Option } from "commander";
import {
  type FoundOverlay,
  type HybridPeer,
  type HybridPeerNews,
  type HybridPeerOptions,
  type Membership,
  type PeerNetwork,
  startHybridPeer,
} from "../../hybrid-peer/index.js";
import { print, UsageError, wantsJson } from "../output.js";
import { printable } from "../printable.js";
import { createLogger } from "../service.js";
import { defined, integer, list, seconds } from "../values.js";
import { createActor, type HybridPeerActor, type Wishes } from "./hybrid-peer-actions.js";
import { isWish, pathsOf } from "./hybrid-peer-control.js";
import { sentence } from "./hybrid-peer-news.js";
import { type Options, printConfiguration, settingsOf } from "./hybrid-peer-options.js";

export const overlayId = () => new Option("--overlay-id <id>", "the overlay network").env("MP2P_OVERLAY_ID");
export const accessKey = () =>
  new Option("--access-key <phrase>", "key phrase for joining a closed overlay").env("MP2P_ACCESS_KEY");
export const adminKey = () => new Option("--admin-key <phrase>", "the owner's key phrase").env("MP2P_ADMIN_KEY");
export const peerlist = () =>
  new Option("--peerlist <ids>", "peers that may join without a key, comma-separated").argParser(list);
export const lifetime = (what: string) => new Option("--expires <seconds>", what).argParser(integer(1));

/** Adds what says which overlay network is joined. */
export function addJoinOptions(command: Command): Command {
  return command
    .addOption(overlayId())
    .option("--title <keyword>", "the first one with the keyword in its title")
    .option("--description <keyword>", "the first one with the keyword in its description")
    .addOption(accessKey())
    .addOption(lifetime("wanted lifetime of the membership (default: as the HOMS has it)"));
}

/** Adds how long a command waits for other peers. */
export function addWaitOption(command: Command, otherwise: number): Command {
  return command.addOption(
    new Option("--wait <seconds>", "how long to wait for a path to another peer").argParser(seconds).default(otherwise),
  );
}

/** A peer that a command runs, and what it does by name. */
export interface Session {
  readonly peer: HybridPeer;
  readonly actor: HybridPeerActor;
  readonly json: boolean;
}

/**
 * Starts the peer of a command; undefined where it was only to say how it is set up.
 *
 * @param paths whether it has paths to other peers unless it is told otherwise
 * @param tell what happens to it; default: printed on standard output
 * @param standard settings of paths and data that this command has unless it is told otherwise
 */
export async function begin(
  options: Options,
  command: Command,
  paths: boolean,
  tell?: (news: HybridPeerNews) => void,
  standard: HybridPeerOptions["paths"] = {},
): Promise<Session | undefined> {
  const json = wantsJson(command);
  if (options.printConfig === true) {
    printConfiguration(options, command, json);
    return undefined;
  }
  const wishes = (options.settings ?? {}) as Wishes;
  const settings = { ...settingsOf(options, command, paths || isWish(wishes.listen)), ...pathsOf(wishes) };
  const logger = createLogger(options.logLevel);
  // Who looks at the terminal sees that the HOMS is away, and decides.
  const standards = { ...standard, ...settings.paths };
  const attempts = tell === undefined ? {} : { attempts: settings.attempts ?? 2 };
  const peer = await startHybridPeer({ ...settings, ...attempts, paths: standards, logger });
  peer.onNews(tell ?? ((news) => shown(news, json)));
  return { peer, actor: createActor(peer, wishes), json };
}

function shown(news: HybridPeerNews, json: boolean): void {
  if (!json) {
    const line = sentence(news);
    if (line !== undefined) print(printable(line), false);
  } else if (news.kind === "network") {
    const { kind, ...more } = news.news;
    print({ event: kind, overlayId: news.overlayId, ...more }, true);
  } else print({ event: news.kind, ...news }, true);
}

/** News on standard error, where standard output is for data; as JSON both go to standard output, a line each. */
export function aside(json: boolean, quiet: boolean): (news: HybridPeerNews) => void {
  return (news) => {
    if (json) return shown(news, true);
    const line = quiet ? undefined : sentence(news);
    if (line !== undefined) process.stderr.write(`${printable(line)}\n`);
  };
}

/** Nothing is left running by a command that failed. */
export async function orClose<T>(peer: HybridPeer, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    await peer.close();
    throw error;
  }
}

/** Command line options under the names of HOMP. */
export const wishesOf = (options: Options): Wishes =>
  defined({
    "overlay-id": options.overlayId,
    title: options.title,
    description: options.description,
    type: options.type,
    "sub-type": options.subType,
    expires: options.expires,
    "heartbeat-interval": options.heartbeatInterval,
    "heartbeat-timeout": options.heartbeatTimeout,
    "access-key": options.accessKey,
    "admin-key": options.adminKey,
    peerlist: options.peerlist,
    "cr-policy": options.cache,
  });

export function needsTarget(options: Options): void {
  if (![options.overlayId, options.title, options.description].some((one) => one !== undefined)) {
    throw new UsageError("give --overlay-id, --title or --description; `mp2p hybrid-peer query` lists what there is");
  }
}

/** Joins what the options name. @throws UsageError where the HOMS knows no such overlay network, or this peer has no paths */
export async function joinNetwork(
  { peer }: Session,
  options: Options,
): Promise<{ membership: Membership; network: PeerNetwork }> {
  needsTarget(options);
  const found = await findOverlay(peer, options);
  const { accessKey, expires } = options as { accessKey?: string; expires?: number };
  const membership = await peer.join({ overlayId: found.overlayId, ...defined({ accessKey, expires }) });
  const { network } = membership;
  if (network === undefined) throw new UsageError("this needs paths to other peers: leave --no-listen out");
  return { membership, network };
}

async function findOverlay(peer: HybridPeer, options: Options): Promise<FoundOverlay> {
  const { overlayId, title, description } = options as Record<string, string | undefined>;
  const found = await peer.query(defined({ overlayId, title, description }));
  const chosen = found.find((one) => one.title === title || one.overlayId === overlayId) ?? found[0];
  if (chosen === undefined) {
    const named = overlayId ?? title ?? description;
    throw new UsageError(
      `the HOMS knows no overlay network ${JSON.stringify(named)}; \`mp2p hybrid-peer query\` lists them`,
    );
  }
  return chosen;
}

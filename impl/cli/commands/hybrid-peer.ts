import { type Command, Option } from "commander";
import { type HybridPeer, type HybridPeerNews, startHybridPeer } from "../../hybrid-peer/index.js";
import { addClientOptions } from "../client-options.js";
import { print, UsageError, wantsJson } from "../output.js";
import { createLogger, runUntilSignal } from "../service.js";
import { defined, integer, list } from "../values.js";
import { createActor, type Wishes } from "./hybrid-peer-actions.js";
import { control, type Options, parseWishes, peerSettings } from "./hybrid-peer-control.js";
import { sentence } from "./hybrid-peer-news.js";

/** `mp2p hybrid-peer …`: a peer that creates, joins and stays. */
export function addHybridPeerCommand(program: Command): void {
  const group = program
    .command("hybrid-peer")
    .description("hybrid peer (Q.4100): creates, finds and joins overlay networks at a HOMS and stays in them")
    .addHelpText(
      "after",
      `
Examples:
  mp2p hybrid-peer create --homs http://127.0.0.1:8080 --title demo      creates it, joins it, stays until Ctrl-C
  mp2p hybrid-peer join --title demo                                     finds it, joins, refreshes, leaves on Ctrl-C
  mp2p hybrid-peer join --overlay-id ID --access-key sesame --expires 60
  mp2p hybrid-peer query --json
  mp2p conformance homp-hybrid-peer --exec "mp2p hybrid-peer perform --homs {url}"
  mp2p conformance homp-hybrid-peer --adapter "mp2p hybrid-peer control"
The thin client \`mp2p overlay …\` sends one primitive and forgets; this peer keeps what it has up.`,
    );
  addCreate(group);
  addJoin(group);
  addQuery(group);
  addModify(group);
  addRemove(group);
  addPerform(group);
  addControl(group);
}

function addPeerOptions(command: Command): Command {
  return addClientOptions(command, "HOMS")
    .addOption(
      new Option("--peer-id <id>", "its identifier; its owner-id too (default: made at random)").env("MP2P_PEER_ID"),
    )
    .addOption(
      new Option("--address <uri>", "where other peers reach it").env("MP2P_ADDRESS").default("tcp://127.0.0.1:9000"),
    )
    .addOption(
      new Option("--password <text>", "letters and digits (default: made at random, as it should be)").env(
        "MP2P_PASSWORD",
      ),
    )
    .addOption(
      new Option("--log-level <level>", "structured log on standard error")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("warn"),
    );
}

const overlayId = () => new Option("--overlay-id <id>", "the overlay network").env("MP2P_OVERLAY_ID");
const adminKey = () => new Option("--admin-key <phrase>", "the owner's key phrase").env("MP2P_ADMIN_KEY");
const accessKey = () =>
  new Option("--access-key <phrase>", "key phrase for joining a closed overlay").env("MP2P_ACCESS_KEY");
const peerlist = () =>
  new Option("--peerlist <ids>", "peers that may join without a key, comma-separated").argParser(list);
const lifetime = (what: string) => new Option("--expires <seconds>", what).argParser(integer(1));

function addCreate(group: Command): void {
  addPeerOptions(group.command("create"))
    .description("creates an overlay network, joins it, extends its lifetime, and leaves when it is ended")
    .requiredOption("--title <text>", "its name, for people")
    .option("--description <text>", "more about it")
    .addOption(new Option("--type <type>", "core or sub overlay").choices(["core", "sub"]).default("core"))
    .addOption(new Option("--sub-type <shape>", "shape of its topology").choices(["tree", "mesh"]).default("tree"))
    .addOption(lifetime("lifetime of the overlay, extended while this runs (default: 86400)"))
    .addOption(new Option("--heartbeat-interval <seconds>", "more than 5").argParser(integer(6)))
    .addOption(new Option("--heartbeat-timeout <seconds>", "more than three intervals").argParser(integer(19)))
    .addOption(accessKey())
    .addOption(peerlist())
    .addOption(adminKey())
    .option("--no-join", "own it without being a member")
    .option("--once", "create it, print it and end: nothing extends its lifetime")
    .option("--remove", "remove it when this is ended")
    .addHelpText("after", "\nWith --access-key or --peerlist the overlay is closed, else open.")
    .action(async (options: Options, command: Command) => {
      const { peer, actor, json } = await begin(options, command);
      // The owner has to get in as well.
      const listed = options.peerlist as string[] | undefined;
      const wishes = { ...wishesOf(options), "overlay-expires": options.expires, expires: undefined };
      const all = listed === undefined ? wishes : { ...wishes, peerlist: [...new Set([...listed, peer.peerId])] };
      await orClose(peer, async () => {
        print({ event: "owned", ...((await actor.perform("create", all)) as object) }, json);
        if (options.join !== false && options.once !== true) await actor.perform("join");
      });
      if (options.once === true) return await peer.close();
      const removal = { close: async () => void (await actor.perform("remove")) };
      await stay(peer, json, options.remove === true ? [removal] : []);
    });
}

function addJoin(group: Command): void {
  addPeerOptions(group.command("join"))
    .description("joins an overlay network, refreshes in time, joins again when it has to, leaves when it is ended")
    .addOption(overlayId())
    .option("--title <keyword>", "the first one with the keyword in its title")
    .option("--description <keyword>", "the first one with the keyword in its description")
    .addOption(accessKey())
    .addOption(lifetime("wanted lifetime of the membership (default: as the HOMS has it)"))
    .action(async (options: Options, command: Command) => {
      if (![options.overlayId, options.title, options.description].some((one) => one !== undefined)) {
        throw new UsageError("give --overlay-id, --title or --description");
      }
      const { peer, actor, json } = await begin(options, command);
      await orClose(peer, () => actor.perform("join", wishesOf(options)));
      await stay(peer, json);
    });
}

function addQuery(group: Command): void {
  addPeerOptions(group.command("query"))
    .description("lists the overlay networks of the HOMS, or those that match")
    .addOption(overlayId())
    .option("--title <keyword>", "those with the keyword in their title")
    .option("--description <keyword>", "those with the keyword in their description")
    .action(once("query"));
}

function addModify(group: Command): void {
  addPeerOptions(group.command("modify"))
    .description("changes an overlay network that --peer-id owns; what is not given stays as it is")
    .addOption(overlayId().makeOptionMandatory())
    .addOption(adminKey().makeOptionMandatory())
    .option("--title <text>", "new title")
    .option("--description <text>", "new description")
    .addOption(lifetime("new lifetime from now"))
    .addOption(accessKey())
    .addOption(peerlist())
    .action(once("modify"));
}

function addRemove(group: Command): void {
  addPeerOptions(group.command("remove"))
    .description("removes an overlay network that --peer-id owns")
    .addOption(overlayId().makeOptionMandatory())
    .addOption(adminKey().makeOptionMandatory())
    .action(once("remove"));
}

/** A subcommand that does one thing, prints what came of it, and ends. */
function once(action: string): (options: Options, command: Command) => Promise<void> {
  return async (options, command) => {
    const { peer, actor, json } = await begin(options, command, () => {});
    try {
      const wishes = { ...wishesOf(options), "overlay-expires": options.expires };
      print((await actor.perform(action, wishes)) ?? { done: action }, json);
    } finally {
      await peer.close();
    }
  };
}

function addPerform(group: Command): void {
  addPeerOptions(group.command("perform"))
    .argument(
      "[actions...]",
      "create, query, join, modify, remove, paths, lose-paths, attach, recover, leave (or MP2P_ACTIONS)",
    )
    .description("does several things one after the other, then stays until it is ended: for scripts and the suite")
    .addHelpText(
      "after",
      `
What the actions need is JSON in MP2P_WISHES: {"overlay-id":"…","details":{"create":{"title":"demo"}}}.
An action that fails is reported, and the next one tried.`,
    )
    .action(async (actions: string[], options: Options, command: Command) => {
      const names = actions.length > 0 ? actions : list(process.env.MP2P_ACTIONS ?? "");
      if (names.length === 0) throw new UsageError("name an action, on the command line or in MP2P_ACTIONS");
      const { details = {}, ...settings } = parseWishes(process.env.MP2P_WISHES ?? "{}");
      const { peer, actor, json } = await begin({ ...options, settings }, command);
      const stayed = stay(peer, json);
      for (const name of names) {
        try {
          const result = await actor.perform(name, (details as Record<string, Wishes>)[name]);
          print({ event: "performed", action: name, ...(result === undefined ? {} : { result }) }, json);
        } catch (error) {
          print({ event: "failed", action: name, error: (error as Error).message }, json);
        }
      }
      await stayed;
    });
}

function addControl(group: Command): void {
  addPeerOptions(group.command("control"))
    .description("does what lines of JSON on standard input ask for: the suite's --adapter, or any other program")
    .addHelpText(
      "after",
      `
{"id":1,"do":"start","url":"http://127.0.0.1:8080"}  is answered  {"id":1,"ok":true}
{"id":2,"do":"join","overlay-id":"…"}                             {"id":2,"ok":true,"result":{…}}  or  {"id":2,"error":"…"}
An action that is none of those of \`perform\` is answered {"id":…,"unsupported":"…"}. The end of the input ends the peer.`,
    )
    .action(control);
}

async function begin(options: Options, command: Command, tell?: (news: HybridPeerNews) => void) {
  const json = wantsJson(command);
  const logger = createLogger(options.logLevel);
  // Who looks at the terminal sees that the HOMS is away, and decides.
  const attempts = tell === undefined ? {} : { attempts: 2 };
  const peer = await startHybridPeer({ ...peerSettings(options), ...attempts, logger });
  peer.onNews(tell ?? ((news) => print(json ? { event: news.kind, ...news } : sentence(news), json)));
  const actor = createActor(peer, (options.settings ?? {}) as Wishes);
  return { peer, actor, json };
}

/** Command line options under the names of HOMP. */
const wishesOf = (options: Options): Wishes =>
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
  });

/** Nothing is left running by a command that failed. */
async function orClose(peer: HybridPeer, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    await peer.close();
    throw error;
  }
}

async function stay(peer: HybridPeer, json: boolean, before: readonly { close(): Promise<void> }[] = []) {
  await runUntilSignal({ entity: "hybrid-peer", "peer-id": peer.peerId }, json, [...before, peer]);
}

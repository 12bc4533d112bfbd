import { type Command, Option } from "commander";
import type { HybridPeer } from "../../hybrid-peer/index.js";
import { print, UsageError, wantsJson } from "../output.js";
import { runUntilSignal } from "../service.js";
import { integer, list } from "../values.js";
import type { Wishes } from "./hybrid-peer-actions.js";
import { bridge } from "./hybrid-peer-bridge.js";
import { control, parseWishes } from "./hybrid-peer-control.js";
import { addPathOptions, addPeerOptions, type Options, printConfiguration } from "./hybrid-peer-options.js";
import { addReceive } from "./hybrid-peer-receive.js";
import { addScan } from "./hybrid-peer-scan.js";
import { addSend } from "./hybrid-peer-send.js";
import {
  accessKey,
  addJoinOptions,
  adminKey,
  begin,
  lifetime,
  needsTarget,
  orClose,
  overlayId,
  peerlist,
  wishesOf,
} from "./hybrid-peer-session.js";
import { pathsLine } from "./hybrid-peer-shown.js";

/** `mp2p hybrid-peer …`: a peer that creates, joins and stays. */
export function addHybridPeerCommand(program: Command): void {
  const group = program
    .command("hybrid-peer")
    .description(
      "hybrid peer (Q.4100): creates and joins overlay networks, has paths to other peers, sends and receives",
    )
    .addHelpText(
      "after",
      `
Examples:
  mp2p serve homs --listen 8080 --memory                                 where peers find each other
  mp2p hybrid-peer create --homs http://127.0.0.1:8080 --title demo      creates it, joins it, stays until Ctrl-C
  mp2p hybrid-peer join --title demo --listen 0.0.0.0:9000               finds it, joins, keeps paths, leaves on Ctrl-C
  mp2p hybrid-peer receive --title demo                                  prints what others send
  mp2p hybrid-peer send --title demo "hello, tree"                       sends, and leaves
  mp2p hybrid-peer scan --title demo                                     draws the tree
  mp2p hybrid-peer join --title demo --hand-over-to archive --hand-over-shape mesh
  mp2p hybrid-peer config --set paths.maxPrimary=3                       settings, their limits and what they are for
  mp2p conformance homp-hybrid-peer --exec "mp2p hybrid-peer perform --homs {url}"
  mp2p conformance homp-hybrid-peer --adapter "mp2p hybrid-peer control"
The thin client \`mp2p overlay …\` sends one primitive and forgets; this peer keeps what it has up.`,
    );
  addCreate(group);
  addJoin(group);
  addSend(group);
  addReceive(group);
  addScan(group);
  addConfig(group);
  addQuery(group);
  addModify(group);
  addRemove(group);
  addPerform(group);
  addControl(group);
}

function addCreate(group: Command): void {
  addBridgeOptions(addPathOptions(addPeerOptions(group.command("create"))))
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
    .addOption(
      new Option("--cache <messages,seconds,push|pull>", "what peers keep to recover lost data (cr-policy)")
        .argParser(cachePolicy)
        .default({ mN_Cache: 1000, mD_Cache: 0, "recovery-by": "push" }, "1000,0,push"),
    )
    .option("--no-join", "own it without being a member")
    .option("--once", "create it, print it and end: nothing extends its lifetime")
    .option("--remove", "remove it when this is ended")
    .addHelpText("after", "\nWith --access-key or --peerlist the overlay is closed, else open.")
    .action(async (options: Options, command: Command) => {
      const session = await begin(options, command, options.join !== false && options.once !== true);
      if (session === undefined) return;
      const { peer, actor, json } = session;
      // The owner has to get in as well.
      const listed = options.peerlist as string[] | undefined;
      const wishes = { ...wishesOf(options), "overlay-expires": options.expires, expires: undefined };
      const all = listed === undefined ? wishes : { ...wishes, peerlist: [...new Set([...listed, peer.peerId])] };
      await orClose(peer, async () => {
        print({ event: "owned", ...((await actor.perform("create", all)) as object) }, json);
        if (options.join === false || options.once === true) return;
        await actor.perform("join");
        await inNetwork(peer, options, json);
      });
      if (options.once === true) return await peer.close();
      const removal = { close: async () => void (await actor.perform("remove")) };
      await stay(peer, json, options.remove === true ? [removal] : []);
    });
}

function addBridgeOptions(command: Command): Command {
  return command
    .option(
      "--hand-over-to <id or title>",
      "hand what is received over to this sub-overlay, created where it is not there",
    )
    .addOption(
      new Option("--hand-over-shape <shape>", "shape of a sub-overlay that is created")
        .choices(["tree", "mesh"])
        .default("tree"),
    )
    .option("--app-id <name>", "hand over data of this application only");
}

function cachePolicy(text: string) {
  const match = /^(\d+),(\d+),(push|pull)$/.exec(text);
  if (match === null) throw new UsageError("--cache wants messages,seconds,push|pull, such as 100,60,pull");
  return { mN_Cache: Number(match[1]), mD_Cache: Number(match[2]), "recovery-by": match[3] };
}

/** What a member with paths does beside staying: shows them as they change, and hands over. */
async function inNetwork(peer: HybridPeer, options: Options, json: boolean): Promise<void> {
  const [membership] = peer.memberships;
  const network = membership?.network;
  if (membership === undefined || network === undefined) return;
  if (!json) {
    let shown = "";
    network.onNews(({ kind }) => {
      if (kind !== "path") return;
      // Several lists may change in one turn.
      setImmediate(() => {
        const line = pathsLine(network.paths());
        if (line !== shown) print(line, false);
        shown = line;
      });
    });
  }
  await bridge(peer, membership, options, json);
}

function addJoin(group: Command): void {
  addJoinOptions(addBridgeOptions(addPathOptions(addPeerOptions(group.command("join")))))
    .description("joins an overlay network, keeps paths to other peers, refreshes, recovers, leaves when it is ended")
    .action(async (options: Options, command: Command) => {
      if (options.printConfig !== true) needsTarget(options);
      const session = await begin(options, command, true);
      if (session === undefined) return;
      const { peer, actor, json } = session;
      await orClose(peer, async () => {
        await actor.perform("join", wishesOf(options));
        await inNetwork(peer, options, json);
      });
      await stay(peer, json);
    });
}

function addConfig(group: Command): void {
  addPathOptions(addPeerOptions(group.command("config")))
    .description("prints every setting with the value that counts, where it comes from and what it is for")
    .addHelpText(
      "after",
      `
A file for --config has the same names, as YAML or JSON:
  homs: http://homs.example:8080
  listen: { host: 0.0.0.0, port: 9000 }
  paths: { maxPrimary: 3, order: source }`,
    )
    .action((options: Options, command: Command) => printConfiguration(options, command, wantsJson(command)));
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
    const session = await begin(options, command, false, () => {});
    if (session === undefined) return;
    const { peer, actor, json } = session;
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
      const session = await begin({ ...options, settings }, command, false);
      if (session === undefined) return;
      const { peer, actor, json } = session;
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
With "listen":true in start, it has paths to other peers, and these do more:
{"id":3,"do":"connected","timeout-ms":5000}                       {"id":3,"ok":true,"result":{"connected":true}}
{"id":4,"do":"receive","app-id":"chat"}                           {"id":4,"ok":true}  and then  {"event":"data","source":…}
{"id":5,"do":"send","app-id":"chat","text":"hello"}  or "base64"  {"id":5,"ok":true,"result":{"sequence":1}}
{"id":6,"do":"paths"}  {"id":7,"do":"scan"}  {"id":8,"do":"flush"}
An action that is none of those of \`perform\` is answered {"id":…,"unsupported":"…"}. The end of the input ends the peer.`,
    )
    .action(control);
}

async function stay(peer: HybridPeer, json: boolean, before: readonly { close(): Promise<void> }[] = []) {
  const { peerId, address } = peer;
  await runUntilSignal({ entity: "hybrid-peer", "peer-id": peerId, address }, json, [...before, peer]);
}

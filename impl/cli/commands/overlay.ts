import { type Command, Option } from "commander";
import { createHompClient } from "../../../generated/homp/index.js";
import { addClientOptions, clientSettings, primitive } from "../client-options.js";
import { UsageError } from "../output.js";
import { defined, integer, list } from "../values.js";
import { addOverlayPeerCommands } from "./overlay-peer.js";

interface Identified {
  overlayId: string;
  owner: string;
  adminKey: string;
}

interface Access {
  accessKey?: string;
  peerlist?: string[];
}

interface Creation extends Access {
  title: string;
  description: string;
  type: "core" | "sub";
  subType: "tree" | "mesh";
  owner: string;
  expires?: number;
  heartbeatInterval: number;
  heartbeatTimeout: number;
  adminKey: string;
  cache?: { messages: number; seconds: number; by: "push" | "pull" };
}

interface Modification extends Identified, Access {
  title?: string;
  description?: string;
  expires?: number;
  access?: "open" | "closed";
}

const owner = () => new Option("--owner <peer-id>", "the owner").makeOptionMandatory();
const overlayId = () => new Option("--overlay-id <id>", "the overlay network").makeOptionMandatory();
const adminKey = () =>
  new Option("--admin-key <phrase>", "the owner's key phrase; the environment hides it from other users")
    .env("MP2P_ADMIN_KEY")
    .makeOptionMandatory();
const accessKey = () =>
  new Option("--access-key <phrase>", "key phrase for joining a closed overlay").env("MP2P_ACCESS_KEY");
const peerlist = () =>
  new Option("--peerlist <ids>", "peers that may join without a key, comma-separated").argParser(list);
const expires = () => new Option("--expires <seconds>", "lifetime of the overlay").argParser(integer(1));

/** `mp2p overlay …`: the eight primitives of HOMP (Q.4103) as a thin client. */
export function addOverlayCommand(program: Command): void {
  const overlay = program
    .command("overlay")
    .description("HOMP client (Q.4103): create, query, modify, remove, join, report, refresh, leave");
  addCreation(overlay);
  addQuery(overlay);
  addModification(overlay);
  addRemoval(overlay);
  addOverlayPeerCommands(overlay);
}

function addCreation(overlay: Command): void {
  addClientOptions(overlay.command("create"), "HOMS")
    .description("HybridOverlayCreation [Q.4103 6.2.1]: a new overlay network, owned by a peer; prints its overlay-id")
    .requiredOption("--title <text>", "its name, for people")
    .option("--description <text>", "more about it", "")
    .addOption(new Option("--type <type>", "core or sub overlay").choices(["core", "sub"]).default("core"))
    .addOption(new Option("--sub-type <shape>", "shape of its topology").choices(["tree", "mesh"]).default("tree"))
    .addOption(owner())
    .addOption(adminKey())
    .addOption(expires())
    .addOption(new Option("--heartbeat-interval <seconds>", "more than 5").argParser(integer(6)).default(10))
    .addOption(
      new Option("--heartbeat-timeout <seconds>", "more than three intervals").argParser(integer(19)).default(31),
    )
    .addOption(accessKey())
    .addOption(peerlist())
    .addOption(
      new Option("--cache <messages,seconds,push|pull>", "caching and recovery of lost data (cr-policy)").argParser(
        cache,
      ),
    )
    .addHelpText("after", "\nWith --access-key or --peerlist the overlay is closed, else open.")
    .action(
      primitive<Creation>((options) =>
        createHompClient(clientSettings(options as never, "HOMS")).HybridOverlayCreation({
          body: {
            overlay_info: defined({
              title: options.title,
              type: options.type,
              "sub-type": options.subType,
              "owner-id": options.owner,
              description: options.description,
              expires: options.expires,
              "heartbeat-interval": options.heartbeatInterval,
              "heartbeat-timeout": options.heartbeatTimeout,
              auth: defined({
                type: options.accessKey || options.peerlist ? ("closed" as const) : ("open" as const),
                admin_key: options.adminKey,
                access_key: options.accessKey,
                peerlist: options.peerlist,
              }),
              "cr-policy": options.cache && {
                mN_Cache: options.cache.messages,
                mD_Cache: options.cache.seconds,
                "recovery-by": options.cache.by,
              },
            }),
          },
        }),
      ),
    );
}

function cache(text: string): NonNullable<Creation["cache"]> {
  const match = /^(\d+),(\d+),(push|pull)$/.exec(text);
  if (match === null) throw new UsageError("--cache wants messages,seconds,push|pull, such as 100,60,pull");
  return { messages: Number(match[1]), seconds: Number(match[2]), by: match[3] as "push" | "pull" };
}

function addQuery(overlay: Command): void {
  addClientOptions(overlay.command("query"), "HOMS")
    .description("HybridOverlayQuery [Q.4103 6.2.2]: all overlay networks, or those that match")
    .option("--overlay-id <id>", "just this one")
    .option("--title <keyword>", "those with the keyword in their title")
    .option("--description <keyword>", "those with the keyword in their description")
    .action(
      primitive<{ overlayId?: string; title?: string; description?: string }>((options) =>
        createHompClient(clientSettings(options as never, "HOMS")).HybridOverlayQuery({
          query: defined({ "overlay-id": options.overlayId, title: options.title, description: options.description }),
        }),
      ),
    );
}

function addModification(overlay: Command): void {
  addClientOptions(overlay.command("modify"), "HOMS")
    .description("HybridOverlayModification [Q.4103 6.2.3]: new title, description, lifetime or access; the rest stays")
    .addOption(overlayId())
    .addOption(owner())
    .addOption(adminKey())
    .option("--title <text>", "new title")
    .option("--description <text>", "new description")
    .addOption(expires())
    .addOption(new Option("--access <type>", "who may join from now on").choices(["open", "closed"]))
    .addOption(accessKey())
    .addOption(peerlist())
    .action(
      primitive<Modification>((options) =>
        createHompClient(clientSettings(options as never, "HOMS")).HybridOverlayModification({
          body: {
            overlay: defined({
              "overlay-id": options.overlayId,
              "owner-id": options.owner,
              title: options.title,
              description: options.description,
              expires: options.expires,
              auth: defined({
                type: options.access,
                admin_key: options.adminKey,
                access_key: options.accessKey,
                peerlist: options.peerlist,
              }),
            }),
          },
        }),
      ),
    );
}

function addRemoval(overlay: Command): void {
  addClientOptions(overlay.command("remove"), "HOMS")
    .description("HybridOverlayRemoval [Q.4103 6.2.4]: the HOMS forgets the overlay; peers are not told")
    .addOption(overlayId())
    .addOption(owner())
    .addOption(adminKey())
    .action(
      primitive<Identified>((options) =>
        createHompClient(clientSettings(options as never, "HOMS")).HybridOverlayRemoval({
          body: {
            overlay: {
              "overlay-id": options.overlayId,
              "owner-id": options.owner,
              auth: { admin_key: options.adminKey },
            },
          },
        }),
      ),
    );
}

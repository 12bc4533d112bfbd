import { type Command, Option } from "commander";
import { createHompClient } from "../../../generated/homp/index.js";
import { addClientOptions, clientSettings, primitive } from "../client-options.js";
import { defined, integer, list } from "../values.js";

interface Member {
  overlayId: string;
  peerId: string;
  password: string;
  accessKey?: string;
}

interface Reachable extends Member {
  address: string;
  expires?: number;
}

interface Join extends Reachable {
  type: "core" | "sub";
  subType: "tree" | "mesh";
  recovery?: true;
  ticketId?: string;
}

interface Report extends Member {
  primary: string[];
  outgoing: string[];
  incoming: string[];
}

/** Adds what a peer says about itself to `mp2p overlay`: join, report, refresh, leave. */
export function addOverlayPeerCommands(overlay: Command): void {
  addJoin(overlay);
  addReport(overlay);
  addRefresh(overlay);
  addLeave(overlay);
}

/** The options by which a peer names and proves itself. */
function addMemberOptions(command: Command): Command {
  return addClientOptions(command, "HOMS")
    .requiredOption("--overlay-id <id>", "the overlay network")
    .requiredOption("--peer-id <id>", "the peer")
    .addOption(
      new Option(
        "--password <text>",
        "the peer's password, letters and digits; the environment hides it from other users",
      )
        .env("MP2P_PASSWORD")
        .makeOptionMandatory(),
    )
    .addOption(new Option("--access-key <phrase>", "where the overlay is closed").env("MP2P_ACCESS_KEY"));
}

const address = () =>
  new Option("--address <uri>", "where other peers reach it, such as tcp://192.0.2.1:9000").makeOptionMandatory();
const expires = () => new Option("--expires <seconds>", "wanted lifetime of the membership").argParser(integer(1));

const client = (options: object) => createHompClient(clientSettings(options as never, "HOMS"));

function accessAuth({ accessKey }: Member) {
  return accessKey === undefined ? undefined : { type: "closed" as const, access_key: accessKey };
}

function addJoin(overlay: Command): void {
  addMemberOptions(overlay.command("join"))
    .description("HybridOverlayJoin [Q.4103 6.2.5]: becomes a member; prints the entry peers and the ticket-id")
    .addOption(address())
    .addOption(new Option("--type <type>", "as the overlay has it").choices(["core", "sub"]).default("core"))
    .addOption(new Option("--sub-type <shape>", "as the overlay has it").choices(["tree", "mesh"]).default("tree"))
    .addOption(expires())
    .option("--recovery", "a member already, that has lost its place in the tree")
    .option("--ticket-id <id>", "the ticket of the first join; needed with --recovery")
    .action(
      primitive<Join>((options) =>
        client(options).HybridOverlayJoin({
          body: {
            overlay: defined({
              "overlay-id": options.overlayId,
              type: options.type,
              "sub-type": options.subType,
              expires: options.expires,
              auth: accessAuth(options),
              recovery: options.recovery,
              "ticket-id": options.ticketId,
            }),
            peer: { "peer-id": options.peerId, address: options.address, auth: { password: options.password } },
          },
        }),
      ),
    );
}

function addReport(overlay: Command): void {
  const peers = (flag: string, what: string) => new Option(`--${flag} <ids>`, what).argParser(list).default([], "none");
  addMemberOptions(overlay.command("report"))
    .description("HybridOverlayReport [Q.4103 6.2.6]: the paths that the peer has now")
    .addOption(peers("primary", "peers at the other end of its primary paths, comma-separated"))
    .addOption(peers("outgoing", "candidate paths that it began"))
    .addOption(peers("incoming", "candidate paths that others began"))
    .action(
      primitive<Report>((options) =>
        client(options).HybridOverlayReport({
          body: {
            overlay: { "overlay-id": options.overlayId },
            peer: { "peer-id": options.peerId, auth: { password: options.password } },
            status: {
              num_primary: options.primary.length,
              num_out_candidate: options.outgoing.length,
              num_in_candidate: options.incoming.length,
              costmap: {
                primary: options.primary,
                outgoing_candidate: options.outgoing,
                incoming_candidate: options.incoming,
              },
            },
          },
        }),
      ),
    );
}

function addRefresh(overlay: Command): void {
  addMemberOptions(overlay.command("refresh"))
    .description("HybridOverlayRefresh [Q.4103 6.2.7]: stays a member; prints the new lifetime")
    .addOption(address())
    .addOption(expires())
    .action(
      primitive<Reachable>((options) =>
        client(options).HybridOverlayRefresh({
          body: {
            overlay: defined({
              "overlay-id": options.overlayId,
              expires: options.expires,
              auth: accessAuth(options),
            }),
            peer: { "peer-id": options.peerId, address: options.address, auth: { password: options.password } },
          },
        }),
      ),
    );
}

function addLeave(overlay: Command): void {
  addMemberOptions(overlay.command("leave"))
    .description("HybridOverlayLeave [Q.4103 6.2.8]: is no longer a member, at once")
    .action(
      primitive<Member>((options) =>
        client(options).HybridOverlayLeave({
          body: {
            overlay: defined({ "overlay-id": options.overlayId, auth: accessAuth(options) }),
            peer: { "peer-id": options.peerId, auth: { password: options.password } },
          },
        }),
      ),
    );
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { createOmsClient, type PeerListRequest } from "../../../generated/oms/index.js";
import { addClientOptions, clientSettings, primitive } from "../client-options.js";
import { defined, integer, list } from "../values.js";

interface Overlay {
  overlay: string;
}

interface Peer extends Overlay {
  peer: string;
}

interface Resources {
  wanted?: number;
  max?: number;
  priority?: number;
}

const overlay = () => new Option("--overlay <id>", "the overlay network (NID)").makeOptionMandatory();
const peer = () => new Option("--peer <id>", "the peer (PID)").makeOptionMandatory();
const most = () => new Option("--max <n>", "at most this many peers").argParser(integer(0, 1000));
const addresses = () =>
  new Option("--address <address>", "where other peers reach it, once for each")
    .argParser<string[]>((text, before) => [...before, text])
    .default([], "none");
const client = (options: object) => createOmsClient(clientSettings(options as never, "OMS"));

/** `mp2p oms …`: overlay networks and memberships (X.609.10 8.5) as a thin client. */
export function addOmsCommand(program: Command): void {
  const oms = program
    .command("oms")
    .description("overlay management server client (X.609.10 8.5): create overlays, join, list, leave, resources");
  addOverlays(oms);
  addMemberships(oms);
  addResources(oms);
}

function addOverlays(oms: Command): void {
  addClientOptions(oms.command("create"), "OMS")
    .description(
      "OMS_OVERLAY_CREATE [8.5 a]: prints the owner's token, which is given once; --bearer is a creator's token, where the OMS wants one",
    )
    .requiredOption("--source <id>", "identifier of the source peer")
    .requiredOption("--key <base64url>", "its Ed25519 public key")
    .addOption(addresses())
    .option("--title <text>", "title of the session")
    .addOption(new Option("--content-type <type>", "FILE or STREAM").choices(["FILE", "STREAM"]).default("FILE"))
    .addOption(new Option("--fragment-size <octets>", "size of a full fragment").argParser(integer(1)).default(16_384))
    .addOption(
      new Option("--expiration <seconds>", "removed when it is not refreshed for so long").argParser(integer(1)),
    )
    .addOption(new Option("--peers <ids>", "closed: who may join, comma-separated").argParser(list))
    .option("--password <text>", "closed: what lets others join")
    .option(
      "--ums-session <id>",
      "closed to users without access rights: the session as the UMS knows it, by channel id, overlay network or title",
    )
    .action(
      primitive<Creation>((options) => {
        const closed = defined({ peer_id: options.peers, password: options.password });
        return client(options).OMS_OVERLAY_CREATE({
          body: {
            overlay_creation: {
              content_type: options.contentType,
              fragment_size: options.fragmentSize,
              source_peer: { peer_id: options.source, public_key: options.key, addresses: options.address },
              ...defined({
                title: options.title,
                refresh_expiration: options.expiration,
                ums_session: options.umsSession,
                closed: Object.keys(closed).length > 0 ? closed : undefined,
              }),
            },
          },
        });
      }),
    );
  addClientOptions(oms.command("show"), "OMS")
    .description("OMS_OVERLAY_QUERY: what anybody may know")
    .addOption(overlay())
    .action(primitive<Overlay>((options) => client(options).OMS_OVERLAY_QUERY({ params: { NID: options.overlay } })));
  addClientOptions(oms.command("refresh"), "OMS")
    .description("OMS_OVERLAY_REFRESH [8.5 d]; --bearer is the owner's token")
    .addOption(overlay())
    .action(primitive<Overlay>((options) => client(options).OMS_OVERLAY_REFRESH({ params: { NID: options.overlay } })));
  addClientOptions(oms.command("remove"), "OMS")
    .description("OMS_OVERLAY_REMOVE [7.1.3]; --bearer is the owner's token")
    .addOption(overlay())
    .action(primitive<Overlay>((options) => client(options).OMS_OVERLAY_REMOVE({ params: { NID: options.overlay } })));
}

interface Creation {
  source: string;
  key: string;
  address: string[];
  title?: string;
  contentType: "FILE" | "STREAM";
  fragmentSize: number;
  expiration?: number;
  peers?: string[];
  password?: string;
  umsSession?: string;
}

function addMemberships(oms: Command): void {
  addClientOptions(oms.command("join"), "OMS")
    .description("OMS_JOIN [8.5]: prints the peer's token, which is given once, and peers")
    .addOption(overlay())
    .addOption(peer())
    .addOption(addresses())
    .option("--key <base64url>", "its Ed25519 public key; without one it gets no session key")
    .option("--password <text>", "for a closed session")
    .option("--user <id>", "where access rights are checked")
    .option("--credential <text>", "what proves the user")
    .addOption(most())
    .action(
      primitive<
        Peer & { address: string[]; key?: string; password?: string; user?: string; credential?: string; max?: number }
      >((options) =>
        client(options).OMS_JOIN({
          params: { NID: options.overlay },
          body: {
            join: {
              peer_id: options.peer,
              addresses: options.address,
              ...defined({
                public_key: options.key,
                password: options.password,
                user_id: options.user,
                user_credential: options.credential,
                max_peer_num: options.max,
              }),
            },
          },
        }),
      ),
    );
  addClientOptions(oms.command("stay"), "OMS")
    .description("OMS_MEMBERSHIP_REFRESH; --bearer is the peer's token")
    .addOption(overlay())
    .addOption(peer())
    .action(
      primitive<Peer>((options) =>
        client(options).OMS_MEMBERSHIP_REFRESH({ params: paramsOf(options), body: { membership: {} } }),
      ),
    );
  addClientOptions(oms.command("list"), "OMS")
    .description("OMS_PEER_LIST [8.5, X.609.1 8.2]: peers to connect to; --bearer is the peer's token")
    .addOption(overlay())
    .addOption(peer())
    .addOption(most())
    .addOption(new Option("--ordering <criterion>", "best first").choices(["UPLOADED", "DOWNLOADED", "LEFT"]))
    .addOption(
      new Option("--status <event>", "last reported overlay_event").choices(["COMPLETED", "STARTED", "STOPPED"]),
    )
    .addOption(
      new Option("--fragments <ids>", "holding these, comma-separated").argParser((text) => list(text).map(integer(0))),
    )
    .addOption(new Option("--range <first-last>", "holding this run of fragments").argParser(range))
    .action(
      primitive<Peer & Narrowing>((options) => {
        const { max: max_peer_num, ordering, status: overlay_status, fragments, range: fragment_range } = options;
        const fragment_list = fragments && { fragment: fragments };
        const request = { max_peer_num, ordering, overlay_status, fragment_list, fragment_range };
        const body = { peer_list_request: defined(request) as PeerListRequest };
        return client(options).OMS_PEER_LIST({ params: paramsOf(options), body });
      }),
    );
  addClientOptions(oms.command("leave"), "OMS")
    .description("OMS_LEAVE; --bearer is the peer's token")
    .addOption(overlay())
    .addOption(peer())
    .action(primitive<Peer>((options) => client(options).OMS_LEAVE({ params: paramsOf(options) })));
}

interface Narrowing {
  max?: number;
  ordering?: "UPLOADED" | "DOWNLOADED" | "LEFT";
  status?: "COMPLETED" | "STARTED" | "STOPPED";
  fragments?: number[];
  range?: { start_fragment_id: number; end_fragment_id: number };
}

const paramsOf = ({ overlay: NID, peer: PID }: Peer) => ({ NID, PID });

function range(text: string): NonNullable<Narrowing["range"]> {
  const match = /^(\d+)-(\d+)$/.exec(text);
  if (match === null) throw new InvalidArgumentError("first-last is wanted, such as 0-99");
  return { start_fragment_id: Number(match[1]), end_fragment_id: Number(match[2]) };
}

function addResources(oms: Command): void {
  addClientOptions(oms.command("resources"), "OMS")
    .description(
      "OMS_RESOURCES [8.8 a, c]: cache servers of an overlay network, changed where something is wanted; --bearer is the owner's or operator's token",
    )
    .addOption(overlay())
    .addOption(new Option("--wanted <n>", "cache servers to have in any case").argParser(integer(0, 100)))
    .addOption(new Option("--max <n>", "cache servers to have at most, as load asks").argParser(integer(0, 100)))
    .addOption(new Option("--priority <n>", "their weight").argParser(integer(1, 100)))
    .action(
      primitive<Overlay & Resources>((options) => {
        const params = { NID: options.overlay };
        const cs_resources = defined({ wanted: options.wanted, max: options.max, priority: options.priority });
        return Object.keys(cs_resources).length === 0
          ? client(options).OMS_RESOURCES_QUERY({ params })
          : client(options).OMS_RESOURCES({ params, body: { cs_resources } });
      }),
    );
  addClientOptions(oms.command("add-cache-server"), "OMS")
    .description("OMS_CACHE_SERVER_REGISTER; --bearer is the operator's token")
    .requiredOption("--id <id>", "its name")
    .requiredOption("--url <url>", "where it takes commands")
    .addOption(new Option("--capacity <n>", "allocations at a time").argParser(integer(1, 100_000)).default(100))
    .option("--access-token <token>", "shown to it instead of the OMS's own")
    .action(
      primitive<{ id: string; url: string; capacity: number; accessToken?: string }>((options) => {
        const { id: cs_id, url, capacity, accessToken: access_token } = options;
        const cache_server = { cs_id, url, capacity, ...defined({ access_token }) };
        return client(options).OMS_CACHE_SERVER_REGISTER({ body: { cache_server } });
      }),
    );
  addClientOptions(oms.command("remove-cache-server"), "OMS")
    .description("OMS_CACHE_SERVER_REMOVE; --bearer is the operator's token")
    .requiredOption("--id <id>", "its name")
    .action(
      primitive<{ id: string }>((options) => client(options).OMS_CACHE_SERVER_REMOVE({ params: { CSID: options.id } })),
    );
}

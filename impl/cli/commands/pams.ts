import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { createPampClient, type PeerStatus } from "../../../generated/pamp/index.js";
import { peerTokenHeader } from "../../pamp-client/exchange.js";
import { addClientOptions, clientSettings, primitive } from "../client-options.js";
import { type ClientResult, print, printResult, UsageError, wantsJson } from "../output.js";
import { defined, integer, list } from "../values.js";

interface Overlay {
  overlay: string;
}

interface Peer extends Overlay {
  peer: string;
}

interface Registering extends Peer {
  type: string;
  delegationId?: string;
}

interface Query extends Overlay {
  status?: "COMPLETED" | "STARTED" | "STOPPED";
  max?: number;
  ordering?: "UPLOADED" | "DOWNLOADED" | "LEFT";
  peers?: string[];
  serviceClass?: number;
  requestingPeer?: string;
  fragments?: number[];
  range?: { start_fragment_id: number; end_fragment_id: number };
}

const overlay = () => new Option("--overlay <id>", "the overlay network (NID)").makeOptionMandatory();
const peer = () => new Option("--peer <id>", "the peer (PID)").makeOptionMandatory();
/** What a refusal of a query means, which the Recommendation has no words for: 409 is printed, 404 is what other operations say (E-PAMP-06). */
function query<O extends object>(
  perform: (options: O) => Promise<ClientResult>,
  unknown: string,
): (options: O, command: Command) => Promise<void> {
  return async (options, command) => {
    const result = await perform(options);
    const json = wantsJson(command);
    printResult(result, json);
    const missing = result.status === 409 || result.status === 404;
    if (!json && missing && result.body === undefined) process.stderr.write(`  the PAMS knows ${unknown}\n`);
  };
}

const client = (options: object) => createPampClient(clientSettings(options as never, "PAMS"));

/** `mp2p pams …`: the seven messages of PAMP (X.609.1) as a thin client. */
export function addPamsCommand(program: Command): void {
  const pams = program.command("pams").description("PAMP client (X.609.1): register overlays and peers, report, query");
  addRegistrations(pams);
  addReport(pams);
  addQueries(pams);
}

function addRegistrations(pams: Command): void {
  addClientOptions(pams.command("register-overlay"), "PAMS")
    .description("PAMP_OVERLAY_NW_REG [X.609.1 9.2.1]")
    .addOption(overlay())
    .option("--content-type <type>", "FILE, STREAM or a word of your own", "FILE")
    .action(
      primitive<Overlay & { contentType: string }>((options) =>
        client(options).PAMP_OVERLAY_NW_REG({
          body: {
            overlay_network_information: {
              overlay_network_id: options.overlay,
              content_type: options.contentType,
            },
          },
        }),
      ),
    );
  addClientOptions(pams.command("deregister-overlay"), "PAMS")
    .description("PAMP_OVERLAY_NW_DEREG [X.609.1 9.2.2]: forgets the overlay and its peers")
    .addOption(overlay())
    .action(
      primitive<Overlay>((options) => client(options).PAMP_OVERLAY_NW_DEREG({ params: { NID: options.overlay } })),
    );
  addClientOptions(pams.command("register-peer"), "PAMS")
    .description(
      "PAMP_PEER_REG [X.609.1 9.2.3]: prints where and how often to report, and the token (--bearer) where the PAMS gives one",
    )
    .addOption(overlay())
    .addOption(peer())
    .option("--type <type>", "PEER, CS, RS or a word of your own", "PEER")
    .option("--delegation-id <id>", "the peer that a cache server stands in for")
    .action(registerPeer);
  addClientOptions(pams.command("deregister-peer"), "PAMS")
    .description("PAMP_PEER_DEREG [X.609.1 9.2.4]")
    .addOption(overlay())
    .addOption(peer())
    .action(
      primitive<Peer>((options) =>
        client(options).PAMP_PEER_DEREG({ params: { NID: options.overlay, PID: options.peer } }),
      ),
    );
}

async function registerPeer(options: Registering, command: Command): Promise<void> {
  const information = { peer_id: options.peer, type: options.type, delegation_id: options.delegationId };
  const result = await client(options).PAMP_PEER_REG({
    params: { NID: options.overlay },
    body: { peer_information: defined(information) },
  });
  const json = wantsJson(command);
  printResult(result, json);
  const token = result.headers[peerTokenHeader];
  if (token !== undefined) print({ peer_token: token }, json);
}

function addReport(pams: Command): void {
  addClientOptions(pams.command("report"), "PAMS")
    .description("PAMP_PEER_STATUS_REPORT [X.609.1 9.2.5]: a peer_status object from a file or standard input")
    .addOption(overlay())
    .addOption(peer())
    .requiredOption("--file <path>", "JSON with dynamic_status, static_status or both; - for standard input")
    .addHelpText(
      "after",
      `\nExample:\n  echo '{"dynamic_status":{"overlay_event":"STARTED","uploaded":"10"}}' | mp2p pams report --overlay o --peer p --file -`,
    )
    .action(
      primitive<Peer & { file: string }>((options) =>
        client(options).PAMP_PEER_STATUS_REPORT({
          params: { NID: options.overlay, PID: options.peer },
          body: { peer_status: readStatus(options.file) },
        }),
      ),
    );
}

/** The client checks the object against the spec before it sends anything; here it only has to be JSON. */
function readStatus(file: string): PeerStatus {
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  try {
    const value = JSON.parse(text) as { peer_status?: PeerStatus } & PeerStatus;
    return value.peer_status ?? value;
  } catch (error) {
    throw new UsageError(`--file ${file} holds no JSON: ${(error as Error).message}`);
  }
}

function addQueries(pams: Command): void {
  addClientOptions(pams.command("list"), "PAMS")
    .description("PAMP_PEER_LIST_QUERY [X.609.1 9.2.6]: the peers of an overlay that meet all conditions")
    .addOption(overlay())
    .addOption(
      new Option("--status <event>", "last reported overlay_event").choices(["COMPLETED", "STARTED", "STOPPED"]),
    )
    .addOption(new Option("--max <n>", "at most this many").argParser(integer(0)))
    .addOption(new Option("--ordering <criterion>", "best first").choices(["UPLOADED", "DOWNLOADED", "LEFT"]))
    .addOption(new Option("--peers <ids>", "only among these, comma-separated").argParser(list))
    .addOption(new Option("--service-class <n>", "class of the user who asks").argParser(integer(0)))
    .option(
      "--requesting-peer <id>",
      "the peer for which it is asked: not in the list, and helped if it is served badly",
    )
    .addOption(
      new Option("--fragments <ids>", "holding these, comma-separated").argParser((text) => list(text).map(integer(0))),
    )
    .addOption(new Option("--range <first-last>", "holding this run of fragments").argParser(range))
    .action(
      query<Query>(
        (options) =>
          client(options).PAMP_PEER_LIST_QUERY({
            params: { NID: options.overlay },
            body: {
              peer_query_condition: defined({
                overlay_status: options.status,
                max_peer_num: options.max,
                ordering: options.ordering,
                peer_id: options.peers,
                service_class: options.serviceClass,
                requesting_peer: options.requestingPeer,
                fragment_list: options.fragments && { fragment: options.fragments },
                fragment_range: options.range,
              }),
            },
          }),
        "no such overlay network",
      ),
    );
  addClientOptions(pams.command("info"), "PAMS")
    .description("PAMP_PEER_INFO_QUERY [X.609.1 9.2.7]: what a peer last reported")
    .addOption(overlay())
    .addOption(peer())
    .action(
      query<Peer>(
        (options) => client(options).PAMP_PEER_INFO_QUERY({ params: { NID: options.overlay, PID: options.peer } }),
        "no such overlay network, or no such peer in it",
      ),
    );
}

function range(text: string): NonNullable<Query["range"]> {
  const match = /^(\d+)-(\d+)$/.exec(text);
  if (match === null) throw new UsageError("--range wants first-last, such as 0-99");
  return { start_fragment_id: Number(match[1]), end_fragment_id: Number(match[2]) };
}

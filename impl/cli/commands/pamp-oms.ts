import { type Command, Option } from "commander";
import { createPampOms, type PampOms, type PeerQueryCondition } from "../../pamp-client/index.js";
import { addClientOptions, clientSettings } from "../client-options.js";
import { type ControlHandler, serveControlLines } from "../control-lines.js";
import { print, UsageError, wantsJson } from "../output.js";
import { runUntilSignal } from "../until-signal.js";
import { defined, list } from "../values.js";

interface PampOmsCliOptions {
  pams: string;
  overlay?: string;
  contentType: string;
  do: string[];
  wishes: Details;
  control?: true;
}

type Details = Readonly<Record<string, unknown>>;

/** `mp2p pamp-oms` */
export function addPampOmsCommand(program: Command): void {
  const command = program
    .command("pamp-oms")
    .description("an OMS towards its PAMS (X.609.1): registers an overlay network, queries its peers, deregisters it");
  addClientOptions(command, "PAMS")
    .addOption(new Option("--overlay <id>", "the overlay network").env("MP2P_OVERLAY_ID"))
    .addOption(
      new Option("--content-type <type>", "FILE, STREAM or a word of your own")
        .env("MP2P_CONTENT_TYPE")
        .default("FILE"),
    )
    .addOption(
      new Option(
        "--do <actions>",
        "in this order: create-overlay, create-another, query-list, query-peer, close-overlay",
      )
        .env("MP2P_ACTIONS")
        .argParser(list)
        .default(["create-overlay"], "create-overlay"),
    )
    .addOption(
      new Option("--wishes <json>", 'details of those, by action: {"details":{"query-peer":{"peer-id":"p"}}}')
        .env("MP2P_WISHES")
        .argParser((text) => JSON.parse(text) as Details)
        .default({}, "none"),
    )
    .option(
      "--control",
      'be driven by JSON lines on standard input instead: the first one is {"id":1,"do":"start","url":…}',
    )
    .action(run);
}

async function run(options: PampOmsCliOptions, command: Command): Promise<void> {
  if (options.control) return await serve(options);
  const json = wantsJson(command);
  const { overlay } = options;
  if (overlay === undefined) throw new UsageError("--overlay is missing: the overlay network to register");
  const oms = open(options, options.pams);
  const act = actions(oms, { "overlay-id": overlay, "content-type": options.contentType });
  const details = (options.wishes.details ?? {}) as Readonly<Record<string, Details | undefined>>;
  const work = async (): Promise<void> => {
    for (const action of options.do) {
      const outcome = await Promise.resolve(act[action]?.(details[action] ?? {})).catch((error: Error) => error);
      print({ action, ...(outcome instanceof Error ? { error: outcome.message } : { result: outcome }) }, json);
    }
  };
  void work();
  await runUntilSignal({ entity: "pamp-oms", overlay, pams: options.pams }, json, [oms]);
}

function open(options: PampOmsCliOptions, pams: string): PampOms {
  const { timeoutMs, auth } = clientSettings({ ...options }, "PAMS");
  return createPampOms({ pams, timeoutMs, ...defined({ auth }) });
}

/** What an OMS can be asked to do; `usual` holds what a line may leave out. */
function actions(oms: PampOms, usual: Details): Readonly<Record<string, ControlHandler>> {
  const text = (details: Details, name: string): string => String(details[name] ?? usual[name] ?? "");
  const create: ControlHandler = async (details) => {
    const { pamsUrl } = await oms.createOverlay(text(details, "overlay-id"), text(details, "content-type"));
    return defined({ pams_url: pamsUrl });
  };
  return {
    "create-overlay": create,
    "create-another": create,
    "close-overlay": (details) => oms.closeOverlay(text(details, "overlay-id")),
    "join-peer": (details) => defined({ pams_url: oms.pamsOf(text(details, "overlay-id")) }),
    "query-list": async (details) => {
      const condition = (details.peer_query_condition ?? {}) as PeerQueryCondition;
      const { peers, fragment_list } = await oms.listPeers(text(details, "overlay-id"), condition);
      return defined({ peers, fragments: fragment_list?.fragment });
    },
    "query-peer": async (details) => ({
      peer_status: await oms.peerStatus(text(details, "overlay-id"), text(details, "peer-id")),
    }),
  };
}

async function serve(options: PampOmsCliOptions): Promise<void> {
  let act: Readonly<Record<string, ControlHandler>> | undefined;
  const names = ["create-overlay", "create-another", "close-overlay", "join-peer", "query-list", "query-peer"];
  process.once("SIGTERM", () => process.exit(0));
  await serveControlLines({
    start: (details) => {
      act = actions(open(options, String(details.url ?? options.pams)), {
        "content-type": options.contentType,
        ...details,
      });
    },
    ...Object.fromEntries(
      names.map((name) => [
        name,
        (details: Details) => {
          if (!act) throw new Error("start comes first");
          return act[name]?.(details);
        },
      ]),
    ),
  });
  process.exit(0);
}

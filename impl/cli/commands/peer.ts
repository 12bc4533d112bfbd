import { type Command, Option } from "commander";
import { createOmsClient } from "../../../generated/oms/index.js";
import { createPeer } from "../../peer/index.js";
import { print, printResult, UsageError } from "../output.js";
import { addControl } from "./peer-control.js";
import { addGet } from "./peer-get.js";
import { addWhichOptions, findOne, isJson, ixsOption, queryOf, type WhichOptions } from "./peer-options.js";
import { addReceive } from "./peer-receive.js";
import { addShare } from "./peer-share.js";

/** `mp2p peer …`: a peer or source peer of managed P2P. */
export function addPeerCommand(program: Command): void {
  const group = program
    .command("peer")
    .description("peer (X.609.10): shares a file, fetches one, receives a stream, with the swarm of its session")
    .addHelpText(
      "after",
      `
Examples:
  mp2p peer share film.mp4 --title film --oms http://127.0.0.1:8083 --ixs http://127.0.0.1:8082
  mp2p peer get --title film --ixs http://127.0.0.1:8082 --out films --down 500
  mp2p peer receive --title "Readings of a greenhouse" --ixs http://127.0.0.1:8082
  mp2p peer channels --ums http://127.0.0.1:8085 --credential secret
  mp2p peer status --title film --ixs http://127.0.0.1:8082
  mp2p conformance peer --adapter "mp2p peer control"`,
    );
  addShare(group);
  addGet(group);
  addReceive(group);
  addChannels(group);
  addStatus(group);
  addControl(group);
}

function addChannels(group: Command): void {
  group
    .command("channels")
    .description("lists what the user may receive, as the UMS tells it (R13)")
    .addOption(new Option("--ums <url>", "address of the UMS").env("MP2P_UMS").makeOptionMandatory())
    .addOption(new Option("--credential <text>", "of the user at the UMS").env("MP2P_CREDENTIAL").makeOptionMandatory())
    .action(async ({ ums, credential }: { ums: string; credential: string }, command: Command) => {
      const peer = await createPeer({ ums: { url: ums, credential }, listen: false });
      try {
        print(await peer.channels(), isJson(command));
      } finally {
        await peer.close();
      }
    });
}

function addStatus(group: Command): void {
  addWhichOptions(group.command("status"))
    .description("what IXS and OMS tell everybody of a session")
    .addOption(ixsOption())
    .action(async (options: WhichOptions & { ixs?: string }, command: Command) => {
      if (options.ixs === undefined) throw new UsageError("--ixs is missing: where sessions are found");
      const peer = await createPeer({ ixs: options.ixs, listen: false });
      try {
        const json = isJson(command);
        const indexFile = await findOne(peer, queryOf(options), json);
        const { overlay_network_id: NID, oms_url } = indexFile;
        print({ index_file: indexFile }, json);
        printResult(await createOmsClient({ baseUrl: oms_url }).OMS_OVERLAY_QUERY({ params: { NID } }), json);
      } finally {
        await peer.close();
      }
    });
}

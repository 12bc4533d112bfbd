import { type Command, Option } from "commander";
import { print, UsageError } from "../output.js";
import { seconds } from "../values.js";
import { addPathOptions, addPeerOptions, type Options } from "./hybrid-peer-options.js";
import { addJoinOptions, addWaitOption, aside, begin, joinNetwork, orClose } from "./hybrid-peer-session.js";
import { drawTree, sizeOf, treeOf } from "./hybrid-peer-tree.js";

interface ScanOptions extends Options {
  wait: number;
  answers: number;
}

export function addScan(group: Command): void {
  const command = addPathOptions(addPeerOptions(group.command("scan")));
  addWaitOption(addJoinOptions(command), 10)
    .description("joins, asks the tree for its shape by SCAN_TREE, draws it, and leaves")
    .addOption(new Option("--answers <seconds>", "how long to wait for answers").argParser(seconds).default(5))
    .addHelpText(
      "after",
      `
Example:
  mp2p hybrid-peer scan --title demo
  alice  (ticket 1, tcp://127.0.0.1:40001)
  ├── bob  (ticket 2, tcp://127.0.0.1:40002)
  │   └── scanner  (ticket 4, tcp://127.0.0.1:40004)  ← this peer
  └── carol  (ticket 3, tcp://127.0.0.1:40003)
  4 peers, depth 2`,
    )
    .action(async (options: ScanOptions, command: Command) => {
      const session = await begin(options, command, true, aside(false, true));
      if (session === undefined) return;
      const { peer, json } = session;
      const tree = await orClose(peer, async () => {
        const { membership, network } = await joinNetwork(session, options);
        if (membership.overlay.subType === "mesh") throw new UsageError("a mesh has no tree to scan");
        await network.connected({ timeoutMs: options.wait * 1000 });
        const leaves = await network.scan({ timeoutMs: options.answers * 1000 });
        const ticketId = Number(membership.ticketId ?? 0);
        return treeOf({ peerId: peer.peerId, address: peer.address, ticketId }, leaves);
      });
      await peer.close();
      const { peers, depth } = sizeOf(tree);
      if (json) print({ event: "scanned", peers, depth, tree }, true);
      else print(`${drawTree(tree)}\n${peers} ${peers === 1 ? "peer" : "peers"}, depth ${depth}`, false);
    });
}

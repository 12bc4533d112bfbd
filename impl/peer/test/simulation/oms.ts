import type { Dice } from "../../../hybrid-peer/test/simulation/random.js";
import type { PeerContact } from "../../core/ports.js";
import type { Node } from "./node.js";

const listed = 24;

/** The OMS: the source peer, and others at random. */
export function listOf(nodes: ReadonlyMap<string, Node>, asker: string, dice: Dice): readonly PeerContact[] {
  const others = [...nodes.values()].filter(
    ({ peerId, isAlive, role }) => peerId !== asker && isAlive && role !== "source-peer",
  );
  for (let place = others.length - 1; place > 0; place--) {
    const other = dice.whole(0, place);
    [others[place], others[other]] = [others[other] as Node, others[place] as Node];
  }
  const contacts = others.slice(0, listed).map(({ peerId }) => ({ peerId, addresses: [peerId] }));
  return asker === "source" ? contacts : [{ peerId: "source", addresses: ["source"] }, ...contacts];
}

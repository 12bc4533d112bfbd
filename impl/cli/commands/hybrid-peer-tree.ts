import type { TicketedPeer } from "../../hybrid-peer/index.js";
import { printable } from "../printable.js";

/** A tree that a scan found, from its root down. */
export interface ScannedTree {
  readonly "peer-id": string;
  readonly "ticket-id": number;
  readonly address: string;
  /** The peer that asked. */
  readonly self?: true;
  readonly children: readonly ScannedTree[];
}

/**
 * The tree, from the ways that lead from a peer to each leaf. Its root is the peer with the lowest ticket, for parents are older than
 * their children; whoever asked may stand anywhere in it.
 */
export function treeOf(self: TicketedPeer, leaves: readonly (readonly TicketedPeer[])[]): ScannedTree {
  const peers = new Map<string, TicketedPeer>([[self.peerId, self]]);
  const neighbours = new Map<string, Set<string>>();
  const link = (one: string, other: string): void => {
    neighbours.set(one, (neighbours.get(one) ?? new Set()).add(other));
  };
  for (const leaf of leaves) {
    let before = self;
    for (const peer of leaf) {
      if (!peers.has(peer.peerId)) peers.set(peer.peerId, peer);
      link(before.peerId, peer.peerId);
      link(peer.peerId, before.peerId);
      before = peer;
    }
  }
  const root = [...peers.values()].reduce((oldest, peer) => (peer.ticketId < oldest.ticketId ? peer : oldest));
  const seen = new Set<string>();
  const grow = ({ peerId, ticketId, address }: TicketedPeer): ScannedTree => {
    seen.add(peerId);
    const next = [...(neighbours.get(peerId) ?? [])]
      .filter((id) => !seen.has(id))
      .flatMap((id) => peers.get(id) ?? [])
      .sort((a, b) => a.ticketId - b.ticketId);
    return {
      "peer-id": peerId,
      "ticket-id": ticketId,
      address,
      ...(peerId === self.peerId && { self: true }),
      // A peer that moved while the tree was asked may have been found in two places: it stands in the first.
      children: next.flatMap((peer) => (seen.has(peer.peerId) ? [] : [grow(peer)])),
    };
  };
  return grow(root);
}

/** Drawn with box characters, one peer a line. */
export function drawTree(tree: ScannedTree): string {
  const lines: string[] = [];
  const draw = (node: ScannedTree, first: string, rest: string): void => {
    const self = node.self === true ? "  ← this peer" : "";
    lines.push(
      `${first}${printable(node["peer-id"])}  (ticket ${node["ticket-id"]}, ${printable(String(node.address))})${self}`,
    );
    node.children.forEach((child, index) => {
      const last = index === node.children.length - 1;
      draw(child, `${rest}${last ? "└── " : "├── "}`, `${rest}${last ? "    " : "│   "}`);
    });
  };
  draw(tree, "", "");
  return lines.join("\n");
}

/** Peers in the tree, and steps from its root to the farthest of them. */
export function sizeOf(tree: ScannedTree): { peers: number; depth: number } {
  const below = tree.children.map(sizeOf);
  return {
    peers: 1 + below.reduce((sum, { peers }) => sum + peers, 0),
    depth: below.length === 0 ? 0 : 1 + Math.max(...below.map(({ depth }) => depth)),
  };
}

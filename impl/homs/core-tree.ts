import type { Overlay, Peer } from "./overlay.js";

/** Where the reports put a member. */
export interface TreePlace {
  peer: Peer;
  parent: Peer | undefined;
  /** Primary paths between here and the root of its part. */
  depth: number;
  /** The root of the part of the tree it is in. */
  root: Peer;
  /** Both ends of the path to the parent report it. */
  confirmed: boolean;
}

export interface TreeDerivation {
  /** Every member once: part by part, each from its root downwards. */
  places: TreePlace[];
  /** Primary paths that no tree can have, because both ends are connected already. */
  loops: [Peer, Peer][];
}

/**
 * The tree of primary paths that the aggregated reports amount to [7.2.2].
 *
 * Reports are undirected: a peer lists its parent and its children alike, and they arrive at different times. So a path counts
 * when both ends report it, or when the end that reported last does, or when the other end never reported. Tickets give the
 * direction: a peer never hangs below a younger one, so each part's root is its lowest ticket.
 */
export function deriveTree(overlay: Overlay): TreeDerivation {
  const paths = new Map<Peer, Map<Peer, boolean>>();
  const join = (a: Peer, b: Peer, confirmed: boolean): void => {
    const ends = paths.get(a) ?? new Map<Peer, boolean>();
    paths.set(a, ends.set(b, confirmed));
  };
  for (const peer of overlay.members) {
    const { report, peerId } = peer.record;
    if (report === null) continue;
    for (const otherId of report.primary) {
      const other = overlay.members.get(otherId);
      if (other === undefined || other === peer) continue;
      const theirs = other.record.report;
      const confirmed = other.reportsPath(peerId);
      if (!confirmed && theirs !== null && theirs.at > report.at) continue;
      join(peer, other, confirmed);
      join(other, peer, confirmed);
    }
  }

  const places: TreePlace[] = [];
  const found = new Map<Peer, TreePlace>();
  const loops: [Peer, Peer][] = [];
  for (const root of overlay.members) {
    if (found.has(root)) continue;
    const start: TreePlace = { peer: root, parent: undefined, depth: 0, root, confirmed: false };
    found.set(root, start);
    const first = places.push(start) - 1;
    for (let i = first; i < places.length; i++) {
      const here = places[i] as TreePlace;
      const neighbours = [...(paths.get(here.peer) ?? [])].sort(([a], [b]) => a.record.ticket - b.record.ticket);
      for (const [peer, confirmed] of neighbours) {
        if (peer === here.parent) continue;
        if (!found.has(peer)) {
          const place: TreePlace = { peer, parent: here.peer, depth: here.depth + 1, root, confirmed };
          found.set(peer, place);
          places.push(place);
        } else if (here.peer.record.ticket < peer.record.ticket && found.get(peer)?.parent !== here.peer) {
          loops.push([here.peer, peer]);
        }
      }
    }
  }
  return { places, loops };
}

/** One member in the administrator's view of the tree. */
export interface CoreTreeNode {
  "peer-id": string;
  "ticket-id": string;
  parent: string | null;
  depth: number;
  /** Both ends report the path to the parent. */
  confirmed: boolean;
  /** Whether this member ever reported. */
  reported: boolean;
}

/** The tree as JSON. More than one root means that parts are not connected, or have not reported yet. */
export interface CoreTree {
  roots: string[];
  nodes: CoreTreeNode[];
  loops: [string, string][];
}

export function coreTree(overlay: Overlay): CoreTree {
  const { places, loops } = deriveTree(overlay);
  const id = (peer: Peer): string => peer.record.peerId;
  return {
    roots: places.filter(({ parent }) => parent === undefined).map(({ peer }) => id(peer)),
    nodes: places.map(({ peer, parent, depth, confirmed }) => ({
      "peer-id": id(peer),
      "ticket-id": String(peer.record.ticket),
      parent: parent === undefined ? null : id(parent),
      depth,
      confirmed,
      reported: peer.record.report !== null,
    })),
    loops: loops.map(([a, b]) => [id(a), id(b)]),
  };
}

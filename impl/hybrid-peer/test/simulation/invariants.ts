import type { PathState } from "../../core/ports.js";
import type { CoreSettings } from "../../core/settings.js";
import type { SimulatedPeer } from "./peer.js";

/** What must hold of one peer's paths at any time. @returns what does not */
export function pathFault(peer: SimulatedPeer, settings: CoreSettings, subType: "tree" | "mesh"): string | undefined {
  const paths = peer.core.paths();
  const own = peer.ticketId;
  const of = (kind: PathState["kind"]): readonly PathState[] => paths.filter((path) => path.kind === kind);
  const parents = of("parent");
  const children = of("child");
  if (subType === "mesh" && parents.length + children.length > 0) return `${peer.name} has a primary path in a mesh`;
  if (parents.length > 1) return `${peer.name} has ${parents.length} parents`;
  if (parents.length + children.length > settings.maxPrimary) {
    return `${peer.name} has ${parents.length + children.length} primary paths, ${settings.maxPrimary} are allowed`;
  }
  if (of("incoming-candidate").length > settings.maxIncomingCandidates) {
    return `${peer.name} has ${of("incoming-candidate").length} incoming candidates`;
  }
  if (paths.length > settings.maxLinks) return `${peer.name} has ${paths.length} paths`;
  if (paths.some(({ peerId }) => peerId === peer.name)) return `${peer.name} has a path to itself`;
  const doubled = paths.find(({ peerId }, index) => paths.findIndex((other) => other.peerId === peerId) !== index);
  if (doubled !== undefined) return `${peer.name} has two paths to ${doubled.peerId}`;
  if (own === undefined) return undefined;
  const [parent] = parents;
  if (parent?.ticketId !== undefined && parent.ticketId >= own) {
    return `${peer.name} (ticket ${own}) has ${parent.peerId} (ticket ${parent.ticketId}) as parent`;
  }
  const older = children.find(({ ticketId }) => ticketId !== undefined && ticketId <= own);
  if (older !== undefined) {
    return `${peer.name} (ticket ${own}) has ${older.peerId} (ticket ${older.ticketId}) as child`;
  }
  return undefined;
}

/** A loop of paths that both ends hold for parent and child: data would go round in it. */
export function loopFault(peers: readonly SimulatedPeer[]): string | undefined {
  const byName = new Map(peers.map((peer) => [peer.name, peer]));
  const above = new Map<SimulatedPeer, SimulatedPeer>();
  for (const peer of peers) {
    const parent = byName.get(peer.parent()?.peerId ?? "");
    if (parent?.core.paths().some(({ kind, peerId }) => kind === "child" && peerId === peer.name))
      above.set(peer, parent);
  }
  for (const peer of peers) {
    const seen = new Set([peer]);
    for (let next = above.get(peer); next !== undefined; next = above.get(next)) {
      if (seen.has(next)) return `loop: ${[...seen, next].map(({ name }) => name).join(" < ")}`;
      seen.add(next);
    }
  }
  return undefined;
}

/**
 * What keeps the peers from being one tree, in which both ends of each path agree.
 *
 * @param all candidate paths too: while they are sought, one end knows sooner than the other
 */
export function treeFault(peers: readonly SimulatedPeer[], all: boolean): string | undefined {
  const roots = peers.filter((peer) => peer.parent() === undefined);
  if (roots.length !== 1) return `${roots.length} peers have no parent: ${roots.map(({ name }) => name).join(", ")}`;
  const byName = new Map(peers.map((peer) => [peer.name, peer]));
  for (const peer of peers) {
    for (const { kind, peerId } of peer.core.paths()) {
      if (!all && kind !== "parent" && kind !== "child") continue;
      const other = byName.get(peerId);
      if (other === undefined) return `${peer.name} has a path (${kind}) to ${peerId}, which is gone`;
      const seen = other.core.paths().find((path) => path.peerId === peer.name)?.kind;
      if (seen !== counterpart[kind])
        return `${peer.name} has ${peerId} as ${kind}, which has it as ${seen ?? "nothing"}`;
    }
  }
  return loopFault(peers);
}

const counterpart: Record<PathState["kind"], PathState["kind"]> = {
  parent: "child",
  child: "parent",
  "outgoing-candidate": "incoming-candidate",
  "incoming-candidate": "outgoing-candidate",
};

/** What keeps the peers from being one mesh. */
export function meshFault(peers: readonly SimulatedPeer[]): string | undefined {
  const byName = new Map(peers.map((peer) => [peer.name, peer]));
  const [first] = peers;
  const reached = new Set(first === undefined ? [] : [first]);
  for (const peer of reached) {
    for (const { peerId } of peer.core.paths()) {
      const other = byName.get(peerId);
      if (other?.core.paths().some((path) => path.peerId === peer.name)) reached.add(other);
    }
  }
  if (reached.size === peers.length) return undefined;
  const apart = peers.filter((peer) => !reached.has(peer));
  return `no paths lead to ${apart.map(({ name }) => name).join(", ")}`;
}

/** What a peer holds must have an end, whatever happens around it. */
export function memoryFault(
  peer: SimulatedPeer,
  limits: {
    readonly cachedMessages: number;
    readonly cachedOctets: number;
    readonly links: number;
    readonly openLinks: number;
  },
): string | undefined {
  const { cachedMessages, cachedOctets } = peer.core.statistics();
  if (cachedMessages > limits.cachedMessages) return `${peer.name} caches ${cachedMessages} messages`;
  if (cachedOctets > limits.cachedOctets) return `${peer.name} caches ${cachedOctets} octets`;
  if (limits.openLinks > limits.links) return `${peer.name} has ${limits.openLinks} links open`;
  return undefined;
}

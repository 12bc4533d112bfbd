import type {
  MonitorConnectionsUpdated,
  MonitorGraph,
  MonitorLink,
  MonitorLog,
  MonitorOverlayEvent,
  MonitorPeerAdded,
  MonitorPeerDeleted,
} from "../../../generated/hybrid-peer/types.js";
import type { HomsEvent } from "../events.js";
import type { Homs } from "../homs.js";

/** Peers and paths of one graph; larger overlays are cut. */
const most = { nodes: 10_000, links: 100_000 };

type Told =
  | MonitorConnectionsUpdated
  | MonitorGraph
  | MonitorLog
  | MonitorOverlayEvent
  | MonitorPeerAdded
  | MonitorPeerDeleted;

/** What the field's pages show of an event, in their words: the change, and a line for people. */
export function told(event: HomsEvent): Told[] {
  const { overlayId: overlay_id } = event;
  if (event.kind === "overlay-created") return [{ overlay_id, type: "overlay", action: "create" }];
  if (event.kind === "overlay-removed") return [{ overlay_id, type: "overlay", action: "remove" }];
  const { peerId: peer_id } = event;
  const log = (message: string): MonitorLog => ({ overlay_id, type: "log", peer_id, message });
  switch (event.kind) {
    case "peer-joined": {
      if (event.recovery) return [log("recovery join")];
      const node = { id: peer_id, ticket_id: event.ticketId };
      return [{ overlay_id, type: "peer", action: "add_peer", node }, log("joined")];
    }
    case "paths-changed": {
      const candidates = [...event.outgoingCandidate, ...event.incomingCandidate];
      const links = [...linksOf(peer_id, event.primary, true), ...linksOf(peer_id, candidates, false)];
      return [{ overlay_id, type: "peer", peer_id, action: "update_connection", links }, log("reported its paths")];
    }
    case "loss-reported":
      return [log(`lost ${event.lost}`)];
    default:
      return [{ overlay_id, type: "peer", peer_id, action: "delete_peer" }, log(event.kind.slice("peer-".length))];
  }
}

const linksOf = (source: string, targets: readonly string[], primary: boolean): MonitorLink[] =>
  targets.map((target) => ({ source, target, primary }));

/** The graph of an overlay by the last reports; undefined where there is none. */
export function graphOf(homs: Homs, overlayId: string): MonitorGraph | undefined {
  const overlay = homs.context().registry.overlays.get(overlayId);
  if (overlay === undefined) return undefined;
  const nodes: MonitorGraph["data"]["nodes"] = [];
  const links: MonitorLink[] = [];
  for (const { record } of overlay.members) {
    if (nodes.length >= most.nodes) break;
    const { peerId, ticket, report } = record;
    nodes.push({ id: peerId, ticket_id: ticket, ...(ticket === 1 ? { seeder: true } : {}) });
    if (report === null || links.length >= most.links) continue;
    // A candidate path is named by both ends; one of them is enough.
    links.push(...linksOf(peerId, report.primary, true), ...linksOf(peerId, report.outgoingCandidate, false));
  }
  links.splice(most.links);
  return {
    overlay_id: overlayId,
    type: "peer",
    action: "current_cost_map",
    data: { graph: [], nodes, links, directed: false, multigraph: true },
  };
}

import type { Overlay } from "./overlay.js";
import type { Peer } from "./peer.js";
import type { StaticStatus } from "./types.js";

/**
 * Kilobytes per second after a report of so many kilobytes since the one before [X.609.1 8.2.3]: what came lately counts most, and what lies
 * further back than a few report intervals hardly at all.
 */
export function rateAfter(rate: number, amount: number, elapsedMs: number, intervalMs: number): number {
  const elapsed = Math.max(1, elapsedMs);
  const weight = 1 - Math.exp(-elapsed / intervalMs);
  return rate * (1 - weight) + ((amount * 1000) / elapsed) * weight;
}

/**
 * Upload capacity that a peer has left, in kilobytes per second: what its profile allows less what it uploads; nothing where no connection is
 * free [E-PAMP-34]. A peer that never told its capacity has none to offer.
 */
export function freeUpload(
  profile: StaticStatus | undefined,
  freeConnections: number | undefined,
  upRate: number,
): number {
  const { max_up_bw, max_up_bw_per_net, max_num_conn_for_up, max_num_conn_for_up_per_net } = profile ?? {};
  const capacity = Math.min(max_up_bw ?? Number.POSITIVE_INFINITY, max_up_bw_per_net ?? Number.POSITIVE_INFINITY);
  const connections = freeConnections ?? Math.min(max_num_conn_for_up ?? 1, max_num_conn_for_up_per_net ?? 1);
  return Number.isFinite(capacity) && connections > 0 ? Math.max(0, capacity - upRate) : 0;
}

/**
 * How much a peer lacks, in kilobytes per second: 0 where it is served well enough, has everything or pauses [X.609.1 8.2.3, E-X-14]. What it
 * gets is set against what its profile would allow; in a stream, where nobody can get more than the source makes, against the average peer.
 */
export function shortfall(overlay: Overlay, peer: Peer, share: number): number {
  if (peer.dynamicStatus === undefined || peer.event === "COMPLETED" || peer.event === "STOPPED" || peer.left === 0)
    return 0;
  const { max_dn_bw, max_dn_bw_per_net } = peer.staticStatus ?? {};
  const capacity = Math.min(max_dn_bw ?? Number.POSITIVE_INFINITY, max_dn_bw_per_net ?? Number.POSITIVE_INFINITY);
  const possible = overlay.contentType === "STREAM" ? Math.min(capacity, overlay.averageDownRate) : capacity;
  if (!Number.isFinite(possible) || peer.downRate >= share * possible) return 0;
  return possible - peer.downRate;
}

import type { HybridOverlayReportRequest, HybridOverlayReportResponse } from "../../../generated/homp/types.js";
import type { HomsContext } from "../context.js";
import { knewPath } from "../losses.js";
import { type Membership, membership } from "../membership.js";
import type { Peer, PeerReport } from "../overlay.js";
import { type Answer, isRefusal, refuse } from "../refusal.js";

const clause = "6.2.6";

/**
 * HybridOverlayReport [6.2.6, 7.2.2]: keeps what the peer says about its paths, the last report standing for all.
 * It does not prolong the membership. What it says about others is a hint that is looked into (E-HOMP-53 B).
 */
export function report(
  context: HomsContext,
  request: HybridOverlayReportRequest,
  remote?: string,
): Answer<HybridOverlayReportResponse> {
  // 1. No credential is asked for; a password that is there has to be right (E-HOMP-24 B).
  const member = membership(context, request, clause);
  if (isRefusal(member)) return member;
  const { overlay, peer } = member;

  // 2. Only so many paths are kept of anybody.
  const { status } = request;
  const { costmap = {} } = status;
  const { costmap: longest } = context.settings.limits;
  for (const name of ["primary", "outgoing_candidate", "incoming_candidate"] as const) {
    if ((costmap[name]?.length ?? 0) <= longest) continue;
    return refuse(400, "6.1.6", `/status/costmap/${name}`, `this server takes at most ${longest} entries here`);
  }

  const primary = overlay.members.canonical(costmap.primary ?? []);
  const outgoing_candidate = overlay.members.canonical(costmap.outgoing_candidate ?? []);
  const incoming_candidate = overlay.members.canonical(costmap.incoming_candidate ?? []);

  // 3. A loss that a member shows, or tells, of a peer that it had a path with. Only with its password: others could speak for it.
  const proved = request.peer.auth !== undefined;
  if (proved) peer.remote = remote;
  const lost =
    proved && context.settings.readings.lossReports === "check"
      ? lostPeers(member, primary, overlay.members.canonical(status.lost ?? []))
      : [];

  // 4. Keep the status; a count that is missing is that of its list.
  const before = peer.record.report;
  peer.setReport({
    numPrimary: status.num_primary ?? primary.length,
    numOutCandidate: status.num_out_candidate ?? outgoing_candidate.length,
    numInCandidate: status.num_in_candidate ?? incoming_candidate.length,
    primary,
    outgoingCandidate: outgoing_candidate,
    incomingCandidate: incoming_candidate,
    at: context.now,
  });
  if (before === null || !samePaths(before, peer.record.report as PeerReport)) {
    context.events.emit({
      kind: "paths-changed",
      overlayId: overlay.record.overlayId,
      peerId: peer.record.peerId,
      primary,
      outgoingCandidate: outgoing_candidate,
      incomingCandidate: incoming_candidate,
    });
  }
  if (proved) context.losses.meet(peer);
  for (const suspect of lost) context.losses.accuse(overlay, suspect, peer, context.now);
  if (request.peer.applications !== undefined) peer.record.applications = request.peer.applications;
  overlay.ranking?.noteChange();
  context.registry.savePeer(peer);
  return { status: 200, body: { overlay: { "overlay-id": overlay.record.overlayId } } };
}

/**
 * The members that this report gives up: those named as lost, and those that it no longer lists although they still list this peer.
 * Only such as it had a path with, by its last report or theirs.
 */
function lostPeers({ overlay, peer }: Membership, primary: readonly string[], named: readonly string[]): Peer[] {
  const { peerId, report } = peer.record;
  const listed = new Set(primary);
  const missing = report?.primary.filter((id) => !listed.has(id)) ?? [];
  const lost = new Set<Peer>();
  for (const id of named) {
    const other = overlay.members.get(id);
    if (other !== undefined && other !== peer && knewPath(peer, other)) lost.add(other);
  }
  for (const id of missing) {
    const other = overlay.members.get(id);
    if (other?.reportsPath(peerId)) lost.add(other);
  }
  return [...lost];
}

function samePaths(one: PeerReport, other: PeerReport): boolean {
  const same = (a: readonly string[], b: readonly string[]): boolean =>
    a.length === b.length && a.every((id, index) => id === b[index]);
  return (
    same(one.primary, other.primary) &&
    same(one.outgoingCandidate, other.outgoingCandidate) &&
    same(one.incomingCandidate, other.incomingCandidate)
  );
}

import type { HybridOverlayReportRequest, HybridOverlayReportResponse } from "../../../generated/homp/types.js";
import type { HomsContext } from "../context.js";
import { membership } from "../membership.js";
import { type Answer, isRefusal, refuse } from "../refusal.js";

const clause = "6.2.6";

/**
 * HybridOverlayReport [6.2.6, 7.2.2]: keeps what the peer says about its paths, the last report standing for all.
 * It does not prolong the membership, and what it says about others ends nobody's (E-HOMP-53 A).
 */
export function report(context: HomsContext, request: HybridOverlayReportRequest): Answer<HybridOverlayReportResponse> {
  // 1. No credential is asked for; a password that is there has to be right (E-HOMP-24 B).
  const member = membership(context, request, clause);
  if (isRefusal(member)) return member;
  const { overlay, peer } = member;

  // 2. Only so many paths are kept of anybody.
  const { status } = request;
  const { primary = [], outgoing_candidate = [], incoming_candidate = [] } = status.costmap ?? {};
  const { costmap: longest } = context.settings.limits;
  for (const [name, ids] of Object.entries({ primary, outgoing_candidate, incoming_candidate })) {
    if (ids.length <= longest) continue;
    return refuse(400, "6.1.6", `/status/costmap/${name}`, `this server takes at most ${longest} entries here`);
  }

  // 3. Keep the status; a count that is missing is that of its list.
  peer.setReport({
    numPrimary: status.num_primary ?? primary.length,
    numOutCandidate: status.num_out_candidate ?? outgoing_candidate.length,
    numInCandidate: status.num_in_candidate ?? incoming_candidate.length,
    primary,
    outgoingCandidate: outgoing_candidate,
    incomingCandidate: incoming_candidate,
    at: context.now,
  });
  context.events.emit({
    kind: "paths-changed",
    overlayId: overlay.record.overlayId,
    peerId: peer.record.peerId,
    primary,
    outgoingCandidate: outgoing_candidate,
    incomingCandidate: incoming_candidate,
  });
  if (request.peer.applications !== undefined) peer.record.applications = request.peer.applications;
  overlay.ranking?.noteChange();
  context.registry.savePeer(peer);
  return { status: 200, body: { overlay: { "overlay-id": overlay.record.overlayId } } };
}

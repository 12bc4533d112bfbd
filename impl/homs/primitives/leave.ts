import type { HybridOverlayLeaveRequest, HybridOverlayLeaveResponse } from "../../../generated/homp/types.js";
import type { HomsContext } from "../context.js";
import { membership } from "../membership.js";
import { type Answer, isRefusal } from "../refusal.js";

/** HybridOverlayLeave [6.2.8, 7.2.4]: the peer is out at once. */
export function leave(context: HomsContext, request: HybridOverlayLeaveRequest): Answer<HybridOverlayLeaveResponse> {
  const member = membership(context, request, "6.2.8");
  if (isRefusal(member)) return member;
  const { overlay, peer } = member;
  context.registry.removePeer(overlay, peer);
  context.logger.debug({ overlay: overlay.record.overlayId, peer: peer.record.peerId }, "peer left");
  return { status: 200, body: { overlay: { "overlay-id": overlay.record.overlayId } } };
}

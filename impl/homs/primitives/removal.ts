import type { HybridOverlayRemovalRequest, HybridOverlayRemovalResponse } from "../../../generated/homp/types.js";
import type { HomsContext } from "../context.js";
import { ownedOverlay } from "../ownership.js";
import { type Answer, isRefusal } from "../refusal.js";

/** HybridOverlayRemoval [6.2.4, 7.1.4]: takes the overlay and all it holds away. Its members are not told [NOTE 1]. */
export function removal(
  context: HomsContext,
  request: HybridOverlayRemovalRequest,
): Answer<HybridOverlayRemovalResponse> {
  const overlay = ownedOverlay(context, request, "6.2.4");
  if (isRefusal(overlay)) return overlay;
  const { overlayId } = overlay.record;
  const peers = overlay.members.size;
  context.registry.removeOverlay(overlay);
  context.logger.info({ overlay: overlayId, peers }, "overlay removed");
  return { status: 200, body: { overlay: { "overlay-id": overlayId } } };
}

import { matchesSecret } from "../keys/secret.js";
import type { HomsContext } from "./context.js";
import type { Overlay } from "./overlay.js";
import { type Refusal, refuse } from "./refusal.js";

interface OwnerRequest {
  overlay: { "overlay-id": string; "owner-id": string; auth: { admin_key: string } };
}

/**
 * The overlay of a modification or removal, when its owner asks: only the creating peer may [7.1.1], and it proves itself by
 * owner-id and admin key together [6.2.3, 6.2.4]. The answer does not tell which of the two was wrong.
 */
export function ownedOverlay(context: HomsContext, request: OwnerRequest, clause: string): Overlay | Refusal {
  const { "overlay-id": overlayId, "owner-id": ownerId, auth } = request.overlay;
  const overlay = context.registry.overlays.get(overlayId);
  if (overlay === undefined) return refuse(404, clause, "/overlay/overlay-id", "there is no such overlay");
  const keyMatches = matchesSecret(auth.admin_key, overlay.record.adminKey);
  if (!keyMatches || ownerId !== overlay.record.ownerId) {
    return refuse(403, clause, "/overlay/auth/admin_key", "owner-id and admin_key are not those of this overlay");
  }
  return overlay;
}

import type { CrPolicy, HybridOverlayQueryResponseOverlay, TransPolicy } from "../../generated/homp/types.js";
import type { Overlay } from "./overlay.js";

/** [6.1.4] "terminated" is never seen: removal and expiry take the information away at once (E-HOMP-65 A). */
const active = "active";

/** OVERLAY_STATUS without peers: strangers learn how many there are, not who (E-HOMP-14). */
export const overlayStatus = (overlay: Overlay) => ({ num_peers: overlay.members.size, status: active });

/** The members that describe how peers have to behave: not in every table, but members need them (E-HOMP-19 A). */
export const heartbeat = ({ record }: Overlay) => ({
  "heartbeat-interval": record.heartbeatInterval,
  "heartbeat-timeout": record.heartbeatTimeout,
});

/** The policies that the overlay has; an answer has no member for one it lacks [6.2.1, 6.2.2]. */
export function policies({ record }: Overlay): { "cr-policy"?: CrPolicy; trans_policy?: TransPolicy } {
  return {
    ...(record.crPolicy === null ? {} : { "cr-policy": record.crPolicy }),
    ...(record.transPolicy === null ? {} : { trans_policy: record.transPolicy }),
  };
}

/** An entry of the query answer [6.2.2 Table 6-12]. */
export function describeOverlay(overlay: Overlay, expires: number): HybridOverlayQueryResponseOverlay {
  const { record } = overlay;
  return {
    "overlay-id": record.overlayId,
    title: record.title,
    type: record.type,
    "sub-type": record.subType,
    "owner-id": record.ownerId,
    expires,
    status: overlayStatus(overlay),
    description: record.description,
    ...heartbeat(overlay),
    // The type only: the rest of OVERLAY_AUTH is between the owner and this server (E-HOMP-13 A).
    auth: { type: record.authType },
    ...policies(overlay),
  };
}

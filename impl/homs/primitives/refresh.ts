import type {
  HybridOverlayRefreshRequest,
  HybridOverlayRefreshResponse,
  HybridOverlayRefreshResponseOverlay,
} from "../../../generated/homp/types.js";
import type { HomsContext } from "../context.js";
import { grantLease } from "../lifetime.js";
import { membership } from "../membership.js";
import type { Overlay, Peer } from "../overlay.js";
import { type Answer, isRefusal, refuse } from "../refusal.js";

const clause = "6.2.7";

/** HybridOverlayRefresh [6.2.7, 7.2.3]: prolongs a membership and brings the address up to date. */
export function refresh(
  context: HomsContext,
  request: HybridOverlayRefreshRequest,
): Answer<HybridOverlayRefreshResponse> {
  const { registry, settings } = context;

  // 1. Only the member itself may; the table asks for no ticket, one that is there has to be right (E-HOMP-08).
  const member = membership(context, request, clause);
  if (isRefusal(member)) return member;
  const { overlay, peer } = member;

  const { expires: asked, "ticket-id": ticket } = request.overlay;
  if (ticket !== undefined && ticket !== String(peer.record.ticket)) {
    return refuse(403, clause, "/overlay/ticket-id", "this is not the ticket of this peer");
  }

  // 2. A lifetime that is left out stays what it was (E-HOMP-58 A).
  const lease = asked === undefined ? peer.record.lease : Math.min(asked, settings.limits.peerExpires);

  // 3. Extend, and say until when. Nearly every refresh changes the lifetime alone.
  const expires = grantLease(peer, overlay, lease, context.now);
  if (peer.record.address !== request.peer.address) peer.reachable = undefined;
  if (bringUpToDate(peer, request)) registry.savePeer(peer);
  else registry.saveLease(peer);
  return {
    status: 200,
    body: {
      overlay: { "overlay-id": overlay.record.overlayId, expires, ...news(overlay, peer) },
      peer:
        peer.record.publicKey === undefined
          ? { "peer-id": peer.record.peerId }
          : { "peer-id": peer.record.peerId, ...context.identity.admission(peer) },
    },
  };
}

/** Takes over address and applications; whether anything of them is new. */
function bringUpToDate(
  { record }: Peer,
  { peer: { address, applications = record.applications } }: HybridOverlayRefreshRequest,
) {
  const same =
    record.address === address &&
    record.applications.length === applications.length &&
    record.applications.every((one, index) => one === applications[index]);
  record.address = address;
  record.applications = applications;
  return !same;
}

/**
 * The attributes that were modified since the peer joined [7.1.3 NOTE], as extra members (E-HOMP-35 A). They come with every
 * refresh, not once: an answer may get lost.
 */
function news({ record }: Overlay, { record: { revision } }: Peer): Partial<HybridOverlayRefreshResponseOverlay> {
  const { title, description, trans_policy } = record.changed;
  const since = (changed: number | undefined): boolean => changed !== undefined && changed > revision;
  if (record.revision === revision) return {};
  return {
    ...(since(title) ? { title: record.title } : {}),
    ...(since(description) ? { description: record.description } : {}),
    ...(since(trans_policy) && record.transPolicy !== null ? { trans_policy: record.transPolicy } : {}),
  };
}

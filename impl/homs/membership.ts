import { matchesSecret } from "../keys/secret.js";
import type { HomsContext } from "./context.js";
import type { Overlay, Peer } from "./overlay.js";
import { type Refusal, refuse } from "./refusal.js";

interface MemberRequest {
  overlay: { "overlay-id": string };
  peer: { "peer-id": string; auth?: { password?: string } };
}

export interface Membership {
  overlay: Overlay;
  peer: Peer;
}

/**
 * The membership that a report, refresh or leave speaks of. Its password, where the request has one, must be the one of the
 * join; whether it may be absent is for the message's schema to say (only a report's may, E-HOMP-24).
 */
export function membership(context: HomsContext, request: MemberRequest, clause: string): Membership | Refusal {
  // 1. Removal and expiry are silent: the peer learns of them here (E-HOMP-45).
  const overlay = context.registry.overlays.get(request.overlay["overlay-id"]);
  if (overlay === undefined) return refuse(404, clause, "/overlay/overlay-id", "there is no such overlay");
  const peer = overlay.members.get(request.peer["peer-id"]);
  if (peer === undefined) return refuse(404, clause, "/peer/peer-id", "this peer is not in the overlay");

  // 2. The peer password alone proves the membership, for closed overlays too (E-HOMP-37 B): keys that changed since the join do
  //    not concern who is in already [7.1.3 NOTE].
  const password = request.peer.auth?.password;
  if (password !== undefined && !matchesSecret(password, peer.record.password)) {
    return refuse(403, clause, "/peer/auth/password", "this is not the password that the peer joined with");
  }
  if (password !== undefined) context.losses.alive(peer);
  return { overlay, peer };
}

import type { Overlay, Peer } from "./overlay.js";

/** When a lifetime in seconds that starts now ends. */
export const endOf = (seconds: number, now: number): number => now + seconds * 1000;

/** Whole seconds left of an overlay, the begun one included; what was granted just now comes back as it was. */
export const secondsLeft = (overlay: Overlay, now: number): number => Math.ceil((overlay.expiresAt - now) / 1000);

/**
 * Gives a member its lifetime from now on; it never outlives the overlay (E-HOMP-20). The caller saves the peer.
 *
 * @param lease seconds
 * @returns what to answer in `expires`: whole seconds that are surely granted, at least 1
 */
export function grantLease(peer: Peer, overlay: Overlay, lease: number, now: number): number {
  const { record } = peer;
  record.lease = lease;
  record.expiresAt = Math.min(endOf(lease, now), overlay.expiresAt);
  return Math.max(1, Math.floor((record.expiresAt - now) / 1000));
}

export { HybridPeerError, type HybridPeerErrorCode } from "./errors.js";
export { type CreateOptions, type HybridPeer, type HybridPeerNews, startHybridPeer } from "./hybrid-peer.js";
export type { HybridPeerOptions, JoinOptions } from "./options.js";
export { type BackoffSettings, defaultBackoff } from "./overlay/backoff.js";
export type { Membership } from "./overlay/membership.js";
export {
  defaultMembershipSettings,
  type MembershipNews,
  type MembershipPhase,
  type MembershipSettings,
  type PeerPaths,
} from "./overlay/membership-types.js";
export type { OverlayInfo, PeerContact } from "./overlay/overlay-info.js";
export type {
  FoundOverlay,
  OverlayAccess,
  OverlayChanges,
  OverlayProperties,
  OverlayQuery,
  Ownership,
} from "./overlay/overlay-management.js";
export type { OwnedOverlay, OwnerNews } from "./overlay/owned-overlay.js";
export type { PeerList } from "./overlay/peer-list.js";

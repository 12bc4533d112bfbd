export { type BackoffSettings, defaultBackoff } from "./backoff.js";
export { HybridPeerError, type HybridPeerErrorCode } from "./errors.js";
export { type CreateOptions, type HybridPeer, type HybridPeerNews, startHybridPeer } from "./hybrid-peer.js";
export type { Membership } from "./membership.js";
export {
  defaultMembershipSettings,
  type MembershipNews,
  type MembershipPhase,
  type MembershipSettings,
  type PeerPaths,
} from "./membership-types.js";
export type { HybridPeerOptions, JoinOptions } from "./options.js";
export type { OverlayInfo, PeerContact } from "./overlay-info.js";
export type {
  FoundOverlay,
  OverlayAccess,
  OverlayChanges,
  OverlayProperties,
  OverlayQuery,
  Ownership,
} from "./overlay-management.js";
export type { OwnedOverlay, OwnerNews } from "./owned-overlay.js";
export type { PeerList } from "./peer-list.js";

export { type BackoffSettings, defaultBackoff } from "../net/backoff.js";
export { type HandOver, type HandOverOptions, handOver } from "./control/bridge.js";
export type { Application, PeerNetwork, SendOptions } from "./control/network.js";
export type { TicketedPeer } from "./core/message.js";
export type { CoreNews, CoreStatistics, Delivery, PathKind, PathState } from "./core/ports.js";
export { type CoreSettings, defaultCoreSettings } from "./core/settings.js";
export { HybridPeerError, type HybridPeerErrorCode } from "./errors.js";
export { type CreateOptions, type HybridPeer, type HybridPeerNews, startHybridPeer } from "./hybrid-peer.js";
export type { HybridPeerOptions, JoinOptions, ListenOptions, WebRtcOptions } from "./options.js";
export type { DialectChoice, DialectName } from "./overlay/dialects/dialect.js";
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

export type {
  ConfirmedReceipt,
  DynamicStatus,
  FragmentEvent,
  FragmentList,
  PeerQueryCondition,
  PeerStatus,
  StaticStatus,
} from "../../generated/pamp/index.js";
export type { Exchanged, Holding } from "./activity.js";
export type { Backoff } from "./backoff.js";
export { PampRefused } from "./errors.js";
export {
  createPampOms,
  type ManagedOverlay,
  type OverlayRegistration,
  type PampOms,
  type PampOmsOptions,
  type PeerListAnswer,
} from "./oms.js";
export { type PampPeer, type PampPeerOptions, startPampPeer } from "./peer.js";
export type { PeerNews, PeerPhase } from "./peer-core.js";

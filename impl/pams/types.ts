import type { DynamicStatus, PeerQueryCondition } from "../../generated/pamp/types.js";

export type {
  ConfirmedReceipt,
  DynamicStatus,
  FragmentEvent,
  FragmentList,
  FragmentRange,
  PeerInformation,
  PeerQueryCondition,
  PeerStatus,
  StaticStatus,
} from "../../generated/pamp/types.js";

/** Participation of a peer in its overlay network [X.609.1 9.1.9]. */
export type OverlayEvent = NonNullable<DynamicStatus["overlay_event"]>;

/** What a list can be ordered by [X.609.1 9.1.7]. */
export type Ordering = NonNullable<PeerQueryCondition["ordering"]>;

import type {
  HybridOverlayJoinRequest,
  HybridOverlayLeaveRequest,
  HybridOverlayRefreshRequest,
  HybridOverlayReportRequest,
} from "../../../generated/homp/index.js";
import type { BackoffSettings } from "../../net/backoff.js";
import type { Random } from "../../net/clock.js";
import type { Outcome } from "./homs-interface.js";
import type { OverlayInfo, PeerContact } from "./overlay-info.js";

/** The paths of a peer in one overlay network, by the peers at their other ends [Q.4103 6.1.6]. */
export interface PeerPaths {
  readonly primary: readonly string[];
  /** Candidate paths that this peer opened. */
  readonly outgoing: readonly string[];
  /** Candidate paths that others opened. */
  readonly incoming: readonly string[];
  /** Peers to which a path broke without a farewell since the last report (E-HP2P-17). */
  readonly lost?: readonly string[];
}

/**
 * new: not asked to join yet; joining: not, or no longer, a member and on the way in; joined; refused and gone: over, because the HOMS
 * does not admit this peer, or the overlay network exists no more; left: over, at the peer's own wish.
 */
export type MembershipPhase = "new" | "joining" | "joined" | "refused" | "gone" | "left";

/** What happens to a membership. */
export type MembershipNews =
  | {
      readonly kind: "joined";
      readonly ticketId: string | undefined;
      /** Granted lifetime, in s. */
      readonly expires: number;
      readonly entryPeers: readonly PeerContact[];
      /** A member found its place again, by its ticket [6.2.5]. */
      readonly recovery: boolean;
      /** After a membership that was lost. */
      readonly again: boolean;
    }
  | { readonly kind: "refreshed"; readonly expires: number }
  | { readonly kind: "reported" }
  | { readonly kind: "report-refused"; readonly status: number; readonly reason: string }
  /** The HOMS did not serve a request; the next attempt is made in `retryMs`. */
  | { readonly kind: "unavailable"; readonly request: string; readonly reason: string; readonly retryMs: number }
  /** No member any more, by a refusal or because the lifetime ran out; it joins anew at once. */
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  | { readonly kind: "gone"; readonly status: number; readonly reason: string }
  | { readonly kind: "left" };

export type MembershipRequest =
  | { readonly kind: "join"; readonly body: HybridOverlayJoinRequest }
  | { readonly kind: "refresh"; readonly body: HybridOverlayRefreshRequest }
  | { readonly kind: "report"; readonly body: HybridOverlayReportRequest }
  | { readonly kind: "leave"; readonly body: HybridOverlayLeaveRequest };

export type MembershipEvent =
  | { readonly type: "join" }
  | { readonly type: "paths"; readonly paths: PeerPaths }
  | { readonly type: "applications"; readonly applications: readonly string[] }
  | { readonly type: "recover" }
  | { readonly type: "leave" }
  | { readonly type: "answer"; readonly outcome: Outcome };

/** What the HOMS gave this peer to show to others; none of it is for the log. */
export interface MembershipGrant {
  /** Proof of its admission (E-HOMP-68). */
  readonly admission: { readonly certificate: string; readonly homsKey: string } | undefined;
  /** To be reached under its identifier over the signalling relay (E-HOMP-69). */
  readonly signallingToken: string | undefined;
}

export type MembershipEffect =
  /** At most one request is under way; its answer is the next `answer` event. `timeoutMs` where the lifetime leaves little time. */
  | { readonly kind: "send"; readonly request: MembershipRequest; readonly timeoutMs: number | undefined }
  | { readonly kind: "overlay"; readonly overlay: unknown }
  | { readonly kind: "grant"; readonly grant: MembershipGrant }
  | { readonly kind: "news"; readonly news: MembershipNews };

export interface MembershipSettings {
  /** Share of the lifetime after which a refresh is due, from 0 to 1. */
  readonly refreshAfter: number;
  /** A refresh is never later than this, in s, however long the lifetime: it also brings news of the overlay [7.1.3 NOTE]. */
  readonly refreshAtMost: number;
  /** Lifetime taken for granted where the HOMS names none, in s. */
  readonly assumedExpires: number;
  /** Ask the HOMS for a way back in when the last path is reported gone; false where path management decides that itself. */
  readonly recoverAlone: boolean;
  readonly backoff: BackoffSettings;
}

export const defaultMembershipSettings: Omit<MembershipSettings, "backoff"> = {
  refreshAfter: 0.5,
  refreshAtMost: 600,
  assumedExpires: 60,
  recoverAlone: true,
};

export interface MembershipIdentity {
  readonly overlay: Pick<OverlayInfo, "overlayId" | "type" | "subType">;
  readonly peerId: string;
  readonly address: string;
  readonly password: string;
  /** Where the overlay is closed and the peer is not on its list. */
  readonly accessKey: string | undefined;
  /** Lifetime to ask for, in s. */
  readonly expires: number | undefined;
  /** Ed25519, by which this peer proves its admission to others (E-HOMP-68). */
  readonly publicKey?: string | undefined;
}

export interface MembershipCoreOptions {
  readonly identity: MembershipIdentity;
  readonly settings: MembershipSettings;
  readonly random: Random;
}

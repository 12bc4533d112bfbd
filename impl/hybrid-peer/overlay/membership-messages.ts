import type {
  HybridOverlayJoinRequest,
  HybridOverlayLeaveRequest,
  HybridOverlayRefreshRequest,
  HybridOverlayReportRequest,
  OverlayAuth,
} from "../../../generated/homp/index.js";
import type { MembershipIdentity, PeerPaths } from "./membership-types.js";

/** The access key is for closed overlays only, and then goes with every message that has room for it (E-HOMP-37, E-HOMP-52). */
const overlayAuth = ({ accessKey }: MembershipIdentity): { auth?: OverlayAuth } =>
  accessKey === undefined ? {} : { auth: { type: "closed", access_key: accessKey } };

const contact = ({ peerId, address, password }: MembershipIdentity) => ({
  "peer-id": peerId,
  address,
  auth: { password },
});

const wanted = ({ expires }: MembershipIdentity): { expires?: number } => (expires === undefined ? {} : { expires });

/** [6.2.5] recovery and ticket-id go with a recovery only; a peer that was issued no ticket has none to show (E-HOMP-07). */
export function joinRequest(
  identity: MembershipIdentity,
  recovery: boolean,
  ticketId: string | undefined,
): HybridOverlayJoinRequest {
  const { overlayId, type, subType } = identity.overlay;
  return {
    overlay: {
      "overlay-id": overlayId,
      type,
      "sub-type": subType,
      ...wanted(identity),
      ...overlayAuth(identity),
      ...(recovery && { recovery: true }),
      ...(recovery && ticketId !== undefined && { "ticket-id": ticketId }),
    },
    peer: introduction(identity),
  };
}

/** The key by which this peer is going to prove its admission goes with its password (E-HOMP-68). */
function introduction(identity: MembershipIdentity): HybridOverlayJoinRequest["peer"] {
  const { auth, ...peer } = contact(identity);
  return { ...peer, auth: { ...auth, ...(identity.publicKey !== undefined && { "public-key": identity.publicKey }) } };
}

/** [6.2.7] */
export function refreshRequest(
  identity: MembershipIdentity,
  applications: readonly string[],
): HybridOverlayRefreshRequest {
  return {
    overlay: { "overlay-id": identity.overlay.overlayId, ...wanted(identity), ...overlayAuth(identity) },
    peer: { ...contact(identity), ...attached(applications) },
  };
}

/** [6.2.6] the password goes along, so that nobody else can report for this peer (E-HOMP-24). */
export function reportRequest(
  { overlay, peerId, password }: MembershipIdentity,
  { primary, outgoing, incoming, lost = [] }: PeerPaths,
  applications: readonly string[],
): HybridOverlayReportRequest {
  return {
    overlay: { "overlay-id": overlay.overlayId },
    peer: { "peer-id": peerId, auth: { password }, ...attached(applications) },
    status: {
      num_primary: primary.length,
      num_out_candidate: outgoing.length,
      num_in_candidate: incoming.length,
      costmap: { primary: [...primary], outgoing_candidate: [...outgoing], incoming_candidate: [...incoming] },
      ...(lost.length > 0 && { lost: [...lost] }),
    },
  };
}

/** [6.2.8] */
export function leaveRequest(identity: MembershipIdentity): HybridOverlayLeaveRequest {
  return {
    overlay: { "overlay-id": identity.overlay.overlayId, ...overlayAuth(identity) },
    peer: { "peer-id": identity.peerId, auth: { password: identity.password } },
  };
}

/** Newly attached applications are to be told, for which no table has a member (E-HOMP-36). */
const attached = (applications: readonly string[]): { applications?: string[] } =>
  applications.length === 0 ? {} : { applications: [...applications] };

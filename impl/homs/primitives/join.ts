import type { HybridOverlayJoinRequest, HybridOverlayJoinResponse } from "../../../generated/homp/types.js";
import { readPublicKey } from "../../keys/ed25519.js";
import { hashSecret, matchesSecret } from "../../keys/secret.js";
import type { HomsContext } from "../context.js";
import type { FieldDialect } from "../dialects/dialect.js";
import { meshEntryPeers, treeEntryPeers } from "../entry-peers.js";
import { grantLease } from "../lifetime.js";
import type { Overlay, Peer } from "../overlay.js";
import { heartbeat, overlayStatus, policies } from "../overlay-info.js";
import { type Answer, isRefusal, type Refusal, refuse } from "../refusal.js";
import type { Registry } from "../registry.js";

const clause = "6.2.5";

interface JoinOrigin {
  /** The host that the request came from. */
  remote?: string;
  /** The form that it came in, where not the text's. */
  dialect?: FieldDialect | undefined;
}

/** HybridOverlayJoin [6.2.5, 7.2.1]: a first join, or a member's recovery. */
export function join(
  context: HomsContext,
  request: HybridOverlayJoinRequest,
  { remote, dialect }: JoinOrigin = {},
): Answer<HybridOverlayJoinResponse> {
  const { registry, settings, now } = context;
  const { overlay: asked, peer: joining } = request;

  // 1. The overlay has to exist and to be what the peer takes it for (E-HOMP-46 A).
  const overlay = registry.overlays.get(asked["overlay-id"]);
  if (overlay === undefined) return refuse(404, clause, "/overlay/overlay-id", "there is no such overlay");
  const { record } = overlay;
  if (asked.type !== record.type) return refuse(400, clause, "/overlay/type", `this overlay has type ${record.type}`);
  if (asked["sub-type"] !== record.subType) {
    return refuse(400, clause, "/overlay/sub-type", `this overlay has sub-type ${record.subType}`);
  }
  const publicKey = joining.auth["public-key"];
  if (publicKey !== undefined && readPublicKey(publicKey) === undefined) {
    return refuse(400, "6.1.7", "/peer/auth/public-key", "this is no Ed25519 key of 32 octets in base64url");
  }

  // 2. A member comes back with its ticket, a newcomer gets one.
  const member = overlay.members.get(joining["peer-id"]);
  const recovering = asked.recovery === true || (member !== undefined && showsTicket(member, request));
  const peer = recovering ? recoveringMember(member, request) : newcomer(context, overlay, member, request, dialect);
  if (isRefusal(peer)) return peer;

  // 3. Grant the lifetime, counted from here.
  if (peer.record.address !== joining.address) peer.reachable = undefined;
  peer.record.address = joining.address;
  peer.remote = remote;
  context.losses.alive(peer);
  if (publicKey !== undefined) peer.record.publicKey = publicKey;
  const lease = Math.min(asked.expires ?? settings.peerExpires, settings.limits.peerExpires);
  const granted = grantLease(peer, overlay, lease, now);
  registry.savePeer(peer);

  // 4. Name the peers to enter by.
  const { entryPeers, primarySlots } = settings;
  const entries =
    record.subType === "mesh"
      ? meshEntryPeers(overlay, peer, entryPeers.mesh, context.random)
      : treeEntryPeers(overlay, peer, entryPeers.tree, primarySlots, recovering);
  const ticketId = String(peer.record.ticket);
  context.events.emit({
    kind: "peer-joined",
    overlayId: record.overlayId,
    peerId: peer.record.peerId,
    ticketId: peer.record.ticket,
    recovery: peer === member,
  });
  return {
    status: 200,
    body: {
      overlay: {
        "overlay-id": record.overlayId,
        type: record.type,
        "sub-type": record.subType,
        // The peer's lifetime, not the overlay's (E-HOMP-33 A).
        expires: granted,
        "ticket-id": ticketId,
        ...heartbeat(overlay),
        status: { ...overlayStatus(overlay), peer_info_list: entries.map(contact) },
        ...policies(overlay),
      },
      peer: {
        "peer-id": peer.record.peerId,
        "ticket-id": ticketId,
        expires: granted,
        ...context.identity.admission(peer),
        ...signallingToken(context, peer),
      },
    },
    ...(peer === member ? {} : { undo: () => registry.removePeer(overlay, peer, "peer-left", true) }),
  };
}

/** Where to reach a member. Passwords are not for handing on, and only their hashes are here (E-HOMP-14 B). */
const contact = ({ record }: Peer) => ({ "peer-id": record.peerId, address: record.address });

/** The relay knows each peer-id once, so a peer that took the name of another, of whatever overlay, gets no token (E-HOMP-69). */
function signallingToken({ settings, identity }: HomsContext, peer: Peer): { "signalling-token"?: string } {
  if (!settings.signallingTokens || peer.record.namesake) return {};
  return { "signalling-token": identity.signallingToken(peer) };
}

/** A join that carries the member's own ticket is a recovery even without the flag: only members have tickets [6.2.5 notes]. */
const showsTicket = (member: Peer, request: HybridOverlayJoinRequest): boolean =>
  request.overlay.recovery === undefined && request.overlay["ticket-id"] === String(member.record.ticket);

/**
 * The member that a recovery speaks of. Tickets only count up and are easily guessed, so the ticket counts together with the
 * password of the join alone; a peer that lost its password waits for the end of its old lifetime (E-HOMP-38 B).
 */
function recoveringMember(member: Peer | undefined, request: HybridOverlayJoinRequest): Peer | Refusal {
  const ticket = request.overlay["ticket-id"];
  if (ticket === undefined)
    return refuse(400, clause, "/overlay/ticket-id", "a recovery has to carry the member's ticket-id");
  if (member === undefined) {
    return refuse(404, clause, "/peer/peer-id", "this peer is not in the overlay: it may join anew, without recovery");
  }
  const passwordMatches = matchesSecret(request.peer.auth.password, member.record.password);
  if (!passwordMatches || ticket !== String(member.record.ticket)) {
    return refuse(403, clause, "/overlay/ticket-id", "ticket-id and password are not those that this peer joined with");
  }
  return member;
}

/** Admits a peer that is not yet in. */
function newcomer(
  context: HomsContext,
  overlay: Overlay,
  member: Peer | undefined,
  request: HybridOverlayJoinRequest,
  dialect: FieldDialect | undefined,
): Peer | Refusal {
  const { registry, settings, random, now } = context;
  const { "peer-id": peerId, address, auth } = request.peer;

  // 1. Admission comes first, so that strangers do not learn who is in.
  const refusal = refuseAdmission(overlay, request);
  if (refusal !== undefined) return refusal;

  // 2. A member is in once only (E-HOMP-32).
  if (member !== undefined) {
    const refreshes =
      settings.readings.repeatedJoin === "refresh" && matchesSecret(auth.password, member.record.password);
    return refreshes
      ? member
      : refuse(409, clause, "/peer/peer-id", "this peer is in the overlay: recovery needs its ticket-id");
  }

  // 3. Enter it under the next ticket.
  if (overlay.members.size >= settings.limits.peers) {
    return refuse(503, clause, "/overlay/overlay-id", "this overlay has as many peers as this server holds");
  }
  const peer = registry.addPeer(overlay, {
    overlayId: overlay.record.overlayId,
    peerId,
    address,
    password: hashSecret(auth.password, random),
    ticket: registry.nextTicket(overlay),
    lease: 0,
    expiresAt: Number.POSITIVE_INFINITY,
    joinedAt: now,
    revision: overlay.record.revision,
    report: null,
    applications: [],
    ...(dialect === undefined ? {} : { dialect }),
    ...(isNamesake(registry, request.peer) ? { namesake: true } : {}),
  });
  overlay.ranking?.noteChange();
  context.logger.debug({ overlay: overlay.record.overlayId, peer: peerId, ticket: peer.record.ticket }, "peer joined");
  return peer;
}

/** Whether a member of another overlay has this peer-id and is, by its password, another peer. */
function isNamesake(registry: Registry, { "peer-id": peerId, auth }: HybridOverlayJoinRequest["peer"]): boolean {
  const rightful = registry.named(peerId).find(({ record }) => record.namesake === undefined);
  return rightful !== undefined && !matchesSecret(auth.password, rightful.record.password);
}

/**
 * Who may enter a closed overlay [6.1.3]: peers on the list without any key, others with the access key, the owner with the admin
 * key. The owner-id alone opens nothing: queries tell it to everybody.
 */
function refuseAdmission(overlay: Overlay, { overlay: { auth }, peer }: HybridOverlayJoinRequest): Refusal | undefined {
  const { authType, accessKey, adminKey } = overlay.record;
  if (authType === "open" || overlay.lists(peer["peer-id"])) return undefined;
  if (typeof auth?.access_key === "string" && accessKey !== null && matchesSecret(auth.access_key, accessKey))
    return undefined;
  if (auth?.admin_key !== undefined && matchesSecret(auth.admin_key, adminKey)) return undefined;
  return refuse(
    403,
    "6.1.3",
    "/overlay/auth",
    "this overlay is closed: it admits its peer list and who has its access_key",
  );
}

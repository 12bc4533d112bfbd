import { hompOperations } from "../../generated/homp/operations.js";
import type { Answer } from "../client/answer.js";
import type { ClientProtocol } from "../client/client.js";
import type { ClientRequest } from "../client/request.js";
import { hybridPeerActions } from "./actions.js";

export type Json = Readonly<Record<string, unknown>>;

/** An overlay network as the suite's HOMS has it. */
export interface Hon {
  overlayId: string;
  title: string;
  description: string;
  type: "core" | "sub";
  subType: "tree" | "mesh";
  ownerId: string;
  access: "open" | "closed";
  accessKey: string | undefined;
  /** Of a membership, in s. */
  lifetime: number;
  ticketId: string;
  entryPeers: readonly Json[];
}

/** The overlay networks of one case; the first one is what members of it are granted from. */
export interface Hons {
  readonly list: Hon[];
  /** Letter of E-HOMP-17. */
  readonly shape: string;
  /** Nobody tells the product which one to join: the one that it joins is taken for the first. */
  readonly adopts: boolean;
  /** A product that was there before this case: it is no member before it has joined anew. */
  forgets: boolean;
}

/** A HOMS that grants everything. */
export function homsProtocol(hons: Hons): ClientProtocol {
  return {
    operations: hompOperations,
    actions: hybridPeerActions,
    server: "HOMS",
    usual: (request) => usual(request, hons),
  };
}

function usual(request: ClientRequest, hons: Hons): Answer {
  const hon = adopted(request, hons);
  if (!hon || (hons.forgets && [REFRESH, REPORT].includes(request.primitive))) return { status: 404 };
  switch (request.primitive) {
    case "HybridOverlayCreation":
      return created(request, hon);
    case "HybridOverlayQuery":
      return found(hons, request);
    case "HybridOverlayModification":
      return modified(request, hon);
    case "HybridOverlayJoin":
      return joined(hon, peerIn(request));
    case "HybridOverlayReport":
      return { status: 200, body: { overlay: { "overlay-id": hon.overlayId } } };
    case "HybridOverlayRefresh":
      return refreshed(hon, peerIn(request));
    default:
      return { status: 200, body: { overlay: { "overlay-id": hon.overlayId } } };
  }
}

const REFRESH = "HybridOverlayRefresh";
const REPORT = "HybridOverlayReport";

/** The overlay network that a message is about; the first one where it names none of them. */
export function adopted(request: ClientRequest, hons: Hons): Hon | undefined {
  const id = request.get("overlay.overlay-id");
  const [first] = hons.list;
  const named = hons.list.find(({ overlayId }) => overlayId === id);
  if (request.primitive !== "HybridOverlayJoin") return named ?? first;
  hons.forgets = false;
  if (named || !first || !hons.adopts || typeof id !== "string" || id === "") return named ?? first;
  first.overlayId = id;
  first.type = request.get("overlay.type") === "sub" ? "sub" : "core";
  first.subType = request.get("overlay.sub-type") === "mesh" ? "mesh" : "tree";
  return first;
}

/** The identifier that the product goes by; whatever it sends is taken. */
function peerIn(request: ClientRequest): string {
  const id = request.get("peer.peer-id");
  return typeof id === "string" && id !== "" ? id : "unnamed";
}

/** Table 6-10; what the request got wrong is put right, so that the answer at least is sound. */
function created(request: ClientRequest, hon: Hon): Answer {
  const asked = (request.get("overlay_info") ?? {}) as Json;
  hon.title = text(asked.title, hon.title);
  hon.description = text(asked.description, hon.description);
  hon.ownerId = text(asked["owner-id"], hon.ownerId);
  hon.type = asked.type === "sub" ? "sub" : "core";
  hon.subType = asked["sub-type"] === "mesh" ? "mesh" : "tree";
  const auth = (asked.auth ?? {}) as Json;
  hon.access = auth.type === "closed" ? "closed" : "open";
  const policy = asked["cr-policy"];
  return {
    status: 200,
    body: {
      overlay: {
        "overlay-id": hon.overlayId,
        type: hon.type,
        "sub-type": hon.subType,
        "owner-id": hon.ownerId,
        expires: number(asked.expires, 86_400),
        "heartbeat-interval": Math.max(6, number(asked["heartbeat-interval"], 10)),
        "heartbeat-timeout": Math.max(19, number(asked["heartbeat-timeout"], 31)),
        auth: { type: hon.access },
        ...(request.issues.length === 0 && policy !== undefined ? { "cr-policy": policy } : {}),
      },
    },
  };
}

/** Table 6-12, in the shape that the product reads. */
export function listed(hons: readonly Hon[], shape: string): Answer {
  const list = hons.map((hon) => ({
    "overlay-id": hon.overlayId,
    title: hon.title,
    type: hon.type,
    "sub-type": hon.subType,
    "owner-id": hon.ownerId,
    expires: 86_000,
    status: { num_peers: hon.entryPeers.length, status: "active" },
    description: hon.description,
    auth: { type: hon.access },
  }));
  if (shape === "A") return { status: 200, body: { overlay: list } };
  return { status: 200, body: shape === "B" ? list : list.map((overlay) => ({ overlay })), malformed: true };
}

function found({ list, shape }: Hons, { target }: ClientRequest): Answer {
  const query = new URL(target, "http://homs.invalid").searchParams;
  const keep = list.filter(
    (hon) =>
      (query.get("overlay-id") ?? hon.overlayId) === hon.overlayId &&
      hon.title.includes(query.get("title") ?? "") &&
      hon.description.includes(query.get("description") ?? ""),
  );
  return listed(keep, shape);
}

/** Table 6-14. */
function modified(request: ClientRequest, hon: Hon): Answer {
  const asked = (request.get("overlay") ?? {}) as Json;
  hon.title = text(asked.title, hon.title);
  hon.description = text(asked.description, hon.description);
  const expires = number(asked.expires, 0);
  return {
    status: 200,
    body: {
      overlay: {
        "overlay-id": hon.overlayId,
        title: hon.title,
        "owner-id": hon.ownerId,
        description: hon.description,
        auth: { type: hon.access },
        ...(expires > 0 ? { expires } : {}),
      },
    },
  };
}

/** Table 6-18, with the extras that a member needs (E-HOMP-07, E-HOMP-19, E-HOMP-33). */
export function joined(hon: Hon, peerId: string): Answer & { readonly body: { overlay: Json; peer: Json } } {
  return {
    status: 200,
    body: {
      overlay: {
        "overlay-id": hon.overlayId,
        type: hon.type,
        "sub-type": hon.subType,
        expires: hon.lifetime,
        "ticket-id": hon.ticketId,
        "heartbeat-interval": 10,
        "heartbeat-timeout": 31,
        status: { num_peers: hon.entryPeers.length + 1, status: "active", peer_info_list: hon.entryPeers },
      },
      peer: { "peer-id": peerId, "ticket-id": hon.ticketId, expires: hon.lifetime },
    },
  };
}

/** Table 6-22. */
export function refreshed(hon: Hon, peerId: string): Answer & { readonly body: { overlay: Json; peer: Json } } {
  return {
    status: 200,
    body: { overlay: { "overlay-id": hon.overlayId, expires: hon.lifetime }, peer: { "peer-id": peerId } },
  };
}

const text = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value !== "" ? value : otherwise;

const number = (value: unknown, otherwise: number): number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : otherwise;

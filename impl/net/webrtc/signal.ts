import { parseJson } from "../../../generated/runtime/json.js";

/** What comes over the signalling socket. */
export type Signal =
  /** The relay of an OMS: this peer is registered. */
  { readonly kind: "registered" } | PeerSignal;

/** What another peer, or the relay for it, says. */
export type PeerSignal =
  | { readonly kind: "offer" | "answer"; readonly from: string; readonly sdp: string }
  | { readonly kind: "candidate"; readonly from: string; readonly candidate: string }
  /** This project's relay: nobody is registered under this peer-id. */
  | { readonly kind: "undeliverable"; readonly to: string };

const jsonLimits = { depth: 16, members: 256 };
const longest = { id: 256, sdp: 32 * 1024, candidate: 1024 };

/** @returns what the message says, or why it says nothing */
export function readSignal(text: string): Signal | string {
  let value: unknown;
  try {
    value = parseJson(text, jsonLimits);
  } catch {
    return "no JSON";
  }
  if (typeof value !== "object" || value === null) return "no object";
  const { action, type, fromid, toid, sdp, candidate } = value as Record<string, unknown>;
  if (action === "undeliverable") {
    return isText(toid, longest.id) ? { kind: action, to: toid } : "toid: no peer-id";
  }
  if (action === "registered") return { kind: action };
  if (type !== "offer" && type !== "answer" && type !== "candidate") return "type: neither offer, answer nor candidate";
  if (!isText(fromid, longest.id)) return "fromid: no peer-id";
  if (type === "candidate") {
    return isText(candidate, longest.candidate) ? { kind: type, from: fromid, candidate } : "candidate: none";
  }
  // The field nests a session description object; its text alone says as much.
  const description = typeof sdp === "object" && sdp !== null ? (sdp as Record<string, unknown>).sdp : sdp;
  return isText(description, longest.sdp) ? { kind: type, from: fromid, sdp: description } : "sdp: no description";
}

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= most;
}

/** `token`: from the answer to the join, where the HOMS gives one (E-HOMP-69). `overlayId`: at the relay of an OMS, whose token it is then. */
export function writeHello(peerId: string, token: string | undefined, overlayId?: string): string {
  return JSON.stringify({ action: "hello", "peer-id": peerId, overlay_network_id: overlayId, token });
}

export function writeBye(peerId: string): string {
  return JSON.stringify({ action: "bye", "peer-id": peerId });
}

export function writeDescription(from: string, to: string, type: "offer" | "answer", sdp: string): string {
  return JSON.stringify({ fromid: from, toid: to, fromticketid: "", sdp: { type, sdp }, type });
}

export function writeCandidate(from: string, to: string, candidate: string): string {
  return JSON.stringify({ fromid: from, toid: to, candidate, type: "candidate" });
}

import type { HttpReply, HttpSendOptions } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import type { HomsTest } from "./case.js";

/** A JSON object on its way to the product. */
export type Json = Record<string, unknown>;

/** What the owner of an overlay knows. */
export interface Owner {
  readonly id: string;
  readonly ownerId: string;
  /** OVERLAY_AUTH in full, keys in the spelling of the product. */
  readonly auth: Json;
}

/** Values clearly within the rules: 40 is more than three times 10. */
const HEARTBEAT = { "heartbeat-interval": 10, "heartbeat-timeout": 40 };

/** A creation with every mandatory member [Q.4103 6.2.1 Table 6-9]; the word in title and description is in no other overlay. */
export function overlayInfo(t: HomsTest, more: Json = {}): Json {
  const word = t.unique("overlay");
  return {
    title: `Title of ${word}`,
    type: "core",
    "sub-type": "tree",
    "owner-id": t.unique("owner"),
    description: `Made by the conformance suite as ${word}`,
    ...HEARTBEAT,
    auth: openAuth(t),
    ...more,
  };
}

export function creationOf(t: HomsTest, info: Json): Json {
  return { [t.dialect.wrapper]: info };
}

/** `title` → `overlay_info.title`, or what the product takes instead. */
export function inCreation(t: HomsTest, member: string): string {
  return `${t.dialect.wrapper}.${member}`;
}

// ---- OVERLAY_AUTH [6.1.3 Table 6-3] ----

export function openAuth(t: HomsTest): Json {
  return { type: "open", [adminKey(t)]: t.unique("admin") };
}

/** Closed, with an access key and a list of peers unless told otherwise. */
export function closedAuth(t: HomsTest, { key, peers }: { key?: string; peers?: readonly string[] } = {}): Json {
  return {
    type: "closed",
    [adminKey(t)]: t.unique("admin"),
    ...(key === undefined ? {} : { [accessKey(t)]: key }),
    ...(peers === undefined ? {} : { peerlist: peers }),
  };
}

export function adminKey(t: HomsTest): string {
  return `admin${t.dialect.keys}key`;
}

export function accessKey(t: HomsTest): string {
  return `access${t.dialect.keys}key`;
}

/** What a joining peer shows [6.2.5 Table 6-17]; type goes along (E-HOMP-52). */
export function keyOf(t: HomsTest, key: string): Json {
  return { type: "closed", [accessKey(t)]: key };
}

// ---- the owner's messages ----

export function modificationOf({ id, ownerId, auth }: Owner, changes: Json = {}): Json {
  return { overlay: { "overlay-id": id, "owner-id": ownerId, auth, ...changes } };
}

export function removalOf({ id, ownerId, auth }: Owner): Json {
  return { overlay: { "overlay-id": id, "owner-id": ownerId, auth } };
}

// ---- the peers' messages ----

/** What a member knows. */
export interface Peer {
  readonly peerId: string;
  readonly address: string;
  /** Letters and digits only [6.1.7]. */
  readonly password: string;
}

export function newPeer(t: HomsTest, peerId = t.unique("peer")): Peer {
  return { peerId, address: `tcp://192.0.2.7:${t.random.integer(1024, 65_535)}`, password: t.random.hex(24) };
}

export function joinOf({ id, type = "core", subType = "tree" }: Joinable, peer: Peer, more: Json = {}): Json {
  return { overlay: { "overlay-id": id, type, "sub-type": subType, ...more }, peer: peerInfo(peer) };
}

interface Joinable {
  readonly id: string;
  readonly type?: string;
  readonly subType?: string;
}

export function refreshOf(overlayId: string, peer: Peer, more: Json = {}): Json {
  return { overlay: { "overlay-id": overlayId, ...more }, peer: peerInfo(peer) };
}

export function leaveOf(overlayId: string, { peerId, password }: Peer, more: Json = {}): Json {
  return { overlay: { "overlay-id": overlayId, ...more }, peer: { "peer-id": peerId, auth: { password } } };
}

export function reportOf(
  t: HomsTest,
  overlayId: string,
  { peerId }: Peer,
  primary: readonly string[] = [],
): Json & { status: Json } {
  const costmap = { primary, outgoing_candidate: [], incoming_candidate: [] };
  const status = { num_primary: primary.length, num_out_candidate: 0, num_in_candidate: 0, costmap };
  return {
    overlay: { "overlay-id": overlayId },
    peer: { "peer-id": peerId },
    status: t.dialect.report === "nested" ? { status } : status,
  };
}

function peerInfo({ peerId, address, password }: Peer): Json {
  return { "peer-id": peerId, address, auth: { password } };
}

/** DELETE with its body; under reading B of E-HOMP-11 the identifiers go into the query string too, secrets never do. */
export function deletion(
  t: HomsTest,
  path: "/homs" | "/peer",
  body: Json,
  options: HttpSendOptions = {},
): Promise<HttpReply> {
  if (t.declared.reading("E-HOMP-11") === "A") return t.http.delete(path, { body, ...options });
  const query = new URLSearchParams();
  for (const holder of [body.overlay, body.peer]) {
    for (const name of ["overlay-id", "owner-id", "peer-id"]) {
      if (isObject(holder) && typeof holder[name] === "string") query.set(name, holder[name]);
    }
  }
  return t.http.delete(`${path}?${query}`, { body, ...options });
}

import { type KeyPair, keyPair } from "../engine/ed25519.js";
import type { HttpReply, HttpSendOptions } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { bearer, memberAt, needed, ready } from "../streaming/answers.js";
import type { OmsTest } from "./case.js";

export type Json = Record<string, unknown>;
export type Sending = Omit<HttpSendOptions, "body">;

export const FORM = "spec/oms";
const OVERLAYS = "/oms/overlays";
export const paths = {
  overlay: (NID: string) => `${OVERLAYS}/${encodeURIComponent(NID)}`,
  peers: (NID: string) => `${OVERLAYS}/${encodeURIComponent(NID)}/peers`,
  peer: (NID: string, PID: string) => `${OVERLAYS}/${encodeURIComponent(NID)}/peers/${encodeURIComponent(PID)}`,
};

/** Keys of stand-ins, from the seed of the run. */
export const newKey = (t: OmsTest): KeyPair => keyPair(Buffer.from(t.random.hex(64), "hex"));

/** An address of a documentation range, another one each time: nobody connects there. */
export const newAddress = (t: OmsTest): string =>
  `tcp://192.0.2.${1 + (Number.parseInt(t.random.hex(2), 16) % 250)}:${10_000 + (Number.parseInt(t.random.hex(4), 16) % 50_000)}`;

/** What a source peer asks for [8.5 a)]. */
export function creationOf(t: OmsTest, more: Json = {}): Json {
  return {
    title: t.unique("title"),
    content_type: "FILE",
    fragment_size: 16_384,
    source_peer: { peer_id: t.unique("source"), public_key: newKey(t).publicKey, addresses: [newAddress(t)] },
    ...more,
  };
}

/** OMS_OVERLAY_CREATE; what it makes is removed after the case. */
export async function create(t: OmsTest, creation: Json, as: Sending = {}): Promise<HttpReply> {
  const reply = await t.http.post(OVERLAYS, { body: { overlay_creation: creation }, ...as });
  const [id, token] = [reply.get("overlay_network.overlay_network_id"), reply.get("overlay_network.owner_token")];
  if (reply.status < 300 && typeof id === "string")
    t.cleanup(`overlay ${id}`, () =>
      t.http.delete(paths.overlay(id), { ...bearing(typeof token === "string" ? token : "") }),
    );
  return reply;
}

/** An overlay network, with what its source peer holds. */
export interface Overlay {
  readonly id: string;
  readonly token: string;
  readonly sourcePeer: string;
  readonly sourceAddresses: readonly string[];
  /** In seconds, as granted. */
  readonly expiration: number;
  readonly reply: HttpReply;
}

/** An overlay network that a case does not judge the making of. */
export async function overlay(t: OmsTest, more: Json = {}): Promise<Overlay> {
  return await t.setup("an overlay network", async () => {
    const creation = creationOf(t, more);
    const reply = ready(t, "a valid creation", await create(t, creation));
    const { peer_id, addresses } = creation.source_peer as { peer_id: string; addresses: string[] };
    return {
      id: needed(t, reply, "/overlay_network/overlay_network_id", FORM),
      // Who trusts everybody, or knows its callers otherwise, gives none (E-DS-36).
      token: tokenAt(t, reply, "/overlay_network/owner_token"),
      sourcePeer: peer_id,
      sourceAddresses: addresses,
      expiration: Number(reply.get("overlay_network.refresh_expiration")),
      reply,
    };
  });
}

export function facts(t: OmsTest, NID: string, as: Sending = {}): Promise<HttpReply> {
  return t.http.get(paths.overlay(NID), as);
}

export function refresh(t: OmsTest, NID: string, token: string, as: Sending = {}): Promise<HttpReply> {
  return t.http.put(`${paths.overlay(NID)}/refresh`, { ...bearing(token), ...as });
}

export function remove(t: OmsTest, NID: string, token: string, as: Sending = {}): Promise<HttpReply> {
  return t.http.delete(paths.overlay(NID), { ...bearing(token), ...as });
}

/** What a peer says that joins [8.5]. */
export function joinOf(t: OmsTest, more: Json = {}): Json {
  return { peer_id: t.unique("peer"), addresses: [newAddress(t)], ...more };
}

/** OMS_JOIN. */
export function join(t: OmsTest, NID: string, body: Json, as: Sending = {}): Promise<HttpReply> {
  return t.http.post(paths.peers(NID), { body: { join: body }, ...as });
}

/** A member, with what it holds. */
export interface Member {
  readonly overlay: string;
  readonly id: string;
  readonly token: string;
  readonly addresses: readonly string[];
  readonly reply: HttpReply;
}

/** A member of an overlay network whose joining a case does not judge. */
export async function member(t: OmsTest, NID: string, more: Json = {}): Promise<Member> {
  return await t.setup("a member", async () => {
    const body = joinOf(t, more);
    return memberBy(t, NID, body, ready(t, "a valid join", await join(t, NID, body)));
  });
}

function tokenAt(t: OmsTest, reply: HttpReply, pointer: string): string {
  return memberAt(reply, pointer) === undefined ? "" : needed(t, reply, pointer, FORM);
}

const bearing = (token: string) => (token === "" ? {} : { headers: bearer(token) });

export function memberBy(t: OmsTest, NID: string, body: Json, reply: HttpReply): Member {
  return {
    overlay: NID,
    id: body.peer_id as string,
    token: tokenAt(t, reply, "/membership/peer_token"),
    addresses: body.addresses as string[],
    reply,
  };
}

export function leave(t: OmsTest, { overlay: NID, id }: Member, token: string, as: Sending = {}): Promise<HttpReply> {
  return t.http.delete(paths.peer(NID, id), { ...bearing(token), ...as });
}

/** OMS_MEMBERSHIP_REFRESH */
export function stay(t: OmsTest, { overlay: NID, id, token }: Member, change: Json = {}, as: Sending = {}) {
  return t.http.put(paths.peer(NID, id), { body: { membership: change }, ...bearing(token), ...as });
}

/** OMS_PEER_LIST */
export function askForPeers(t: OmsTest, { overlay: NID, id, token }: Member, request: Json = {}, as: Sending = {}) {
  const body = { peer_list_request: request };
  return t.http.post(`${paths.peer(NID, id)}/peer-list`, { body, ...bearing(token), ...as });
}

export interface Listed {
  readonly peer_id: string;
  readonly addresses: readonly string[];
  readonly [name: string]: unknown;
}

/** The peers in an answer to a join or a request for a list; undefined where it has no list. */
export function listIn(reply: HttpReply): readonly Listed[] | undefined {
  const list = reply.get("membership.peer_list") ?? reply.get("peer_list");
  const sound = (one: unknown): one is Listed => isObject(one) && typeof one.peer_id === "string";
  return Array.isArray(list) && list.every(sound) ? list : undefined;
}

export const idsIn = (reply: HttpReply): readonly string[] | undefined => listIn(reply)?.map(({ peer_id }) => peer_id);

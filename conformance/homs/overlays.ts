import type { HttpReply } from "../engine/http.js";
import { status } from "../engine/http.js";
import type { Matcher } from "../engine/matchers.js";
import { is, isObject } from "../engine/matchers.js";
import type { SendAs } from "../engine/refuses.js";
import type { Cite } from "../engine/test.js";
import type { HomsTest } from "./case.js";
import type { Json, Owner, Peer } from "./messages.js";
import { creationOf, deletion, joinOf, newPeer, overlayInfo, removalOf } from "./messages.js";

/** Whatever is not a refusal: 200 is expected, another 2xx draws a remark (E-HOMP-43). */
export const accepted = status("2xx");
/** Q.4103 names no code for a failure: any 4xx does (E-HOMP-31). */
export const refused = status("4xx");

/** Judges that a request was carried out. */
export function succeeds(t: HomsTest, reply: HttpReply, cite: Cite): void {
  t.answers(reply, accepted, cite);
  if (reply.status !== 200) t.warn(`${cite.what}: ${reply.status} instead of 200 (E-HOMP-43)`);
}

// ---- set-up: what a case needs and does not judge ----

export interface Overlay extends Owner {
  /** What was asked for. */
  readonly info: Json;
  readonly type: string;
  readonly subType: string;
  readonly reply: HttpReply;
}

export interface Member extends Peer {
  readonly overlayId: string;
  readonly reply: HttpReply;
}

/** Sends a creation; whatever it makes is removed after the case, also where nothing should have been made. */
export async function create(t: HomsTest, body: Json, as: Partial<SendAs> = {}): Promise<HttpReply> {
  return tidy(t, body[t.dialect.wrapper], await t.http.post("/homs", { body, ...as }));
}

/** Sees to it that what a creation made is removed after the case; gives back its answer. */
export function tidy(t: HomsTest, info: unknown, reply: HttpReply): HttpReply {
  const id = reply.get("overlay.overlay-id");
  if (typeof id === "string" && isObject(info) && isObject(info.auth)) {
    const owner = { id, ownerId: String(info["owner-id"]), auth: info.auth };
    t.cleanup(`overlay ${id}`, () => deletion(t, "/homs", removalOf(owner), { malformed: true }));
  }
  return reply;
}

/** An overlay of the case's own. */
export function made(t: HomsTest, more: Json = {}): Promise<Overlay> {
  return t.setup("an overlay", async () => {
    const info = overlayInfo(t, more);
    const reply = await create(t, creationOf(t, info));
    if (!accepted.test(reply)) t.inconclusive(`a valid creation got ${reply.outcome}`);
    const id = t.needString(reply.get("overlay.overlay-id"), "overlay-id");
    return {
      id,
      ownerId: String(info["owner-id"]),
      auth: info.auth as Json,
      info,
      type: String(info.type),
      subType: String(info["sub-type"]),
      reply,
    };
  });
}

/** A peer that joined; `more` goes into the overlay part: expires, auth. */
export function joined(t: HomsTest, overlay: Overlay, more: Json = {}, peer: Peer = newPeer(t)): Promise<Member> {
  return t.setup("a member", async () => {
    const reply = await t.http.post("/peer", { body: joinOf(overlay, peer, more) });
    if (!accepted.test(reply)) t.inconclusive(`a valid join got ${reply.outcome}`);
    return { ...peer, overlayId: overlay.id, reply };
  });
}

// ---- reading answers ----

/** The OVERLAY_INFOs of a query answer in any of its three shapes (E-HOMP-17); undefined where it is none of them. */
export function entriesOf(reply: HttpReply): Json[] | undefined {
  const list = Array.isArray(reply.json) ? reply.json : reply.get("overlay");
  if (!Array.isArray(list)) return undefined;
  const entries = list.map((one: unknown) => (isObject(one) && isObject(one.overlay) ? one.overlay : one));
  return entries.every(isObject) ? (entries as Json[]) : undefined;
}

export function queryPath(parameters: Readonly<Record<string, string>>): string {
  return `/homs?${Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&")}`;
}

/** What the query for one identifier shows: the overlay, or undefined where the product has none such. Judges nothing. */
export async function shown(t: HomsTest, id: string): Promise<Json | undefined> {
  const reply = await t.http.get(queryPath({ "overlay-id": id }));
  if (refused.test(reply)) return undefined;
  if (!accepted.test(reply)) t.inconclusive(`the query for an overlay got ${reply.outcome}`);
  return (entriesOf(reply) ?? []).find((one) => one["overlay-id"] === id);
}

/** The overlay as a query shows it; inconclusive where it shows none. */
export async function view(t: HomsTest, { id }: Owner): Promise<Json> {
  return t.need(await shown(t, id), "overlay in answer to a query by its overlay-id");
}

/** num_peers as a query shows it; only differences count, because an owner may be a member from the start (E-HOMP-48). */
export async function peersOf(t: HomsTest, overlay: Owner): Promise<number> {
  const { status } = await view(t, overlay);
  const count = isObject(status) ? status.num_peers : undefined;
  if (typeof count !== "number") return t.inconclusive("the query shows no num_peers");
  return count;
}

/** The entry peers of a join answer. */
export function entryPeersOf(reply: HttpReply): Json[] | undefined {
  const list = reply.get("overlay.status.peer_info_list");
  return Array.isArray(list) && list.every(isObject) ? (list as Json[]) : undefined;
}

/** ticket-id where the product issues one: in overlay or in a peer object (E-HOMP-07). */
export function ticketOf(reply: HttpReply): string | number | undefined {
  const ticket = reply.get("overlay.ticket-id") ?? reply.get("peer.ticket-id");
  return typeof ticket === "string" || typeof ticket === "number" ? ticket : undefined;
}

/** The lifetime of a membership as the answer states it: peer.expires first (E-HOMP-33). */
export function lifetimeOf(reply: HttpReply): unknown {
  return reply.get("peer.expires") ?? reply.get("overlay.expires");
}

/** Lifetime of the overlays in which lifetimes of peers are judged: told from these at a glance. */
export const OVERLAY_LIFETIME = 50_000;

/**
 * Whether the answer states a lifetime of the peer at most as long as asked for. Without a peer object, overlay.expires may be that of the
 * overlay instead (E-HOMP-33 B): `made` with `OVERLAY_LIFETIME`, it is far above what a peer asks for.
 */
export function lifetimeWithin(asked: number): Matcher {
  return is.where(
    `1 to ${asked} seconds; in overlay without a peer object, the overlay's own lifetime too`,
    (actual) => {
      const lifetime = Number(actual);
      return (lifetime > 0 && lifetime <= asked) || isOverlayLifetime(lifetime);
    },
  );
}

export function isOverlayLifetime(seconds: unknown): boolean {
  return Number(seconds) > OVERLAY_LIFETIME - 100 && Number(seconds) <= OVERLAY_LIFETIME;
}

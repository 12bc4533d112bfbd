import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { Exchange, Json, Reply, Rule, TinyHoms, Twist } from "./tiny-homs.js";
import { isObject } from "./tiny-homs.js";

export interface Mutant {
  readonly what: string;
  /** The statement that the defect breaks: a case that claims it has to fail on it. */
  readonly breaks: RequirementId;
  readonly twist: Twist;
}

// ---- how a defect is written down ----

const ignores = (breaks: RequirementId, ...ignore: Rule[]): Mutant => ({
  what: `does not check: ${ignore.join(", ")}`,
  breaks,
  twist: { ignore },
});

type Change = (overlay: Json, exchange: Exchange, homs: TinyHoms) => unknown;

/** Changes the member overlay of a good answer; what the function gives back, if an object, takes its place. */
const answers = (what: string, breaks: RequirementId, primitive: string, change: Change): Mutant => ({
  what,
  breaks,
  twist: {
    after: (exchange, reply, homs) => {
      if (`${exchange.method} ${exchange.path}` !== primitive || reply.status !== 200) return undefined;
      const { body } = reply;
      const overlay = isObject(body) ? body.overlay : undefined;
      for (const one of Array.isArray(overlay) ? overlay : [overlay]) {
        if (isObject(one)) change(one, exchange, homs);
      }
      return reply;
    },
  },
});

const without = (breaks: RequirementId, primitive: string, ...names: string[]): Mutant =>
  answers(`${primitive}: the answer lacks ${names.join(", ")}`, breaks, primitive, (overlay) => {
    for (const name of names) delete overlay[name];
  });

const before = (what: string, breaks: RequirementId, change: NonNullable<Twist["before"]>): Mutant => ({
  what,
  breaks,
  twist: { before: change },
});

const after = (
  what: string,
  breaks: RequirementId,
  change: (exchange: Exchange, reply: Reply, homs: TinyHoms) => Reply | undefined,
): Mutant => ({ what, breaks, twist: { after: change } });

const is = ({ method, path }: Exchange, primitive: string): boolean => `${method} ${path}` === primitive;
const part = (exchange: Exchange, name: string): Json => {
  const value = isObject(exchange.body) ? exchange.body[name] : undefined;
  return isObject(value) ? value : {};
};
const overlayOf = (exchange: Exchange, homs: TinyHoms) =>
  homs.overlays.get(String(part(exchange, "overlay")["overlay-id"]));
const memberOf = (exchange: Exchange, homs: TinyHoms) =>
  overlayOf(exchange, homs)?.members.get(String(part(exchange, "peer")["peer-id"]));

/** Does nothing, and says that it did. */
const idle = (breaks: RequirementId, primitive: string): Mutant =>
  before(`${primitive}: answered, not carried out`, breaks, (exchange, homs) => {
    if (!is(exchange, primitive)) return;
    const kept = structuredClone([...homs.overlays]);
    queueMicrotask(() => {
      homs.overlays.clear();
      for (const [id, overlay] of kept) homs.overlays.set(id, overlay);
    });
  });

const CREATION = "POST /homs";
const QUERY = "GET /homs";
const MODIFICATION = "PUT /homs";
const REMOVAL = "DELETE /homs";
const JOIN = "POST /peer";
const REPORT = "POST /peer/report";
const REFRESH = "PUT /peer";
const LEAVE = "DELETE /peer";

/** Takes the overlay made or joined last for one that is not named. */
const guesses = (breaks: RequirementId, primitive: string): Mutant =>
  before(`${primitive}: an overlay-id left out is guessed`, breaks, (exchange, homs) => {
    const overlay = part(exchange, "overlay");
    if (!is(exchange, primitive) || overlay["overlay-id"] !== undefined) return;
    const peerId = String(part(exchange, "peer")["peer-id"]);
    const all = [...homs.overlays.values()].reverse();
    const likely = all.find(
      ({ info, members }) => info["owner-id"] === overlay["owner-id"] || members.has(peerId) || primitive === JOIN,
    );
    overlay["overlay-id"] = likely?.id;
  });

/** Defects of a HOMS, one statement each. */
export const mutants: readonly Mutant[] = [
  // creation
  ignores("HOMP-6.2.1-04", "required title"),
  ignores("HOMP-6.2.1-05", "required type"),
  ignores("HOMP-6.2.1-06", "required sub-type"),
  ignores("HOMP-6.2.1-07", "required owner-id"),
  ignores("HOMP-6.2.1-10", "required heartbeat-interval", "heartbeat-interval", "heartbeat-timeout"),
  ignores("HOMP-6.2.1-11", "required heartbeat-timeout", "heartbeat-timeout"),
  ignores("HOMP-6.2.1-15", "heartbeat-interval"),
  ignores("HOMP-6.2.1-16", "heartbeat-timeout"),
  without("HOMP-6.2.1-20", CREATION, "overlay-id"),
  without("HOMP-6.2.1-21", CREATION, "sub-type"),
  without("HOMP-6.2.1-22", CREATION, "owner-id"),
  without("HOMP-6.2.1-23", CREATION, "expires"),
  without("HOMP-6.2.1-24", CREATION, "heartbeat-timeout"),
  without("HOMP-6.2.1-25", CREATION, "auth"),
  without("HOMP-6.2.1-26", CREATION, "cr-policy"),
  answers("a default lifetime of an hour", "HOMP-6.2.1-14", CREATION, (overlay, { body }) => {
    const { overlay_info: asked } = body as { overlay_info: Json };
    if (asked.expires === undefined) overlay.expires = 3_600;
  }),
  answers("a longer lifetime than asked for", "HOMP-6.2.1-23", CREATION, (overlay) => {
    overlay.expires = 100_000;
  }),
  answers("heartbeat values in milliseconds", "HOMP-6.1.1-09", CREATION, (overlay) => {
    overlay["heartbeat-interval"] = 10_000;
  }),
  answers("numbers as text", "HOMP-5-01", CREATION, (overlay) => {
    overlay.expires = String(overlay.expires);
  }),
  after("a creation is answered as info instead of overlay", "HOMP-6.2.1-19", (exchange, reply) =>
    is(exchange, CREATION) && reply.status === 200 ? { status: 200, body: { info: reply.body } } : undefined,
  ),
  after("an identifier that the client brings replaces another overlay", "HOMP-6.2.1-28", (exchange, reply, homs) => {
    const brought = part(exchange, "overlay_info")["overlay-id"];
    if (!is(exchange, CREATION) || reply.status !== 200 || typeof brought !== "string") return undefined;
    const fresh = [...homs.overlays.values()].at(-1);
    const old = homs.overlays.get(brought);
    if (fresh && old) homs.overlays.set(brought, { ...fresh, id: brought, info: { ...fresh.info } });
    return { status: 200, body: { overlay: { ...(reply.body as { overlay: Json }).overlay, "overlay-id": brought } } };
  }),
  idle("HOMP-6.2.1-01", CREATION),
  after("malformed JSON gets 500", "HOMP-6.2.1-27", (exchange) =>
    is(exchange, CREATION) && exchange.body === undefined ? { status: 500 } : undefined,
  ),
  // query
  answers("a query shows no title", "HOMP-6.2.2-10", QUERY, (overlay) => void delete overlay.title),
  without("HOMP-6.2.2-11", QUERY, "expires"),
  without("HOMP-6.2.2-12", QUERY, "status"),
  without("HOMP-6.2.2-14", QUERY, "auth"),
  without("HOMP-6.2.2-15", QUERY, "cr-policy"),
  answers("every overlay says it is open", "HOMP-6.2.2-14", QUERY, (overlay) => {
    overlay.auth = { type: "open" };
  }),
  answers("a query adds a cr-policy", "HOMP-6.2.1-17", QUERY, (overlay) => {
    overlay["cr-policy"] ??= { mN_Cache: 5, mD_Cache: 5, "recovery-by": "pull" };
  }),
  answers("a query tells a wrong owner", "HOMP-6.1.1-05", QUERY, (overlay) => {
    overlay["owner-id"] = "nobody";
  }),
  answers("a query tells a wrong description", "HOMP-6.1.1-08", QUERY, (overlay) => {
    overlay.description = "";
  }),
  answers("titles lose what is not ASCII", "HOMP-6.1.1-02", QUERY, (overlay) => {
    overlay.title = String(overlay.title).replace(/[^ -~]/g, "?");
  }),
  answers("the state is an empty word", "HOMP-6.1.4-03", QUERY, (overlay) => {
    overlay.status = { ...(overlay.status as Json), status: "" };
  }),
  answers("the number of peers is always 3", "HOMP-6.1.4-01", QUERY, (overlay) => {
    overlay.status = { num_peers: 3, status: "active" };
  }),
  before("a query by title looks into the description as well", "HOMP-6.2.2-08", (exchange, homs) => {
    const title = exchange.query.get("title");
    if (!is(exchange, QUERY) || title === null) return;
    const found = [...homs.overlays.values()].find(({ info }) => String(info.description).includes(title));
    if (found) exchange.query.set("title", String(found.info.title));
  }),
  before("a query by description is a query for all", "HOMP-6.2.2-07", (exchange) =>
    exchange.query.delete("description"),
  ),
  before("a query by title finds whole titles only", "HOMP-6.2.2-08", (exchange, homs) => {
    const title = exchange.query.get("title");
    const whole = [...homs.overlays.values()].some(({ info }) => info.title === title);
    if (title !== null && !whole) exchange.query.set("title", `${title}\u0000`);
  }),
  before("a query by overlay-id is a query for all", "HOMP-6.2.2-03", (exchange) =>
    exchange.query.delete("overlay-id"),
  ),
  before("a query without parameters finds nothing", "HOMP-6.2.2-06", (exchange) => {
    if (is(exchange, QUERY) && exchange.query.size === 0) exchange.query.set("overlay-id", "none");
  }),
  after("a query is answered by one overlay instead of a list", "HOMP-6.2.2-09", (exchange, { status, body }) => {
    const list = isObject(body) ? body.overlay : undefined;
    return is(exchange, QUERY) && Array.isArray(list) ? { status, body: { overlay: list[0] ?? {} } } : undefined;
  }),
  after("a query for an unknown overlay is answered by all", "HOMP-6.2.2-17", (exchange, _reply, homs) => {
    const id = exchange.query.get("overlay-id");
    if (!is(exchange, QUERY) || id === null || homs.overlays.has(id)) return undefined;
    return homs.handle({ ...exchange, query: new URLSearchParams() });
  }),
  // modification
  guesses("HOMP-6.2.3-04", MODIFICATION),
  ignores("HOMP-6.2.3-05", "owner", "required owner-id"),
  ignores("HOMP-6.2.3-06", "required auth", "admin key"),
  ignores("HOMP-6.2.3-09", "admin key"),
  without("HOMP-6.2.3-12", MODIFICATION, "auth"),
  without("HOMP-6.2.3-13", MODIFICATION, "title"),
  without("HOMP-6.2.3-14", MODIFICATION, "description"),
  answers("a modification is answered with a wrong key", "HOMP-6.2.3-16", MODIFICATION, (overlay) => {
    overlay.auth = { type: "closed", access_key: "stale" };
  }),
  idle("HOMP-7.1.3-02", MODIFICATION),
  answers("a modification is answered with the old title", "HOMP-7.1.3-05", MODIFICATION, (overlay) => {
    overlay.title = "old";
  }),
  after("a modification may change the type", "HOMP-7.1.3-01", (exchange, _reply, homs) => {
    const overlay = is(exchange, MODIFICATION) ? overlayOf(exchange, homs) : undefined;
    const { type } = part(exchange, "overlay");
    if (overlay && type !== undefined) overlay.info.type = type;
    return undefined;
  }),
  after("a modification clears the title that it does not name", "HOMP-6.2.3-07", (exchange, _reply, homs) => {
    const overlay = is(exchange, MODIFICATION) ? overlayOf(exchange, homs) : undefined;
    if (overlay && part(exchange, "overlay").title === undefined) overlay.info.title = "";
    return undefined;
  }),
  after("a modification puts all members out", "HOMP-7.1.3-03", (exchange, _reply, homs) => {
    if (is(exchange, MODIFICATION)) overlayOf(exchange, homs)?.members.clear();
    return undefined;
  }),
  before("an access key is for ever", "HOMP-6.2.3-10", (exchange, homs) => {
    const auth = part(exchange, "overlay").auth;
    const overlay = overlayOf(exchange, homs);
    if (is(exchange, MODIFICATION) && isObject(auth) && overlay)
      auth.access_key = (overlay.info.auth as Json).access_key;
  }),
  after("trans_policy comes back mangled", "HOMP-6.1.1-13", (exchange, reply, homs) => {
    const overlay = is(exchange, MODIFICATION) ? overlayOf(exchange, homs) : undefined;
    if (overlay?.info.trans_policy) overlay.info.trans_policy = "[object Object]";
    return reply;
  }),
  // removal
  ignores("HOMP-6.2.4-03", "required overlay-id", "required owner-id", "owner"),
  ignores("HOMP-6.2.4-04", "admin key"),
  guesses("HOMP-6.2.4-03", REMOVAL),
  without("HOMP-6.2.4-05", REMOVAL, "overlay-id"),
  idle("HOMP-6.2.4-01", REMOVAL),
  idle("HOMP-7.1.2-03", REMOVAL),
  after("the second removal succeeds too", "HOMP-6.2.4-06", (exchange, reply) =>
    is(exchange, REMOVAL) && reply.status === 404
      ? { status: 200, body: { overlay: { "overlay-id": part(exchange, "overlay")["overlay-id"] } } }
      : undefined,
  ),
  after("members of a removed overlay may report on", "HOMP-7.1.4-03", (exchange, reply) =>
    is(exchange, REPORT) && reply.status === 404 ? { status: 200, body: {} } : undefined,
  ),
  // join and admission
  guesses("HOMP-6.2.5-03", JOIN),
  ignores("HOMP-6.2.5-08", "required peer-id"),
  ignores("HOMP-6.2.5-08", "required address"),
  ignores("HOMP-6.2.5-08", "required auth", "required password"),
  ignores("HOMP-6.1.3-02", "access key"),
  ignores("HOMP-6.1.3-04", "access key"),
  ignores("HOMP-6.1.3-06", "peer list"),
  before("everybody is on a list of peers", "HOMP-6.1.3-05", (exchange, homs) => {
    const auth = is(exchange, JOIN) ? overlayOf(exchange, homs)?.info.auth : undefined;
    if (isObject(auth) && Array.isArray(auth.peerlist)) auth.peerlist.push(part(exchange, "peer")["peer-id"]);
  }),
  before("keys that begin right are right", "HOMP-6.1.3-04", (exchange, homs) => {
    const auth = part(exchange, "overlay").auth;
    const own = (overlayOf(exchange, homs)?.info.auth as Json | undefined)?.access_key;
    if (is(exchange, JOIN) && isObject(auth) && typeof own === "string" && String(auth.access_key).startsWith(own))
      auth.access_key = own;
  }),
  idle("HOMP-6.2.5-01", JOIN),
  without("HOMP-6.2.5-13", JOIN, "sub-type"),
  without("HOMP-6.2.5-14", JOIN, "expires"),
  without("HOMP-6.2.5-15", JOIN, "status"),
  answers("no entry peers", "HOMP-7.2.1-03", JOIN, (overlay) => {
    overlay.status = { ...(overlay.status as Json), peer_info_list: [] };
  }),
  answers("entry peers from nowhere", "HOMP-7.2.1-03", JOIN, (overlay) => {
    const { status } = overlay as { status: { peer_info_list: Json[] } };
    status.peer_info_list.push({ "peer-id": "ghost", address: "tcp://192.0.2.1:1" });
  }),
  answers("entry peers as bare identifiers", "HOMP-6.1.4-02", JOIN, (overlay) => {
    const { status } = overlay as { status: { peer_info_list: unknown[] } };
    status.peer_info_list = status.peer_info_list.map((one) => (one as Json)["peer-id"]);
  }),
  after("an unknown overlay is made on the first join", "HOMP-6.2.5-17", (exchange, reply) =>
    is(exchange, JOIN) && reply.status === 404
      ? { status: 200, body: { overlay: part(exchange, "overlay") } }
      : undefined,
  ),
  // reports
  ignores("HOMP-6.2.6-03", "required status"),
  ignores("HOMP-6.2.6-06", "membership"),
  answers("a report is answered with another overlay", "HOMP-6.2.6-05", REPORT, (overlay) => {
    overlay["overlay-id"] = "other";
  }),
  // refreshes and leaves
  guesses("HOMP-6.2.7-04", REFRESH),
  ignores("HOMP-6.2.7-06", "required auth", "password"),
  ignores("HOMP-6.2.7-06", "password"),
  ignores("HOMP-6.2.7-09", "membership", "password", "required auth"),
  without("HOMP-6.2.7-07", REFRESH, "expires"),
  after("a refresh does not say whose it is", "HOMP-6.2.7-08", (exchange, { status, body }) =>
    is(exchange, REFRESH) && status === 200 ? { status, body: { overlay: (body as Json).overlay } } : undefined,
  ),
  idle("HOMP-7.2.3-05", REFRESH),
  guesses("HOMP-6.2.8-06", LEAVE),
  ignores("HOMP-6.2.8-08", "password"),
  ignores("HOMP-7.2.4-06", "required auth", "required password", "password"),
  ignores("HOMP-6.2.8-10", "membership", "password", "required auth"),
  without("HOMP-6.2.8-09", LEAVE, "overlay-id"),
  idle("HOMP-7.2.4-02", LEAVE),
  idle("HOMP-7.2.4-07", LEAVE),
  before("who leaves one overlay leaves all", "HOMP-7.2.4-07", (exchange, homs) => {
    if (!is(exchange, LEAVE)) return;
    const own = overlayOf(exchange, homs);
    for (const overlay of homs.overlays.values()) {
      if (overlay !== own) overlay.members.delete(String(part(exchange, "peer")["peer-id"]));
    }
  }),
  // time
  ignores("HOMP-6.1.1-06", "overlay expiry"),
  ignores("HOMP-7.1.4-06", "overlay expiry"),
  ignores("HOMP-6.2.5-09", "peer expiry"),
  ignores("HOMP-6.2.8-02", "peer expiry"),
  ignores("HOMP-7.2.3-02", "peer expiry"),
  before("the lifetime of an overlay cannot be changed", "HOMP-7.1.4-07", (exchange) => {
    if (is(exchange, MODIFICATION)) delete part(exchange, "overlay").expires;
  }),
  before("a silent peer is put out at once", "HOMP-7.2.4-03", (_, homs) => {
    for (const { members } of homs.overlays.values()) {
      for (const member of members.values()) member.end = Math.min(member.end, Date.now() + 300);
    }
  }),
  before("a refused refresh counts all the same", "HOMP-7.2.3-02", (exchange, homs) => {
    const member = is(exchange, REFRESH) ? memberOf(exchange, homs) : undefined;
    if (member) member.end = Date.now() + 60_000;
  }),
  // HTTP
  after("a wrong method is taken for another", "HOMP-6.2-03", (_, reply) =>
    reply.status === 405 ? { status: 200, body: {} } : undefined,
  ),
  after("everything that is wrong is an internal error", "HOMP-6.2-03", (_, reply) =>
    reply.status === 400 ? { status: 500 } : undefined,
  ),
];

/** Leaks: the case fails, and the product conforms all the same. */
export const leaks: readonly Mutant[] = [
  answers("a query shows the whole of auth", "HOMP-6.2.2-14", QUERY, (overlay, _, homs) => {
    overlay.auth = homs.overlays.get(String(overlay["overlay-id"]))?.info.auth;
  }),
  answers("a query lists peers with their passwords", "HOMP-6.2.2-12", QUERY, (overlay, _, homs) => {
    const members = homs.overlays.get(String(overlay["overlay-id"]))?.members.values() ?? [];
    const list = [...members].map(({ peer }) => peer);
    overlay.status = { num_peers: list.length, status: "active", peer_info_list: list };
  }),
  after("a refusal names the right key", "HOMP-6.2.5-17", (exchange, reply, homs) => {
    const right = (overlayOf(exchange, homs)?.info.auth as Json | undefined)?.access_key;
    return reply.status === 403 ? { status: 403, body: { error: `expected ${String(right)}` } } : undefined;
  }),
];

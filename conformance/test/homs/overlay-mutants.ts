import type { Mutant } from "./defects.js";
import {
  after,
  answers,
  before,
  CREATION,
  guesses,
  idle,
  ignores,
  is,
  MODIFICATION,
  overlayOf,
  part,
  QUERY,
  REFRESH,
  REMOVAL,
  REPORT,
  refuses,
  without,
} from "./defects.js";
import type { Json } from "./tiny-homs.js";
import { isObject } from "./tiny-homs.js";

/** Defects in what the owner of an overlay and those who look for one see. */
export const overlayMutants: readonly Mutant[] = [
  // syntax
  answers("words in capitals", "HOMP-5-02", QUERY, (overlay) => {
    overlay.type = String(overlay.type).toUpperCase();
  }),
  {
    what: "answers that say they are HTML",
    breaks: "HOMP-6-01",
    twist: {
      write: (response, { status, body }) =>
        void response.writeHead(status, { "content-type": "text/html" }).end(JSON.stringify(body)),
    },
  },
  refuses("expires is mandatory in a refresh", "HOMP-6.2-02", REFRESH, ({ expires }) => expires === undefined),
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
  answers("identifiers are numbers", "HOMP-6.1.1-01", CREATION, (overlay) => {
    overlay["overlay-id"] = 7;
  }),
  without("HOMP-7.1.1-03", CREATION, "overlay-id"),
  answers("a timeout in milliseconds", "HOMP-6.1.1-10", CREATION, (overlay) => {
    overlay["heartbeat-timeout"] = 31_000;
  }),
  refuses("takes no wrapper around a creation", "HOMP-6.2.1-03", CREATION, () => true),
  refuses("a creation may not have expires", "HOMP-6.2.1-08", CREATION, ({ expires }) => expires !== undefined),
  refuses("a creation may not have cr-policy", "HOMP-6.2.1-13", CREATION, (info) => info["cr-policy"] !== undefined),
  refuses("knows no recovery by pull", "HOMP-6.1.8-05", CREATION, (info) => {
    return JSON.stringify(info["cr-policy"] ?? {}).includes("pull");
  }),
  refuses("knows no type sub", "HOMP-6.1.1-03", CREATION, ({ type }) => type === "sub"),
  refuses("knows no shape mesh", "HOMP-6.1.1-04", CREATION, (info) => info["sub-type"] === "mesh"),
  after("a creation without description gets 500", "HOMP-6.2.1-09", (exchange) =>
    is(exchange, CREATION) && part(exchange, "overlay_info").description === undefined ? { status: 500 } : undefined,
  ),
  {
    what: "takes a creation without auth, though it declares to refuse it",
    breaks: "HOMP-6.2.1-12",
    twist: {},
    declaration: { readings: { "E-HOMP-05": "A" } },
  },
  before("without auth, an overlay is closed", "HOMP-6.2.1-18", (exchange) => {
    if (is(exchange, CREATION)) part(exchange, "overlay_info").auth ??= { type: "closed", admin_key: "a" };
  }),
  // query
  answers("a query does not count peers", "HOMP-6.1.1-07", QUERY, (overlay) => {
    overlay.status = { status: "active" };
  }),
  answers("a query tells another cr-policy", "HOMP-6.1.1-12", QUERY, (overlay) => {
    if (overlay["cr-policy"]) overlay["cr-policy"] = { mN_Cache: 1, mD_Cache: 1, "recovery-by": "pull" };
  }),
  answers("a query tells another description", "HOMP-6.2.2-13", QUERY, (overlay) => {
    overlay.description = "another";
  }),
  before("a title is no parameter", "HOMP-6.2.2-04", ({ query }) => query.delete("title")),
  before("a description is no parameter", "HOMP-6.2.2-05", ({ query }) => query.delete("description")),
  answers("a query cuts trans_policy", "HOMP-6.2.2-16", QUERY, (overlay) => {
    if (overlay.trans_policy) overlay.trans_policy = {};
  }),
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
  ignores("HOMP-6.1.3-01", "admin key"),
  ignores("HOMP-7.1.1-01", "admin key"),
  idle("HOMP-6.2.3-02", MODIFICATION),
  refuses("takes no trans_policy", "HOMP-6.2.3-08", MODIFICATION, (overlay) => overlay.trans_policy !== undefined),
  answers("a modification is answered with a lifetime of its own", "HOMP-6.2.3-15", MODIFICATION, (overlay) => {
    overlay.expires = 1;
  }),
  after("a modification is answered without overlay", "HOMP-6.2.3-11", (exchange, reply) =>
    is(exchange, MODIFICATION) && reply.status === 200 ? { status: 200, body: {} } : undefined,
  ),
  after("a modification of nothing succeeds", "HOMP-6.2.3-17", (exchange, reply) =>
    is(exchange, MODIFICATION) && reply.status === 404 ? { status: 200, body: exchange.body } : undefined,
  ),
  answers("members are told old titles", "HOMP-7.1.3-04", REFRESH, (overlay) => {
    overlay.title = "old";
  }),
  // removal
  after("removals are answered 409", "HOMP-7.1.4-02", (exchange, reply) =>
    is(exchange, REMOVAL) && reply.status === 200 ? { status: 409 } : undefined,
  ),
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
];

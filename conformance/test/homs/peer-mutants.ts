import type { Mutant } from "./defects.js";
import {
  after,
  answers,
  before,
  guesses,
  idle,
  ignores,
  is,
  JOIN,
  LEAVE,
  MODIFICATION,
  memberOf,
  overlayOf,
  part,
  REFRESH,
  REPORT,
  refuses,
  without,
} from "./defects.js";
import type { Json } from "./tiny-homs.js";
import { isObject } from "./tiny-homs.js";

/** Defects in what peers see, in what time does, and in HTTP. */
export const peerMutants: readonly Mutant[] = [
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
  ignores("HOMP-6.1.1-11", "access key"),
  after("a join is answered without overlay", "HOMP-6.2.5-12", (exchange, reply) =>
    is(exchange, JOIN) && reply.status === 200 ? { status: 200, body: (reply.body as Json).overlay } : undefined,
  ),
  without("HOMP-7.2.3-01", JOIN, "expires"),
  answers("a join gets a day, whatever it asks for", "HOMP-6.2.5-04", JOIN, (overlay) => {
    overlay.expires = 86_400;
  }),
  refuses("a join may not have auth", "HOMP-6.2.5-05", JOIN, ({ auth }) => auth !== undefined),
  refuses("a join may not say that it is no recovery", "HOMP-6.2.5-06", JOIN, ({ recovery }) => recovery === false),
  refuses("a first join needs a ticket", "HOMP-6.2.5-07", JOIN, (overlay) => overlay["ticket-id"] === undefined),
  answers("a join answer cuts trans_policy", "HOMP-6.2.5-16", JOIN, (overlay) => {
    if (overlay.trans_policy) overlay.trans_policy = {};
  }),
  // reports
  answers("a report is answered with another's information", "HOMP-7.2.2-05", REPORT, (overlay) => {
    overlay["overlay-id"] = "another";
  }),
  ignores("HOMP-6.2.6-03", "required status"),
  ignores("HOMP-6.2.6-06", "membership"),
  answers("a report is answered with another overlay", "HOMP-6.2.6-05", REPORT, (overlay) => {
    overlay["overlay-id"] = "other";
  }),
  // refreshes and leaves
  refuses("a refresh may not have auth", "HOMP-6.2.7-05", REFRESH, ({ auth }) => auth !== undefined),
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

import { is } from "../engine/matchers.js";
import { defineCase } from "./case.js";
import { closedAuth, keyOf, refreshOf } from "./messages.js";
import { accepted, joined, lifetimeOf, lifetimeWithin, made, OVERLAY_LIFETIME, peersOf, succeeds } from "./overlays.js";

/** HybridOverlayRefresh [6.2.7, 7.2.3]; what has to be refused is in member-refusals.ts, what time does in expiry.ts. */
export const refreshCases = [
  defineCase({
    id: "homs/refresh/accepted",
    title: "a member's refresh is answered 200 with overlay-id, a lifetime and its peer-id",
    requirements: ["HOMP-6.2.7-09", "HOMP-6.2.7-07", "HOMP-6.2.7-08"],
    errata: ["E-HOMP-43", "E-HOMP-58"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      const reply = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      succeeds(t, reply, { requirement: "HOMP-6.2.7-09", what: "the status of a valid refresh" });
      t.match(
        reply.get("overlay"),
        { "overlay-id": overlay.id, expires: is.positive },
        { requirement: "HOMP-6.2.7-07", what: "overlay-id and expires" },
      );
      t.equal(reply.get("peer.peer-id"), member.peerId, { requirement: "HOMP-6.2.7-08", what: "peer-id in peer" });
    },
  }),
  defineCase({
    id: "homs/refresh/optional-members",
    title: "a refresh may have expires and auth, or neither",
    requirements: ["HOMP-6.2.7-05"],
    errata: ["E-HOMP-08", "E-HOMP-52", "E-HOMP-58"],
    group: "capability",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      const send = (more: Record<string, unknown>) =>
        t.http.put("/peer", { body: refreshOf(overlay.id, member, more) });
      t.answers(await send({}), accepted, { what: "a refresh without expires and auth" });
      t.answers(await send({ expires: 200 }), accepted, { what: "a refresh with expires" });
      t.answers(await send({ auth: { type: "open" } }), accepted, { what: "a refresh with auth" });
      t.answers(await send({ expires: 200, auth: { type: "open" } }), accepted, { what: "a refresh with both" });
    },
  }),
  defineCase({
    id: "homs/refresh/lifetime",
    title: "the lifetime that a refresh asks for is granted, or a shorter one",
    requirements: ["HOMP-6.2.7-07"],
    errata: ["E-HOMP-21", "E-HOMP-33", "E-HOMP-58"],
    group: "capability",
    async run(t) {
      const overlay = await made(t, { expires: OVERLAY_LIFETIME });
      const member = await joined(t, overlay, { expires: 300 });
      const reply = await t.http.put("/peer", { body: refreshOf(overlay.id, member, { expires: 200 }) });
      t.answers(reply, accepted, { what: "the status of a refresh with expires 200" });
      t.match(reply.get("overlay.expires"), is.positive, { what: "overlay.expires" });
      t.match(lifetimeOf(reply), lifetimeWithin(200), { what: "the lifetime, 200 asked for" });
      if (lifetimeOf(reply) !== 200) t.warn(`200 seconds asked for, ${String(lifetimeOf(reply))} answered`);
    },
  }),
  defineCase({
    id: "homs/refresh/closed-overlay",
    title: "a member of a closed overlay refreshes by its password and the access key",
    requirements: ["HOMP-6.2.7-05", "HOMP-6.2.7-09"],
    errata: ["E-HOMP-52"],
    group: "capability",
    async run(t) {
      const key = t.unique("key");
      const overlay = await made(t, { auth: closedAuth(t, { key }) });
      const member = await joined(t, overlay, { auth: keyOf(t, key) });
      const reply = await t.http.put("/peer", { body: refreshOf(overlay.id, member, { auth: keyOf(t, key) }) });
      t.answers(reply, accepted, {
        requirement: ["HOMP-6.2.7-05", "HOMP-6.2.7-09"],
        what: "the status of a refresh in a closed overlay",
      });
    },
  }),
  defineCase({
    id: "homs/refresh/counted-once",
    title: "a refresh does not count its peer again",
    requirements: ["HOMP-6.1.4-01"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      const before = await peersOf(t, overlay);
      const reply = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      t.answers(reply, accepted, { what: "the status of a valid refresh" });
      t.equal(await peersOf(t, overlay), before, { what: "num_peers after the refresh" });
    },
  }),
];

import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import { closedAuth, deletion, keyOf, leaveOf, refreshOf } from "./messages.js";
import type { Member } from "./overlays.js";
import { accepted, entryPeersOf, joined, made, peersOf, refused, succeeds } from "./overlays.js";

const leave = (t: HomsTest, member: Member, more: Record<string, unknown> = {}) =>
  deletion(t, "/peer", leaveOf(member.overlayId, member, more));

/** HybridOverlayLeave [6.2.8, 7.2.4]; one member always stays, since some remove an overlay with its last (E-HOMP-64). */
export const leaveCases = [
  defineCase({
    id: "homs/leave/accepted",
    title: "a member's leave is answered 200 with the overlay-id",
    requirements: ["HOMP-6.2.8-09", "HOMP-7.2.4-07"],
    errata: ["E-HOMP-11", "E-HOMP-43", "E-HOMP-64"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      await joined(t, overlay);
      const reply = await leave(t, await joined(t, overlay));
      succeeds(t, reply, { requirement: "HOMP-7.2.4-07", what: "the status of a valid leave" });
      t.equal(reply.get("overlay.overlay-id"), overlay.id, {
        requirement: "HOMP-6.2.8-09",
        what: "overlay-id in the answer",
      });
    },
  }),
  defineCase({
    id: "homs/leave/at-once",
    title: "a peer that left is not counted, handed out or refreshed any more",
    requirements: ["HOMP-7.2.4-02", "HOMP-7.2.4-07"],
    errata: ["E-HOMP-64"],
    group: "capability",
    async run(t) {
      const both = ["HOMP-7.2.4-02", "HOMP-7.2.4-07"] as const;
      const overlay = await made(t);
      await joined(t, overlay);
      const before = await peersOf(t, overlay);
      const member = await joined(t, overlay);
      t.answers(await leave(t, member), accepted, { requirement: both, what: "the status of a valid leave" });
      t.equal(await peersOf(t, overlay), before, { requirement: both, what: "num_peers right after" });
      const next = await joined(t, overlay);
      const ids = (entryPeersOf(next.reply) ?? []).map((one) => one["peer-id"]);
      t.that(!ids.includes(member.peerId), `no ${member.peerId}`, ids, {
        requirement: both,
        what: "the entry peers of the next join",
      });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      t.answers(refresh, refused, { requirement: both, what: "a refresh by the peer that left" });
    },
  }),
  defineCase({
    id: "homs/leave/twice",
    title: "the second of two leaves is refused",
    requirements: ["HOMP-6.2.8-10"],
    errata: ["E-HOMP-31", "E-HOMP-43"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      await joined(t, overlay);
      const member = await joined(t, overlay);
      succeeds(t, await leave(t, member), { what: "the status of the first leave" });
      t.answers(await leave(t, member), refused, { what: "the status of the second leave" });
    },
  }),
  defineCase({
    id: "homs/leave/one-overlay-only",
    title: "a peer that leaves one overlay stays in another",
    requirements: ["HOMP-7.2.4-07"],
    group: "behaviour",
    async run(t) {
      const [one, other] = [await made(t), await made(t)];
      await joined(t, one);
      const member = await joined(t, one);
      await joined(t, other, {}, member);
      t.answers(await leave(t, member), accepted, { what: "the status of a valid leave" });
      const refresh = await t.http.put("/peer", { body: refreshOf(other.id, member) });
      t.answers(refresh, accepted, { what: "its refresh in the other overlay" });
    },
  }),
  defineCase({
    id: "homs/leave/closed-overlay",
    title: "a member leaves a closed overlay with its password and the access key",
    requirements: ["HOMP-7.2.4-07"],
    errata: ["E-HOMP-37"],
    group: "capability",
    async run(t) {
      const key = t.unique("key");
      const overlay = await made(t, { auth: closedAuth(t, { key }) });
      const auth = keyOf(t, key);
      await joined(t, overlay, { auth });
      const member = await joined(t, overlay, { auth });
      t.answers(await leave(t, member, { auth }), accepted, { what: "the status of a leave from a closed overlay" });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, member, { auth }) });
      t.answers(refresh, refused, { what: "a refresh by the peer that left" });
    },
  }),
  defineCase({
    id: "homs/leave/join-again",
    title: "a peer that left may join again",
    requirements: ["HOMP-6.2.8-10"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      await joined(t, overlay);
      const member = await joined(t, overlay);
      const before = await peersOf(t, overlay);
      t.answers(await leave(t, member), accepted, { what: "the status of a valid leave" });
      await joined(t, overlay, {}, member);
      t.equal(await peersOf(t, overlay), before, { what: "num_peers after the peer came back" });
    },
  }),
];

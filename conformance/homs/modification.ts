import { is } from "../engine/matchers.js";
import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { closedAuth, joinOf, keyOf, modificationOf, newPeer, refreshOf } from "./messages.js";
import type { Overlay } from "./overlays.js";
import { accepted, joined, made, refused, succeeds, view } from "./overlays.js";

export const modify = (t: HomsTest, overlay: Overlay, changes: Json) =>
  t.http.put("/homs", { body: modificationOf(overlay, changes) });

/** HybridOverlayModification: what the owner may change, and what its answer holds [6.2.3, 7.1.3]. */
export const modificationCases = [
  defineCase({
    id: "homs/modification/accepted",
    title: "a modification by the owner is answered 200 with overlay-id, owner-id and auth",
    requirements: ["HOMP-6.2.3-11", "HOMP-6.2.3-12"],
    errata: ["E-HOMP-41", "E-HOMP-43"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      const reply = await modify(t, overlay, { title: t.unique("new title") });
      succeeds(t, reply, { requirement: "HOMP-6.2.3-11", what: "the status of a valid modification" });
      t.match(reply.get("overlay"), is.object, { requirement: "HOMP-6.2.3-11", what: "the member overlay" });
      t.match(
        reply.get("overlay"),
        { "overlay-id": overlay.id, "owner-id": overlay.ownerId, auth: { type: "open" } },
        { requirement: "HOMP-6.2.3-12", what: "overlay-id, owner-id and auth in the answer" },
      );
    },
  }),
  defineCase({
    id: "homs/modification/title",
    title: "the owner changes the title alone: the answer and a query at once show it, and nothing else changed",
    requirements: [
      "HOMP-6.2.3-02",
      "HOMP-6.2.3-07",
      "HOMP-6.2.3-13",
      "HOMP-7.1.3-01",
      "HOMP-7.1.3-02",
      "HOMP-7.1.3-05",
      "HOMP-6.2.3-12",
      "HP2P-7.3.1.2-01",
    ],
    errata: ["E-HOMP-10"],
    group: "capability",
    async run(t) {
      const overlay = await made(t);
      const title = t.unique("new title");
      const reply = await modify(t, overlay, { title });
      t.answers(reply, accepted, {
        requirement: ["HOMP-7.1.3-01", "HOMP-6.2.3-12"],
        what: "the status of a new title",
      });
      t.equal(reply.get("overlay.title"), title, {
        requirement: ["HOMP-6.2.3-13", "HOMP-7.1.3-05"],
        what: "the title in the answer",
      });
      const after = await view(t, overlay);
      t.equal(after.title, title, {
        requirement: ["HOMP-7.1.3-02", "HOMP-7.1.3-01", "HOMP-6.2.3-02", "HP2P-7.3.1.2-01"],
        what: "the title in a query right after",
      });
      const kept = { "owner-id": overlay.ownerId, type: "core", "sub-type": "tree", auth: { type: "open" } };
      t.match(after, kept, { requirement: "HOMP-6.2.3-07", what: "the members not named in the request" });
      t.oneOf(after.description, [overlay.info.description, undefined], {
        requirement: "HOMP-6.2.3-07",
        what: "the description, not named in the request",
      });
    },
  }),
  defineCase({
    id: "homs/modification/description",
    title: "the owner changes the description alone: the answer shows it, and the title stays",
    requirements: ["HOMP-6.2.3-02", "HOMP-6.2.3-07", "HOMP-6.2.3-14", "HOMP-7.1.3-01", "HOMP-7.1.3-05"],
    errata: ["E-HOMP-10"],
    group: "capability",
    async run(t) {
      const overlay = await made(t);
      const description = t.unique("new description");
      const reply = await modify(t, overlay, { description });
      t.answers(reply, accepted, { requirement: "HOMP-7.1.3-01", what: "the status of a new description" });
      t.equal(reply.get("overlay.description"), description, {
        requirement: ["HOMP-6.2.3-14", "HOMP-7.1.3-05"],
        what: "the description in the answer",
      });
      const after = await view(t, overlay);
      t.oneOf(after.description, [description, undefined], {
        requirement: ["HOMP-7.1.3-01", "HOMP-6.2.3-02"],
        what: "the description in a query right after",
      });
      t.equal(after.title, overlay.info.title, { requirement: "HOMP-6.2.3-07", what: "the title, not named" });
    },
  }),
  defineCase({
    id: "homs/modification/expires",
    title: "the owner changes the lifetime alone: the answer, if it says so, and a query show it",
    requirements: ["HOMP-6.2.3-02", "HOMP-6.2.3-07", "HOMP-6.2.3-15", "HOMP-7.1.3-01"],
    errata: ["E-HOMP-21"],
    group: "capability",
    async run(t) {
      const overlay = await made(t, { expires: 600 });
      const reply = await modify(t, overlay, { expires: 5_000 });
      t.answers(reply, accepted, { requirement: "HOMP-7.1.3-01", what: "the status of a new lifetime" });
      // Reading B of E-HOMP-21: the seconds left, of which one may have gone by.
      t.match(reply.get("overlay.expires"), is.optional(is.between(601, 5_000)), {
        requirement: "HOMP-6.2.3-15",
        what: "expires in the answer, 5,000 asked for",
      });
      const after = await view(t, overlay);
      t.that(Number(after.expires) > 600 && Number(after.expires) <= 5_000, "601 to 5,000 seconds", after.expires, {
        requirement: ["HOMP-7.1.3-01", "HOMP-6.2.3-02"],
        what: "expires in a query right after",
      });
      t.equal(after.title, overlay.info.title, { requirement: "HOMP-6.2.3-07", what: "the title, not named" });
    },
  }),
  defineCase({
    id: "homs/modification/access-key",
    title: "the owner changes the access key: the new one opens, the old one no longer",
    requirements: ["HOMP-6.2.3-10", "HOMP-7.1.3-01"],
    errata: ["E-HOMP-02", "E-HOMP-40"],
    group: "capability",
    async run(t) {
      const [oldKey, newKey] = [t.unique("old"), t.unique("new")];
      const overlay = await made(t, { auth: closedAuth(t, { key: oldKey }) });
      const join = (key: string) =>
        t.http.post("/peer", { body: joinOf(overlay, newPeer(t), { auth: keyOf(t, key) }) });
      t.answers(await join(oldKey), accepted, { requirement: "HOMP-6.2.3-10", what: "a join by the first access key" });
      const reply = await modify(t, { ...overlay, auth: { ...overlay.auth, ...keyOf(t, newKey) } }, {});
      t.answers(reply, accepted, { requirement: "HOMP-7.1.3-01", what: "the status of a new access key" });
      t.answers(await join(newKey), accepted, { requirement: "HOMP-6.2.3-10", what: "a join by the new access key" });
      t.answers(await join(oldKey), refused, { requirement: "HOMP-6.2.3-10", what: "a join by the old access key" });
    },
  }),
  defineCase({
    id: "homs/modification/peerlist",
    title: "the owner changes the list of peers: who is on the new one gets in, who was on the old one no longer",
    requirements: ["HOMP-6.2.3-10"],
    errata: ["E-HOMP-40", "E-HOMP-61"],
    group: "capability",
    async run(t) {
      const [before, after] = [t.unique("before"), t.unique("after")];
      const overlay = await made(t, { auth: closedAuth(t, { peers: [before] }) });
      const changed = { ...overlay, auth: { ...overlay.auth, peerlist: [after] } };
      t.answers(await modify(t, changed, {}), accepted, { what: "the status of a new list of peers" });
      const join = (peerId: string) => t.http.post("/peer", { body: joinOf(overlay, newPeer(t, peerId)) });
      t.answers(await join(after), accepted, { what: "a join by a peer on the new list" });
      t.answers(await join(before), refused, { what: "a join by a peer on the old list only" });
    },
  }),
  defineCase({
    id: "homs/modification/members-stay",
    title: "a change of the access key leaves the peers in that joined by the old one",
    requirements: ["HOMP-7.1.3-03"],
    errata: ["E-HOMP-40"],
    group: "behaviour",
    async run(t) {
      const [oldKey, newKey] = [t.unique("old"), t.unique("new")];
      const overlay = await made(t, { auth: closedAuth(t, { key: oldKey }) });
      const member = await joined(t, overlay, { auth: keyOf(t, oldKey) });
      const changed = await modify(t, { ...overlay, auth: { ...overlay.auth, ...keyOf(t, newKey) } }, {});
      if (!accepted.test(changed)) t.inconclusive(`the change of the access key got ${changed.outcome}`);
      const body = refreshOf(overlay.id, member, { auth: keyOf(t, newKey) });
      const refresh = await t.http.put("/peer", { body });
      t.answers(refresh, accepted, { what: "a refresh by a member that joined by the old access key" });
    },
  }),
  defineCase({
    id: "homs/modification/seen-by-members",
    title: "what changed is there for members at the time of their next refresh",
    requirements: ["HOMP-7.1.3-04"],
    errata: ["E-HOMP-35"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      const title = t.unique("new title");
      const reply = await modify(t, overlay, { title });
      if (!accepted.test(reply)) t.inconclusive(`the change of the title got ${reply.outcome}`);
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, member) });
      t.answers(refresh, accepted, { what: "the status of the refresh after the change" });
      const seen = refresh.get("overlay.title");
      t.oneOf(seen, [title, undefined], { what: "the title in the refresh, where it has one" });
      t.step(seen === title ? "the refresh shows the change" : "the refresh shows no title: the peer has to query");
      t.equal((await view(t, overlay)).title, title, { what: "the title in a query after the refresh" });
    },
  }),
  defineCase({
    id: "homs/modification/fixed-attributes",
    title: "type, sub-type and heartbeat are not open to change",
    requirements: ["HOMP-7.1.3-01"],
    errata: ["E-HOMP-39"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const fixed = { type: "sub", "sub-type": "mesh", "heartbeat-interval": 20, "heartbeat-timeout": 90 };
      const body = modificationOf(overlay, { title: t.unique("new title"), ...fixed });
      const reply = await t.http.put("/homs", { body, malformed: true });
      t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, { what: "the status", entry: reply.entry });
      const after = await view(t, overlay);
      t.match(
        after,
        { type: "core", "sub-type": "tree", "owner-id": overlay.ownerId },
        { what: "the attributes after" },
      );
      t.match(after["heartbeat-interval"], is.optional(10), { what: "heartbeat-interval after" });
    },
  }),
  defineCase({
    id: "homs/modification/trans-policy",
    title: "a modification may have trans_policy; where later answers have it, it is unchanged",
    requirements: ["HOMP-6.2.3-08", "HOMP-6.1.1-13", "HOMP-6.2.2-16", "HOMP-6.2.5-16"],
    errata: ["E-HOMP-03", "E-HOMP-39"],
    group: "capability",
    async run(t) {
      const overlay = await made(t);
      const policy = { floor: { holder: t.unique("peer"), queue: ["a", "b"] }, seconds: 5 };
      const reply = await modify(t, overlay, { trans_policy: policy });
      succeeds(t, reply, { requirement: "HOMP-6.2.3-08", what: "the status of a modification with trans_policy" });
      const same = is.optional(
        is.where(JSON.stringify(policy), (actual) => JSON.stringify(sorted(actual)) === JSON.stringify(sorted(policy))),
      );
      const entry = await view(t, overlay);
      t.match(entry.trans_policy ?? entry["trans-policy"], same, {
        requirement: ["HOMP-6.2.2-16", "HOMP-6.1.1-13"],
        what: "trans_policy in a query",
      });
      const join = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t)) });
      t.match(join.get("overlay.trans_policy") ?? join.get("overlay.trans-policy"), same, {
        requirement: ["HOMP-6.2.5-16", "HOMP-6.1.1-13"],
        what: "trans_policy in a join answer",
      });
    },
  }),
  defineCase({
    id: "homs/modification/keys-in-answer",
    title: "auth in the owner's answer has the admin key, the access key and the list of peers",
    requirements: ["HOMP-6.2.3-16"],
    errata: ["E-HOMP-02", "E-HOMP-41"],
    group: "capability",
    async run(t) {
      const [key, peers] = [t.unique("key"), [t.unique("peer")]];
      const overlay = await made(t, { auth: closedAuth(t, { key, peers }) });
      const reply = await modify(t, overlay, { title: t.unique("new title") });
      const cite = { entry: reply.entry };
      t.match(reply.get("overlay.auth"), { type: "closed" }, { what: "auth in the answer", ...cite });
      for (const name of ["admin_key", "access_key", "peerlist"]) {
        const [seen] = [name, name.replace("_", "-")]
          .map((one) => reply.get(`overlay.auth.${one}`))
          .filter((one) => one !== undefined);
        const own = overlay.auth[name] ?? overlay.auth[name.replace("_", "-")];
        if (seen !== undefined) t.equal(seen, own, { what: `${name} in the answer`, ...cite });
        else if (t.declared.reading("E-HOMP-41") !== "B") t.warn(`the owner's answer has no ${name} (E-HOMP-41)`);
      }
    },
  }),
  defineCase({
    id: "homs/modification/partial-auth",
    title: "what a modification leaves out of auth is kept, or removed, as declared",
    requirements: ["HOMP-6.2.3-10"],
    errata: ["E-HOMP-40"],
    needs: (declared) => declared.reading("E-HOMP-40") !== "any",
    group: "capability",
    async run(t) {
      const [key, listed] = [t.unique("key"), t.unique("peer")];
      const overlay = await made(t, { auth: closedAuth(t, { key, peers: [listed] }) });
      const { peerlist: _, ...partial } = overlay.auth;
      const reply = await modify(t, { ...overlay, auth: partial }, {});
      t.answers(reply, accepted, { what: "the status of a modification whose auth has no list of peers" });
      const join = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t, listed)) });
      const kept = t.declared.reading("E-HOMP-40") === "A";
      t.answers(join, kept ? accepted : refused, { what: "a join by the peer that was listed" });
    },
  }),
];

/** With members in the order of their names: the order in an object means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

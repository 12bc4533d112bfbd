import type { HomsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json, Peer } from "./messages.js";
import { closedAuth, creationOf, joinOf, keyOf, newPeer, overlayInfo, refreshOf } from "./messages.js";
import type { Overlay } from "./overlays.js";
import { accepted, create, joined, made, refused } from "./overlays.js";

const join = (t: HomsTest, overlay: Overlay, peer: Peer, more: Json = {}) =>
  t.http.post("/peer", { body: joinOf(overlay, peer, more) });

/** A peer that was refused is not in: its refresh is refused too. Queries may hide a closed overlay, so they are not asked. */
async function notIn(t: HomsTest, overlay: Overlay, peer: Peer): Promise<void> {
  const [requirement] = t.definition.requirements;
  const reply = await t.http.put("/peer", { body: refreshOf(overlay.id, peer) });
  t.answers(reply, refused, { ...(requirement ? { requirement } : {}), what: "a refresh by the peer not let in" });
}

/** Who may join: open and closed overlays [6.1.3, 6.2.5]. */
export const admissionCases = [
  defineCase({
    id: "homs/admission/open-and-closed",
    title: "without a key anybody may join an open overlay, and nobody a closed one",
    requirements: ["HOMP-6.1.3-02", "HOMP-6.1.1-11", "HOMP-6.2.5-17"],
    errata: ["E-HOMP-29", "E-HOMP-31"],
    group: "basic",
    async run(t) {
      const both = ["HOMP-6.1.3-02", "HOMP-6.1.1-11"] as const;
      const open = await join(t, await made(t), newPeer(t));
      t.answers(open, accepted, { requirement: both, what: "a join to an open overlay without key" });
      const overlay = await made(t, { auth: closedAuth(t, { key: t.unique("key") }) });
      const peer = newPeer(t);
      const closed = await join(t, overlay, peer);
      t.answers(closed, refused, {
        requirement: [...both, "HOMP-6.2.5-17"],
        what: "a join to a closed overlay without key",
      });
      await notIn(t, overlay, peer);
    },
  }),
  defineCase({
    id: "homs/admission/access-key",
    title: "a closed overlay is joined by its access key",
    requirements: ["HOMP-6.1.3-04"],
    errata: ["E-HOMP-02", "E-HOMP-30"],
    group: "capability",
    async run(t) {
      const key = t.unique("key");
      const overlay = await made(t, { auth: closedAuth(t, { key }) });
      const peer = newPeer(t);
      const reply = await join(t, overlay, peer, { auth: keyOf(t, key) });
      t.answers(reply, accepted, { what: "a join by the access key" });
      const refresh = await t.http.put("/peer", { body: refreshOf(overlay.id, peer, { auth: keyOf(t, key) }) });
      t.answers(refresh, accepted, { what: "a refresh by the peer that joined so" });
    },
  }),
  ...(
    [
      ["longer", "the access key and one character more", (key: string) => `${key}x`],
      ["shorter", "all but the last character of the access key", (key: string) => key.slice(0, -1)],
      ["other", "a key of the same length", (key: string) => key.replace(/.$/, (last) => (last === "0" ? "1" : "0"))],
    ] as const
  ).map(([name, what, wrong]) =>
    defineCase({
      id: `homs/admission/wrong-key-${name}`,
      title: `${what} does not open a closed overlay`,
      requirements: ["HOMP-6.1.3-04"],
      errata: ["E-HOMP-02", "E-HOMP-30"],
      group: "behaviour",
      async run(t) {
        const key = `${t.unique("key")}-0`;
        const overlay = await made(t, { auth: closedAuth(t, { key }) });
        await joined(t, overlay, { auth: keyOf(t, key) });
        const peer = newPeer(t);
        const reply = await join(t, overlay, peer, { auth: keyOf(t, wrong(key)) });
        t.answers(reply, refused, { what: `a join by ${what}` });
        await notIn(t, overlay, peer);
      },
    }),
  ),
  defineCase({
    id: "homs/admission/key-in-other-case",
    title: "an access key is compared octet by octet",
    requirements: ["HOMP-6.1.3-04"],
    errata: ["E-HOMP-30"],
    needs: (declared) => declared.reading("E-HOMP-30") === "A",
    group: "behaviour",
    async run(t) {
      const key = `${t.unique("Key")}-Ab`;
      const overlay = await made(t, { auth: closedAuth(t, { key }) });
      await joined(t, overlay, { auth: keyOf(t, key) });
      const reply = await join(t, overlay, newPeer(t), { auth: keyOf(t, key.toUpperCase()) });
      t.answers(reply, refused, { what: "a join by the access key in capitals" });
    },
  }),
  defineCase({
    id: "homs/admission/key-of-another-overlay",
    title: "the access key of one overlay does not open another",
    requirements: ["HOMP-6.1.3-04"],
    group: "behaviour",
    async run(t) {
      const [mine, theirs] = [t.unique("key"), t.unique("key")];
      const overlay = await made(t, { auth: closedAuth(t, { key: mine }) });
      const other = await made(t, { auth: closedAuth(t, { key: theirs }) });
      await joined(t, other, { auth: keyOf(t, theirs) });
      const peer = newPeer(t);
      const reply = await join(t, overlay, peer, { auth: keyOf(t, theirs) });
      t.answers(reply, refused, { what: "a join by the key of another overlay" });
      await notIn(t, overlay, peer);
    },
  }),
  defineCase({
    id: "homs/admission/peer-list",
    title: "a closed overlay is joined by the peers on its list, and by no other",
    requirements: ["HOMP-6.1.3-05", "HOMP-6.1.3-06"],
    errata: ["E-HOMP-29", "E-HOMP-61"],
    group: "capability",
    async run(t) {
      const peers = [t.unique("peer"), t.unique("peer")];
      const overlay = await made(t, { auth: closedAuth(t, { peers }) });
      for (const peerId of peers) {
        const reply = await join(t, overlay, newPeer(t, peerId));
        t.answers(reply, accepted, {
          requirement: ["HOMP-6.1.3-05", "HOMP-6.1.3-06"],
          what: "a join by a peer on the list",
        });
      }
      // Not on the list, but beginning like a peer that is.
      const stranger = newPeer(t, `${peers[0]}0`);
      const reply = await join(t, overlay, stranger);
      t.answers(reply, refused, { requirement: "HOMP-6.1.3-05", what: "a join by a peer that is not on the list" });
      await notIn(t, overlay, stranger);
    },
  }),
  defineCase({
    id: "homs/admission/key-and-list",
    title: "with an access key and a list, a listed peer needs no key and another one does",
    requirements: ["HOMP-6.1.3-06", "HOMP-6.1.3-04"],
    errata: ["E-HOMP-61"],
    group: "behaviour",
    async run(t) {
      const [key, listed] = [t.unique("key"), t.unique("peer")];
      const overlay = await made(t, { auth: closedAuth(t, { key, peers: [listed] }) });
      const byName = await join(t, overlay, newPeer(t, listed));
      t.answers(byName, accepted, { requirement: "HOMP-6.1.3-06", what: "a join by the listed peer without key" });
      const byKey = await join(t, overlay, newPeer(t), { auth: keyOf(t, key) });
      t.answers(byKey, accepted, { requirement: "HOMP-6.1.3-04", what: "a join by another peer with the key" });
      const neither = await join(t, overlay, newPeer(t));
      t.answers(neither, refused, { requirement: "HOMP-6.1.3-04", what: "a join by another peer without key" });
    },
  }),
  defineCase({
    id: "homs/admission/closed-to-all",
    title: "a closed overlay with neither access key nor list is refused, or nobody may join it, as declared",
    requirements: ["HOMP-6.1.3-02"],
    errata: ["E-HOMP-29"],
    needs: (declared) => declared.reading("E-HOMP-29") !== "any",
    group: "behaviour",
    async run(t) {
      const info = overlayInfo(t, { auth: closedAuth(t) });
      const reply = await create(t, creationOf(t, info), { malformed: true });
      const strict = t.declared.reading("E-HOMP-29") === "A";
      t.answers(reply, strict ? refused : accepted, { what: "the creation of a closed overlay without key and list" });
      if (strict) return;
      const id = t.needString(reply.get("overlay.overlay-id"), "overlay-id");
      const stranger = await t.http.post("/peer", { body: joinOf({ id }, newPeer(t)) });
      t.answers(stranger, refused, { what: "a stranger's join to it" });
    },
  }),
];

import { is } from "../engine/matchers.js";
import { set, without } from "../engine/refuses.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { closedAuth, deletion, joinOf, keyOf, leaveOf, newPeer } from "./messages.js";
import {
  accepted,
  entryPeersOf,
  isOverlayLifetime,
  joined,
  lifetimeOf,
  lifetimeWithin,
  made,
  OVERLAY_LIFETIME,
  peersOf,
  queryPath,
  succeeds,
  view,
} from "./overlays.js";
import { refuses } from "./refusals.js";

/** HybridOverlayJoin of peers that are not in yet [6.2.5, 7.2.1]. */
export const joinCases = [
  defineCase({
    id: "homs/join/accepted",
    title: "a join is answered 200 with overlay-id, type and sub-type of the overlay",
    requirements: ["HOMP-6.2.5-12", "HOMP-6.2.5-13"],
    errata: ["E-HOMP-19", "E-HOMP-33", "E-HOMP-43"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      const reply = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t)) });
      succeeds(t, reply, { requirement: "HOMP-6.2.5-12", what: "the status of a valid join" });
      t.match(reply.get("overlay"), is.object, { requirement: "HOMP-6.2.5-12", what: "the member overlay" });
      t.match(
        reply.get("overlay"),
        { "overlay-id": overlay.id, type: "core", "sub-type": "tree" },
        { requirement: "HOMP-6.2.5-13", what: "overlay-id, type and sub-type" },
      );
      const missing = ["heartbeat-interval", "heartbeat-timeout"].filter((name) => !reply.get(`overlay.${name}`));
      if (missing.length > 0) t.step(`the answer leaves the peer to defaults for ${missing.join(", ")} (E-HOMP-19)`);
    },
  }),
  defineCase({
    id: "homs/join/counted",
    title: "a peer that joined is counted",
    requirements: ["HOMP-6.2.5-01"],
    errata: ["E-HOMP-48"],
    group: "basic",
    async run(t) {
      const overlay = await made(t);
      const before = await peersOf(t, overlay);
      const reply = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t)) });
      t.answers(reply, accepted, { what: "the status of a valid join" });
      t.equal(await peersOf(t, overlay), before + 1, { what: "num_peers after the join" });
    },
  }),
  defineCase({
    id: "homs/join/lifetime",
    title: "the answer to a join states its lifetime, which is not longer than asked for",
    requirements: ["HOMP-6.2.5-04", "HOMP-6.2.5-14", "HOMP-7.2.3-01"],
    errata: ["E-HOMP-20", "E-HOMP-21", "E-HOMP-33"],
    group: "capability",
    async run(t) {
      const both = ["HOMP-6.2.5-14", "HOMP-7.2.3-01"] as const;
      const overlay = await made(t, { expires: OVERLAY_LIFETIME });
      const { reply: free } = await joined(t, overlay);
      t.match(free.get("overlay.expires"), is.positive, {
        requirement: both,
        what: "expires, not asked for",
        entry: free.entry,
      });
      const stated = t.declared.value("peer-lifetime");
      const granted = lifetimeOf(free);
      if (stated > 0) t.equal(granted, stated, { requirement: both, what: "the lifetime stated in the declaration" });
      if (t.declared.reading("E-HOMP-20") === "B") {
        const permitted = is.where("86400, or the overlay's rest", (one) => one === 86_400 || isOverlayLifetime(one));
        t.match(granted, permitted, { requirement: both, what: "the lifetime not asked for", entry: free.entry });
      }
      const { reply } = await joined(t, overlay, { expires: 100 });
      t.match(reply.get("overlay.expires"), is.positive, {
        requirement: both,
        what: "expires, 100 asked for",
        entry: reply.entry,
      });
      t.match(lifetimeOf(reply), lifetimeWithin(100), {
        requirement: ["HOMP-6.2.5-04", ...both],
        what: "the lifetime, 100 asked for",
        entry: reply.entry,
      });
      if (lifetimeOf(reply) !== 100) t.warn(`100 seconds asked for, ${String(lifetimeOf(reply))} answered`);
    },
  }),
  defineCase({
    id: "homs/join/entry-peers",
    title: "the second peer of an overlay is told of the first one",
    requirements: ["HOMP-6.2.5-15", "HOMP-7.2.1-03", "HOMP-6.1.4-02", "HP2P-7.3.1.4-01", "HP2P-7.3.2.1-01"],
    errata: ["E-HOMP-14", "E-HOMP-34"],
    group: "capability",
    async run(t) {
      const all = ["HOMP-6.2.5-15", "HOMP-7.2.1-03", "HOMP-6.1.4-02", "HP2P-7.3.1.4-01"] as const;
      const overlay = await made(t);
      const first = await joined(t, overlay);
      const second = newPeer(t);
      const reply = await t.http.post("/peer", { body: joinOf(overlay, second) });
      succeeds(t, reply, { requirement: "HOMP-7.2.1-03", what: "the status of the second join" });
      t.match(reply.get("overlay.status"), is.object, { requirement: "HOMP-6.2.5-15", what: "status" });
      t.match(reply.get("overlay.status.peer_info_list"), is.listOf(is.object), {
        requirement: all,
        what: "peer_info_list, a list of PEER_INFO",
      });
      const entries = entryPeersOf(reply) ?? [];
      const entry = entries.find((one) => one["peer-id"] === first.peerId);
      t.that(entry !== undefined, `an entry whose peer-id is ${first.peerId}`, entries, {
        requirement: all,
        what: "the entry peers",
        entry: reply.entry,
      });
      t.oneOf(entry?.address ?? entry?.Address, [first.address, undefined], {
        requirement: ["HOMP-6.1.4-02", "HP2P-7.3.2.1-01"],
        what: "the address of the first peer, where it is told",
        entry: reply.entry,
      });
      if (entry && (entry.address ?? entry.Address) === undefined) t.warn("an entry peer comes without its address");
      if (entries.some((one) => one["peer-id"] === second.peerId))
        t.warn("the peer finds itself among its entry peers (E-HOMP-34)");
    },
  }),
  defineCase({
    id: "homs/join/entry-peers-are-members",
    title: "every entry peer is a member now",
    requirements: ["HOMP-7.2.1-03"],
    errata: ["E-HOMP-34", "E-HOMP-48"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const other = await made(t);
      await joined(t, other);
      const members = [await joined(t, overlay), await joined(t, overlay), await joined(t, overlay)];
      const gone = await joined(t, overlay);
      const leave = await deletion(t, "/peer", leaveOf(overlay.id, gone));
      if (!accepted.test(leave)) t.inconclusive(`a valid leave got ${leave.outcome}`);
      const newcomer = newPeer(t);
      const reply = await t.http.post("/peer", { body: joinOf(overlay, newcomer) });
      t.answers(reply, accepted, { what: "the status of a valid join" });
      const ids = (entryPeersOf(reply) ?? []).map((one) => String(one["peer-id"]));
      const permitted = [...members.map(({ peerId }) => peerId), overlay.ownerId, newcomer.peerId];
      const strangers = ids.filter((id) => !permitted.includes(id));
      const cite = { what: "the entry peers", entry: reply.entry };
      t.that(strangers.length === 0, `some of ${permitted.join(", ")}`, ids, cite);
      t.that(new Set(ids).size === ids.length, "every peer once at most", ids, cite);
      if (t.declared.reading("E-HOMP-34") === "B") {
        const missing = members.filter(({ peerId }) => !ids.includes(peerId));
        t.that(missing.length === 0, "every member, as declared", ids, cite);
      }
    },
  }),
  defineCase({
    id: "homs/join/entry-peers-of-a-mesh",
    title: "in a mesh, the peers handed out are members, and better not the same for everybody",
    requirements: ["HOMP-7.2.1-03", "HP2P-7.3.1.4-02"],
    errata: ["E-HOMP-34", "E-HP2P-19"],
    needs: ["sub-overlays"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t, { type: "sub", "sub-type": "mesh" });
      const members = [overlay.ownerId];
      const lists: string[] = [];
      // More members than an answer is likely to name.
      for (let count = 0; count < 28; count++) {
        const { reply, peerId } = await joined(t, overlay);
        members.push(peerId);
        const ids = (entryPeersOf(reply) ?? []).map((one) => String(one["peer-id"]));
        t.that(
          ids.every((id) => members.includes(id)),
          "members only",
          ids,
          { requirement: t.definition.requirements, what: "the entry peers", entry: reply.entry },
        );
        if (ids.length > 1 && ids.length < count) lists.push([...ids].sort().join());
      }
      if (lists.length > 3 && new Set(lists).size === 1)
        t.warn("all newcomers to a mesh get the same peers (E-HOMP-34)");
    },
  }),
  defineCase({
    id: "homs/join/optional-members",
    title: "a join may do without auth, recovery and ticket-id, and may say that it is no recovery",
    requirements: ["HOMP-6.2.5-05", "HOMP-6.2.5-06", "HOMP-6.2.5-07"],
    errata: ["E-HOMP-07", "E-HOMP-09", "E-HOMP-52"],
    group: "capability",
    async run(t) {
      const overlay = await made(t);
      const bare = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t)) });
      t.answers(bare, accepted, {
        requirement: ["HOMP-6.2.5-05", "HOMP-6.2.5-06", "HOMP-6.2.5-07"],
        what: "a join without auth, recovery and ticket-id",
      });
      const no = await t.http.post("/peer", { body: joinOf(overlay, newPeer(t), { recovery: false }) });
      t.answers(no, accepted, { requirement: "HOMP-6.2.5-06", what: "a first join whose recovery is false" });
      const key = t.unique("key");
      const closed = await made(t, { auth: closedAuth(t, { key }) });
      const byKey = await t.http.post("/peer", { body: joinOf(closed, newPeer(t), { auth: keyOf(t, key) }) });
      t.answers(byKey, accepted, {
        requirement: "HOMP-6.2.5-05",
        what: "a join to a closed overlay by its access key",
      });
    },
  }),
  defineCase({
    id: "homs/join/again",
    title: "a peer that joins twice is a member once",
    requirements: ["HOMP-6.1.4-01"],
    errata: ["E-HOMP-32"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const member = await joined(t, overlay);
      const before = await peersOf(t, overlay);
      const reply = await t.http.post("/peer", { body: joinOf(overlay, member), malformed: true });
      t.that(reply.status < 500, ["any 2xx", "any 4xx"], reply.outcome, {
        what: "the status of a second join",
        entry: reply.entry,
      });
      t.equal(await peersOf(t, overlay), before, { what: "num_peers after the second join" });
      const ids = (entryPeersOf((await joined(t, overlay)).reply) ?? []).map((one) => one["peer-id"]);
      t.that(ids.filter((id) => id === member.peerId).length <= 1, "the peer once at most", ids, {
        what: "the entry peers of another join",
      });
    },
  }),
  defineCase({
    id: "homs/join/two-overlays",
    title: "a peer may be in two overlays; each counts its own members",
    requirements: ["HOMP-6.2.5-01", "HOMP-6.1.4-01"],
    group: "behaviour",
    async run(t) {
      const [one, other] = [await made(t), await made(t)];
      const [before, beforeOther] = [await peersOf(t, one), await peersOf(t, other)];
      const peer = newPeer(t);
      for (const overlay of [one, other]) {
        const reply = await t.http.post("/peer", { body: joinOf(overlay, peer) });
        t.answers(reply, accepted, { requirement: "HOMP-6.2.5-01", what: "the status of a join" });
      }
      const seen = [(await peersOf(t, one)) - before, (await peersOf(t, other)) - beforeOther];
      t.equal(seen, [1, 1], { requirement: "HOMP-6.1.4-01", what: "how many peers each overlay gained" });
    },
  }),
  defineCase({
    id: "homs/join/unknown-overlay",
    title: "a join to an overlay that does not exist is refused",
    requirements: ["HOMP-6.2.5-17"],
    errata: ["E-HOMP-31"],
    group: "behaviour",
    async run(t) {
      const overlay = await made(t);
      const none = t.unique("none");
      await refuses(t, {
        what: "a join to an unknown overlay",
        valid: () => joinOf(overlay, newPeer(t)),
        send: (body, as) => t.http.post("/peer", { body, ...as }),
        delta: set("overlay.overlay-id", none),
        unchanged: async () => {
          const reply = await t.http.get(queryPath({ "overlay-id": none }));
          t.that(!reply.text.includes('"overlay-id"'), "no overlay of that identifier", reply.outcome, {
            what: "a query for that identifier",
            entry: reply.entry,
          });
        },
      });
    },
  }),
  ...refusals([
    ["overlay-id", "overlay.overlay-id", "HOMP-6.2.5-03"],
    ["type", "overlay.type", "HOMP-6.2.5-03", "a join without type is let pass"],
    ["sub-type", "overlay.sub-type", "HOMP-6.2.5-03", "a join without sub-type is let pass"],
    ["peer-id", "peer.peer-id", "HOMP-6.2.5-08"],
    ["address", "peer.address", "HOMP-6.2.5-08"],
    ["auth", "peer.auth", "HOMP-6.2.5-08"],
    ["overlay", "overlay", "HOMP-6.2.5-03"],
    ["peer", "peer", "HOMP-6.2.5-08"],
  ]),
];

type Row = readonly [string, string, "HOMP-6.2.5-03" | "HOMP-6.2.5-08", string?];

function refusals(rows: readonly Row[]) {
  return rows.map(([member, path, requirement, tolerated]) =>
    defineCase({
      id: `homs/join/without-${member}`,
      title: `a join without ${path.replace(".", "'s ")} is refused`,
      requirements: [requirement],
      errata: ["E-HOMP-31", "E-HOMP-46"],
      group: "behaviour",
      async run(t) {
        const overlay = await made(t);
        let before = 0;
        await refuses(t, {
          what: `a join without ${path}`,
          // The twin joins; what is counted is what comes after it.
          valid: async () => {
            before = await peersOf(t, overlay);
            return joinOf(overlay, newPeer(t)) as Json;
          },
          send: (body, as) => t.http.post("/peer", { body, ...as }),
          delta: without(path),
          unchanged: async () => t.equal(await peersOf(t, overlay), before, { what: "num_peers afterwards" }),
          ...(tolerated === undefined ? {} : { tolerated }),
        });
        t.equal((await view(t, overlay)).title, overlay.info.title, { what: "the title of the overlay afterwards" });
      },
    }),
  );
}

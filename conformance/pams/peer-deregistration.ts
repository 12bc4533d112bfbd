import { status } from "../engine/http.js";
import { set } from "../engine/refuses.js";
import { accepted, idsOf, refusesQuery, succeeds, unknownInQuery } from "./answers.js";
import { defineCase } from "./case.js";
import { dynamicStatus } from "./messages.js";
import { overlayNetwork, peerIn, witness } from "./network.js";
import { deregisterPeer, listPeers, queryPeer } from "./primitives.js";
import { refuses } from "./refusals.js";

/** PAMP_PEER_DEREG [9.2.4]. */
export const peerDeregistrationCases = [
  defineCase({
    id: "pams/peer-deregistration/accepted",
    title: "a registered peer is deregistered: 200 without body, and it is unknown afterwards",
    requirements: ["PAMP-9.2.4-03", "DS-8.2-d"],
    errata: ["E-PAMP-06", "E-PAMP-44"],
    group: "basic",
    async run(t) {
      const requirement = t.definition.requirements;
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus());
      const reply = await deregisterPeer(t, overlay, peer);
      succeeds(t, reply, { requirement, what: "the status of a deregistration" });
      t.equal(reply.text, "", { requirement: "PAMP-9.2.4-03", what: "the body of the answer", entry: reply.entry });
      refusesQuery(t, await queryPeer(t, overlay, peer), {
        requirement,
        what: "the status of a query for the peer afterwards",
      });
    },
  }),
  defineCase({
    id: "pams/peer-deregistration/not-listed",
    title: "a deregistered peer is in no list answer",
    requirements: ["PAMP-9.2.6-08"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const gone = await peerIn(t, overlay, dynamicStatus());
      const stays = await peerIn(t, overlay, dynamicStatus());
      await t.setup("the deregistration", async () => {
        const removed = await deregisterPeer(t, overlay, gone);
        if (!accepted.test(removed)) t.inconclusive(`a valid deregistration got ${removed.outcome}`);
      });
      const reply = await listPeers(t, overlay, { max_peer_num: 10 });
      t.equal(idsOf(t, reply), [stays], { what: "the peers listed", entry: reply.entry });
      const named = await listPeers(t, overlay, { max_peer_num: 10, ordering: "UPLOADED", peer_id: [gone, stays] });
      const ids = idsOf(t, named);
      t.that(!(Array.isArray(ids) && ids.includes(gone)), `a list without ${gone}`, ids, {
        what: "the peers listed when the condition names the peer that left",
        entry: named.entry,
      });
    },
  }),
  defineCase({
    id: "pams/peer-deregistration/unknown-peer",
    title: "the deregistration of an unknown peer is answered 404",
    requirements: ["PAMP-9.2.4-05"],
    group: "behaviour",
    async run(t) {
      const known = await witness(t);
      await refuses(t, {
        what: "the deregistration of a peer that was never registered",
        requirement: "PAMP-9.2.4-05",
        valid: async () => ({ peer: await peerIn(t, known.overlay) }),
        send: async ({ peer }, as) => deregisterPeer(t, known.overlay, peer, as),
        delta: set("peer", t.unique("never")),
        permitted: status(404),
      });
    },
  }),
  defineCase({
    id: "pams/peer-deregistration/twice",
    title: "the second deregistration of a peer is answered 404",
    requirements: ["PAMP-9.2.4-05"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      await t.setup("the first deregistration", async () => {
        const first = await deregisterPeer(t, overlay, peer);
        if (!accepted.test(first)) t.inconclusive(`a valid deregistration got ${first.outcome}`);
      });
      t.answers(await deregisterPeer(t, overlay, peer), status(404), {
        what: "the status of the second deregistration",
      });
    },
  }),
  defineCase({
    id: "pams/peer-deregistration/unknown-overlay",
    title: "the deregistration of a peer in an unknown overlay is refused",
    requirements: ["PAMP-9.2.4-05"],
    errata: ["E-PAMP-42"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      await refuses(t, {
        what: "the deregistration of a peer from an overlay that was never registered",
        requirement: "PAMP-9.2.4-05",
        valid: async () => ({ overlay, peer: await peerIn(t, overlay) }),
        send: ({ overlay, peer }, as) => deregisterPeer(t, overlay, peer, as),
        delta: set("overlay", t.unique("never")),
        permitted: unknownInQuery,
      });
    },
  }),
  defineCase({
    id: "pams/peer-deregistration/others-stay",
    title: "the deregistration of a peer leaves other peers, and the same peer in another overlay, in place",
    requirements: ["PAMP-9.2.4-03"],
    group: "behaviour",
    async run(t) {
      const elsewhere = await witness(t);
      const overlay = await overlayNetwork(t);
      await peerIn(t, overlay, dynamicStatus(), undefined, elsewhere.peer);
      const neighbour = await peerIn(t, overlay, dynamicStatus());
      const removed = await deregisterPeer(t, overlay, elsewhere.peer);
      succeeds(t, removed, { what: "the status of the deregistration" });
      await elsewhere.intact("PAMP-9.2.4-03");
      const reply = await listPeers(t, overlay, { max_peer_num: 10 });
      t.equal(idsOf(t, reply), [neighbour], { what: "the peers left in the overlay", entry: reply.entry });
    },
  }),
];

import { status } from "../engine/http.js";
import { set } from "../engine/refuses.js";
import { accepted, refused, succeeds } from "./answers.js";
import { defineCase } from "./case.js";
import { dynamicStatus, peerOf, reportOf } from "./messages.js";
import { overlayNetwork, peerIn, witness } from "./network.js";
import { deregisterOverlay, listPeers, queryPeer, registerPeer, report } from "./primitives.js";
import { refuses } from "./refusals.js";

/** PAMP_OVERLAY_NW_DEREG [9.2.2], and what is left afterwards [8.1.2.1]. */
export const overlayDeregistrationCases = [
  defineCase({
    id: "pams/overlay-deregistration/accepted",
    title: "a registered overlay is deregistered: 200 without body",
    requirements: ["PAMP-9.2.2-03"],
    errata: ["E-PAMP-44"],
    group: "basic",
    async run(t) {
      const reply = await deregisterOverlay(t, await overlayNetwork(t));
      succeeds(t, reply, { what: "the status of a deregistration" });
      t.equal(reply.text, "", { what: "the body of the answer", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/overlay-deregistration/with-peers",
    title: "an overlay in which peers are registered can be deregistered",
    requirements: ["PAMP-9.2.2-03"],
    errata: ["E-PAMP-43"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      await peerIn(t, overlay, dynamicStatus());
      succeeds(t, await deregisterOverlay(t, overlay), { what: "the status of the deregistration" });
    },
  }),
  defineCase({
    id: "pams/overlay-deregistration/unknown",
    title: "the deregistration of an unknown overlay is answered 404",
    requirements: ["PAMP-9.2.2-05"],
    group: "behaviour",
    run: (t) =>
      refuses(t, {
        what: "the deregistration of an overlay that was never registered",
        requirement: "PAMP-9.2.2-05",
        valid: async () => ({ overlay: await overlayNetwork(t) }),
        send: ({ overlay }, as) => deregisterOverlay(t, overlay, as),
        delta: set("overlay", t.unique("never")),
        permitted: status(404),
      }),
  }),
  defineCase({
    id: "pams/overlay-deregistration/twice",
    title: "the second deregistration of an overlay is answered 404",
    requirements: ["PAMP-9.2.2-05", "DS-8.1-e"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      await t.setup("the first deregistration", async () => {
        const first = await deregisterOverlay(t, overlay);
        if (!accepted.test(first)) t.inconclusive(`a valid deregistration got ${first.outcome}`);
      });
      t.answers(await deregisterOverlay(t, overlay), status(404), {
        requirement: t.definition.requirements,
        what: "the status of the second deregistration",
      });
    },
  }),
  defineCase({
    id: "pams/overlay-deregistration/others-stay",
    title: "the deregistration of one overlay leaves another with its peers in place",
    requirements: ["PAMP-9.2.2-03"],
    group: "behaviour",
    async run(t) {
      const other = await witness(t);
      // A peer of the same ID in both: it is removed from one of them only.
      const overlay = await overlayNetwork(t);
      await peerIn(t, overlay, dynamicStatus(), undefined, other.peer);
      succeeds(t, await deregisterOverlay(t, overlay), { what: "the status of the deregistration" });
      await other.intact("PAMP-9.2.2-03");
    },
  }),
  defineCase({
    id: "pams/overlay-deregistration/afterwards",
    title: "an overlay that was deregistered is unknown to reports, registrations and queries",
    requirements: ["PAMP-8.1.2.1-03"],
    errata: ["E-PAMP-43"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus());
      await t.setup("the deregistration", async () => {
        const removed = await deregisterOverlay(t, overlay);
        if (!accepted.test(removed)) t.inconclusive(`a valid deregistration got ${removed.outcome}`);
      });
      // Data may linger: only an answer is required, whatever it says.
      for (const [what, reply, expected] of [
        ["a report", await report(t, overlay, peer, reportOf(t, dynamicStatus())), status(404)],
        ["a peer's registration", await registerPeer(t, overlay, peerOf(t)), status(404)],
        ["a list query", await listPeers(t, overlay, { max_peer_num: 10 }), refused],
        ["a query for one peer", await queryPeer(t, overlay, peer), refused],
      ] as const) {
        t.answers(reply, status("2xx", "4xx"), { what: `the status of ${what} after the deregistration` });
        if (!expected.test(reply)) t.warn(`${what} after the deregistration: ${reply.status} (E-PAMP-43)`);
      }
    },
  }),
];

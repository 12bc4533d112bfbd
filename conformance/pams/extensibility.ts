import type { Cite } from "../engine/test.js";
import { carries, idsOf, listedIn, succeeds } from "./answers.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, fragments, idIn, overlayOf, peerOf, reportOf, staticStatus } from "./messages.js";
import { overlayNetwork, peersIn } from "./network.js";
import { listPeers, queryPeer, registerOverlay, registerPeer, report } from "./primitives.js";

/** What no version of the Recommendation names. */
const more: Json = { "x-conformance": "unknown", "x-object": { "x-list": [1, "two", null, { "x-deep": true }] } };

const cite = (what: string): Cite => ({ what: `the status of ${what} with unknown members` });

/** Members that the Recommendation does not name change nothing: the format is open to extension [REQ-EXT-01]. */
export const extensibilityCases = [
  defineCase({
    id: "pams/extensibility/overlay-registration",
    title: "an overlay registration with unknown members is carried out",
    requirements: ["PAMP-REQ-EXT-01"],
    group: "behaviour",
    async run(t) {
      const body = { ...overlayOf(t, more), ...more };
      carries(t, await registerOverlay(t, body), "pam_conf_info", cite("an overlay registration"));
      const overlay = idIn(body, "overlay_network_information") ?? "";
      const joined = await registerPeer(t, overlay, peerOf(t));
      succeeds(t, joined, { what: "the status of a registration in that overlay" });
    },
  }),
  defineCase({
    id: "pams/extensibility/peer-registration",
    title: "a peer registration with unknown members is carried out",
    requirements: ["PAMP-REQ-EXT-01"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const body = { ...peerOf(t, more), ...more };
      carries(t, await registerPeer(t, overlay, body), "pam_conf_info", cite("a peer registration"));
      const peer = idIn(body, "peer_information") ?? "";
      const reported = await report(t, overlay, peer, reportOf(t, dynamicStatus()));
      succeeds(t, reported, { what: "the status of that peer's report" });
    },
  }),
  defineCase({
    id: "pams/extensibility/status-report",
    title: "a report with unknown members at every level is carried out",
    requirements: ["PAMP-REQ-EXT-01"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const [peer = ""] = await peersIn(t, overlay, [dynamicStatus(), dynamicStatus({ fragment_list: fragments(2) })]);
      const event = { fragment_event_type: "UPLOADED", fragment_id: "7", fragment_integrity: true, ...more };
      const dynamic = dynamicStatus({
        overlay_event: "COMPLETED",
        fragment_event: [event],
        fragment_list: { ...fragments(1, 3), ...more },
        ...more,
      });
      const body = reportOf(t, dynamic, staticStatus(more));
      const whole = { peer_status: { ...(body.peer_status as Json), ...more }, ...more };
      succeeds(t, await report(t, overlay, peer, whole), cite("a report"));
      const listed = await listPeers(t, overlay, { overlay_status: "COMPLETED", max_peer_num: 10 });
      t.equal(idsOf(t, listed), [peer], { what: "the peers listed as completed afterwards", entry: listed.entry });
      const holders = await listPeers(t, overlay, { fragment_list: fragments(3), max_peer_num: 1 });
      t.equal(idsOf(t, holders), [peer], { what: "the peers listed for fragment 3 afterwards", entry: holders.entry });
      carries(t, await queryPeer(t, overlay, peer), "peer_status", { what: "the status of a query for that peer" });
    },
  }),
  defineCase({
    id: "pams/extensibility/list-query",
    title: "a list query with unknown conditions is carried out by those that are known",
    requirements: ["PAMP-REQ-EXT-01"],
    errata: ["E-PAMP-12"],
    needs: (declared) => declared.value("query-carrier") !== "query",
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const [, completed = ""] = await peersIn(t, overlay, [
        dynamicStatus(),
        dynamicStatus({ overlay_event: "COMPLETED" }),
        dynamicStatus(),
      ]);
      const reply = await listPeers(t, overlay, { overlay_status: "COMPLETED", max_peer_num: 10, ...more });
      t.equal(listedIn(t, reply, cite("a list query")), [completed], { what: "the peers listed", entry: reply.entry });
    },
  }),
];

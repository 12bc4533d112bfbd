import { headerLines } from "../engine/http-entity.js";
import { carries, idsOf, listedIn, refusesQuery, succeeds } from "./answers.js";
import { defineCase } from "./case.js";
import { dynamicStatus, fragments, idIn, overlayOf, peerOf, reportOf, staticStatus } from "./messages.js";
import { overlayNetwork, peerIn, peersIn } from "./network.js";
import {
  deregisterOverlay,
  deregisterPeer,
  listPeers,
  queryPeer,
  registerOverlay,
  registerPeer,
  report,
} from "./primitives.js";

/** The seven operations together [7.1, 7.2.1]. */
export const lifeCycleCases = [
  defineCase({
    id: "pams/life-cycle/all-operations",
    title: "an overlay lives from its registration to its deregistration through all seven operations",
    requirements: ["PAMP-REQ-GEN-01", "PAMP-REQ-OPR-01", "PAMP-9.2-01"],
    errata: ["E-PAMP-44", "E-PAMP-60"],
    group: "basic",
    async run(t) {
      const requirement = t.definition.requirements;
      const overlay = overlayOf(t);
      const NID = idIn(overlay, "overlay_network_information") ?? "";
      const peer = peerOf(t);
      const PID = idIn(peer, "peer_information") ?? "";
      const status = reportOf(t, dynamicStatus({ fragment_list: fragments(1, 2) }), staticStatus());
      const cite = (what: string) => ({ requirement, what: `the status of ${what}` });
      succeeds(t, await registerOverlay(t, overlay), cite("an overlay registration"));
      succeeds(t, await registerPeer(t, NID, peer), cite("a peer registration"));
      succeeds(t, await report(t, NID, PID, status), cite("a status report"));
      const listed = await listPeers(t, NID, {
        max_peer_num: 10,
        ordering: "UPLOADED",
        ...{ fragment_list: fragments(1) },
      });
      t.equal(listedIn(t, listed, cite("a list query")), [PID], {
        requirement,
        what: "the peers listed",
        entry: listed.entry,
      });
      carries(t, await queryPeer(t, NID, PID), "peer_status", cite("a query for one peer"));
      succeeds(t, await deregisterPeer(t, NID, PID), cite("a peer deregistration"));
      const after = await listPeers(t, NID, { max_peer_num: 10 });
      t.equal(listedIn(t, after, cite("a list query")), [], {
        requirement,
        what: "the peers left",
        entry: after.entry,
      });
      succeeds(t, await deregisterOverlay(t, NID), cite("an overlay deregistration"));
      refusesQuery(t, await queryPeer(t, NID, PID), cite("a query for a peer of an overlay that is gone"));
    },
  }),
  defineCase({
    id: "pams/life-cycle/gathered",
    title: "what peers report is gathered, and shows in the answers to an OMS",
    requirements: ["PAMP-6-01", "PAMP-6-05", "DS-7.2.5-01"],
    group: "basic",
    async run(t) {
      const requirement = t.definition.requirements;
      const overlay = await overlayNetwork(t);
      const [, second = ""] = await peersIn(t, overlay, [
        dynamicStatus({ fragment_list: fragments(1) }),
        dynamicStatus({ overlay_event: "COMPLETED", fragment_list: fragments(2) }),
        dynamicStatus({ fragment_list: fragments(3) }),
      ]);
      const completed = await listPeers(t, overlay, { overlay_status: "COMPLETED", max_peer_num: 10 });
      const ids = listedIn(t, completed, { requirement, what: "the status of a query for completed peers" });
      t.equal(ids, [second], { requirement, what: "the peers listed as completed", entry: completed.entry });
      const holder = await listPeers(t, overlay, { fragment_list: fragments(2), max_peer_num: 1 });
      t.equal(idsOf(t, holder), [second], {
        requirement,
        what: "the peers listed for fragment 2",
        entry: holder.entry,
      });
      carries(t, await queryPeer(t, overlay, second), "peer_status", {
        requirement,
        what: "the status of a query for that peer",
      });
    },
  }),
  defineCase({
    id: "pams/life-cycle/service-provider",
    title: "a service provider gets the same answers to both queries as an OMS",
    requirements: ["PAMP-REQ-QRY-02"],
    errata: ["E-PAMP-55"],
    needs: (declared) => (declared.value("provider-headers") as readonly string[]).length > 0,
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus(), staticStatus());
      const http = t.http.with({ headers: headerLines(t.declared.value("provider-headers") as readonly string[]) });
      const listed = await listPeers(t, overlay, { max_peer_num: 10 }, { http });
      const ids = listedIn(t, listed, { what: "the status of a service provider's list query" });
      t.equal(ids, [peer], { what: "the peers listed", entry: listed.entry });
      const own = await queryPeer(t, overlay, peer, { http });
      const seen = carries(t, own, "peer_status", { what: "the status of a service provider's query for one peer" });
      const others = carries(t, await queryPeer(t, overlay, peer), "peer_status", { what: "the same to an OMS" });
      t.equal(seen, others, { what: "peer_status, to a service provider and to an OMS", entry: own.entry });
    },
  }),
];

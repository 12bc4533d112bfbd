import { status } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { set } from "../engine/refuses.js";
import { accepted, amountOf, elementOf, idsOf, succeeds } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, fragments, range, reportOf, staticStatus } from "./messages.js";
import { likewise, overlayNetwork, peerIn, witness } from "./network.js";
import { deregisterPeer, listPeers, queryPeer, report } from "./primitives.js";
import { refuses } from "./refusals.js";

/** The part of the last report that a query shows, or undefined. */
async function shown(t: PamsTest, overlay: string, peer: string, part: "dynamic_status" | "static_status") {
  const found = elementOf(t, await queryPeer(t, overlay, peer), "peer_status")?.[part];
  return isObject(found) && Object.keys(found).length > 0 ? found : undefined;
}

const twoEvents = [
  { fragment_event_type: "UPLOADED", fragment_id: "12345", fragment_integrity: true, to: "peer-a", from: "peer-b" },
  { fragment_event_type: "DOWNLOADED", fragment_id: "12346", fragment_integrity: false, to: "peer-b", from: "peer-a" },
];

/** PAMP_PEER_STATUS_REPORT [9.2.5]: both parts, either, and what of them stays. */
export const statusReportCases = [
  defineCase({
    id: "pams/status-report/both",
    title: "a first report with both parts is acknowledged with 200",
    requirements: ["PAMP-9.2.5-02", "PAMP-9.2.5-04", "PAMP-9.2.5-05", "PAMP-REQ-RPT-03"],
    errata: ["E-PAMP-09", "E-PAMP-41", "E-PAMP-44", "E-PAMP-73"],
    group: "basic",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      const reply = await report(t, overlay, peer, reportOf(t, dynamicStatus(), staticStatus()));
      succeeds(t, reply, { requirement: t.definition.requirements, what: "the status of a report with both parts" });
      if (reply.text !== "") t.warn("the acknowledgement has a body (E-PAMP-73)");
    },
  }),
  ...(["dynamic", "static"] as const).map((part) =>
    defineCase({
      id: `pams/status-report/${part}-only`,
      title: `a report with the ${part} part alone is acknowledged`,
      requirements: ["PAMP-9.2.5-02", "PAMP-REQ-RPT-03"],
      errata: ["E-PAMP-41"],
      group: "capability",
      async run(t) {
        const overlay = await overlayNetwork(t);
        const peer = await peerIn(t, overlay);
        const body = part === "dynamic" ? reportOf(t, dynamicStatus()) : reportOf(t, undefined, staticStatus());
        const reply = await report(t, overlay, peer, body);
        succeeds(t, reply, { requirement: t.definition.requirements, what: `the status of a ${part} report` });
      },
    }),
  ),
  defineCase({
    id: "pams/status-report/static-stays",
    title: "a report with the dynamic part alone leaves the profile in force",
    requirements: ["PAMP-9.2.5-07"],
    errata: ["E-PAMP-40"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus(), staticStatus());
      const before = t.need(await shown(t, overlay, peer, "static_status"), "static_status in answer to a query");
      const reply = await report(t, overlay, peer, reportOf(t, dynamicStatus({ left: "30000" })));
      succeeds(t, reply, { what: "the status of a later dynamic report" });
      const after = await shown(t, overlay, peer, "static_status");
      if (after === undefined) return t.warn("the profile is lost with the next dynamic report (E-PAMP-40)");
      const [now, then] = [after, before].map((one) => likewise(one, staticStatus()));
      t.equal(now, then, { what: "static_status after a dynamic report" });
    },
  }),
  defineCase({
    id: "pams/status-report/dynamic-stays",
    title: "a report with the static part alone leaves the last dynamic part in force",
    requirements: ["PAMP-9.2.5-07"],
    errata: ["E-PAMP-40"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus({ overlay_event: "COMPLETED" }));
      const reply = await report(t, overlay, peer, reportOf(t, undefined, staticStatus()));
      succeeds(t, reply, { what: "the status of a later static report" });
      const after = await shown(t, overlay, peer, "dynamic_status");
      if (after === undefined) return t.warn("the dynamic status is lost with the next static report (E-PAMP-40)");
      t.oneOf(after.overlay_event, ["COMPLETED", undefined], { what: "overlay_event after a static report" });
    },
  }),
  defineCase({
    id: "pams/status-report/new-profile",
    title: "a static report after a change of the profile replaces the earlier one",
    requirements: ["PAMP-9.2.7-03"],
    errata: ["E-PAMP-37"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, undefined, staticStatus());
      const reply = await report(t, overlay, peer, reportOf(t, undefined, staticStatus({ max_up_bw: 2000 })));
      succeeds(t, reply, { what: "the status of a second static report" });
      const profile = t.need(await shown(t, overlay, peer, "static_status"), "static_status in answer to a query");
      if (profile.max_up_bw === undefined) return t.warn("a query shows no max_up_bw (E-PAMP-37)", "PAMP-9.2.7-03");
      t.equal(amountOf(profile.max_up_bw), 2000, { what: "max_up_bw after the second report" });
    },
  }),
  defineCase({
    id: "pams/status-report/new-status",
    title: "a later report replaces participation status and amount left",
    requirements: ["PAMP-9.2.7-03"],
    errata: ["E-PAMP-35", "E-PAMP-37"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus({ left: "40000" }));
      const later = dynamicStatus({ overlay_event: "STOPPED", left: "25000" });
      succeeds(t, await report(t, overlay, peer, reportOf(t, later)), { what: "the status of a second report" });
      const dynamic = t.need(await shown(t, overlay, peer, "dynamic_status"), "dynamic_status in answer to a query");
      t.oneOf(dynamic.overlay_event, ["STOPPED", undefined], { what: "overlay_event after the second report" });
      t.oneOf(amountOf(dynamic.left), [25_000, undefined], { what: "left after the second report" });
    },
  }),
  defineCase({
    id: "pams/status-report/each-acknowledged",
    title: "each of ten reports in turn is acknowledged, and the peer stays",
    requirements: ["PAMP-REQ-RPT-03"],
    errata: ["E-PAMP-59"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      for (let i = 1; i <= 10; i++) {
        const reply = await report(t, overlay, peer, reportOf(t, dynamicStatus({ left: String(10_000 - i) })));
        succeeds(t, reply, { what: `the status of report ${i}` });
      }
      const reply = await listPeers(t, overlay, { max_peer_num: 10 });
      t.equal(idsOf(t, reply), [peer], { what: "the peers listed after ten reports", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/status-report/every-member",
    title: "a report may have every member there is",
    requirements: ["PAMP-9.2.5-04"],
    errata: ["E-PAMP-10", "E-PAMP-16"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      const dynamic = dynamicStatus({
        fragment_event: twoEvents,
        fragment_list: { num_of_fragment: 100, fragment_size: 64, ...fragments(1, 3, 5) },
        fragment_range: range(10, 20),
      });
      const reply = await report(t, overlay, peer, reportOf(t, dynamic, staticStatus()));
      succeeds(t, reply, { what: "the status of a report with every member" });
    },
  }),
  defineCase({
    id: "pams/status-report/printed-form",
    title: "a report in the form of the printed example is taken",
    requirements: ["PAMP-9.2.5-04"],
    errata: ["E-PAMP-08", "E-PAMP-09", "E-PAMP-38"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      // Each oddity of the example by itself: what it is that a product refuses shows in the remark.
      const events = twoEvents.map(({ from: _, ...event }) => event);
      const numbers = { overlay_event: "STARTED", uploaded: 10_000, downloaded: 50_000, left: 50_000 };
      const odd: readonly (readonly [string, Json])[] = [
        ["amounts as numbers (E-PAMP-08)", { peer_status: { dynamic_status: numbers } }],
        ["the name with a blank (E-PAMP-09)", { "peer_status ": reportOf(t, dynamicStatus()).peer_status }],
        ["an upload event without from (E-PAMP-38)", reportOf(t, dynamicStatus({ fragment_event: events }))],
      ];
      for (const [what, body] of odd) {
        const reply = await report(t, overlay, peer, body, { malformed: true });
        t.answers(reply, status("2xx", "4xx"), { what: `the status of a report with ${what}` });
        if (!accepted.test(reply)) t.warn(`a report with ${what} is refused`);
      }
    },
  }),
  defineCase({
    id: "pams/status-report/one-member",
    title: "a dynamic report need not have more than one member",
    requirements: ["PAMP-9.2.5-04"],
    errata: ["E-PAMP-37"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay);
      const reply = await report(t, overlay, peer, reportOf(t, { overlay_event: "STARTED" }));
      t.answers(reply, status("2xx", "4xx"), { what: "the status of a report of overlay_event alone" });
      if (!accepted.test(reply)) t.warn("a report of overlay_event alone is refused (E-PAMP-37)");
    },
  }),
  defineCase({
    id: "pams/status-report/unknown-peer",
    title: "a report of an unknown peer is answered 404",
    requirements: ["PAMP-9.2.5-06"],
    group: "behaviour",
    async run(t) {
      const known = await witness(t);
      await refuses(t, {
        what: "a report of a peer that was never registered",
        requirement: "PAMP-9.2.5-06",
        valid: async () => ({ peer: known.peer }),
        send: ({ peer }, as) => report(t, known.overlay, peer, reportOf(t, dynamicStatus(), staticStatus()), as),
        delta: set("peer", t.unique("never")),
        permitted: status(404),
      });
      const reply = await listPeers(t, known.overlay, { max_peer_num: 10 });
      t.equal(idsOf(t, reply), [known.peer], { what: "the peers of the overlay afterwards", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/status-report/unknown-overlay",
    title: "a report in an unknown overlay is answered 404",
    requirements: ["PAMP-9.2.5-06"],
    group: "behaviour",
    async run(t) {
      const known = await witness(t);
      await refuses(t, {
        what: "a report in an overlay that was never registered",
        requirement: "PAMP-9.2.5-06",
        valid: () => ({ overlay: known.overlay }),
        send: ({ overlay }, as) => report(t, overlay, known.peer, reportOf(t, dynamicStatus()), as),
        delta: set("overlay", t.unique("never")),
        permitted: status(404),
      });
    },
  }),
  defineCase({
    id: "pams/status-report/after-deregistration",
    title: "a report of a peer that was deregistered is answered 404",
    requirements: ["PAMP-9.2.5-06"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, dynamicStatus());
      await t.setup("the deregistration", async () => {
        const removed = await deregisterPeer(t, overlay, peer);
        if (!accepted.test(removed)) t.inconclusive(`a valid deregistration got ${removed.outcome}`);
      });
      t.answers(await report(t, overlay, peer, reportOf(t, dynamicStatus())), status(404), {
        what: "the status of a report after the deregistration",
      });
    },
  }),
  defineCase({
    id: "pams/status-report/forged",
    title: "a report that does not show the peer's token has no effect",
    requirements: ["PAMP-REQ-RPT-04"],
    errata: ["E-PAMP-23", "E-PAMP-51", "E-PAMP-68"],
    needs: (declared) => declared.value("peer-token-header") !== "",
    group: "behaviour",
    async run(t) {
      const known = await witness(t);
      await refuses(t, {
        what: "a report with a token that the peer was not given",
        requirement: "PAMP-REQ-RPT-04",
        valid: () => ({ headers: {} as Record<string, string> }),
        send: ({ headers }, as) =>
          report(t, known.overlay, known.peer, reportOf(t, dynamicStatus(), staticStatus()), { ...as, headers }),
        delta: () => ({ headers: { authorization: `Bearer ${t.random.hex(32)}` } }),
        permitted: status(401, 403),
        unchanged: () => known.intact("PAMP-REQ-RPT-04"),
      });
    },
  }),
];

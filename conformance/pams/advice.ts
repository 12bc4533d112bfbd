import type { HttpReply } from "../engine/http.js";
import { elementOf, fragmentsOf, listedIn, succeeds } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, fragments, reportOf } from "./messages.js";
import { overlayNetwork, peersIn } from "./network.js";
import { listPeers, report } from "./primitives.js";

const holding = (...ids: readonly number[]): Json => dynamicStatus({ fragment_list: fragments(...ids) });
const upTo = (last: number, ...without: readonly number[]): number[] =>
  Array.from({ length: last }, (_, i) => i + 1).filter((id) => !without.includes(id));

/** The fragments that a list answer advises to fetch. */
function advisedIn(t: PamsTest, reply: HttpReply): number[] {
  return [...fragmentsOf(elementOf(t, reply, "peer_list") ?? {})].sort((a, b) => a - b);
}

/** What a list answer says beside peers (E-PAMP-31): rarest fragments [8.2.4], and lists for live streaming [8.2.5]. */
export const adviceCases = [
  defineCase({
    id: "pams/advice/rarest",
    title: "a list answer names the one fragment that a single peer holds, and no other",
    requirements: ["PAMP-8.2.4-02", "PAMP-8.2.4-05", "PAMP-8.2.4-06"],
    errata: ["E-PAMP-28", "E-PAMP-31", "E-PAMP-53"],
    needs: ["rarest-fragments"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t, { content_type: "FILE" });
      const others = holding(...upTo(20, 7));
      const peers = await peersIn(t, overlay, [others, holding(...upTo(20)), others, others, others]);
      const condition = { peer_id: peers, ordering: "UPLOADED", max_peer_num: 10 };
      const reply = await listPeers(t, overlay, condition);
      const requirement = ["PAMP-8.2.4-02", "PAMP-8.2.4-06"] as const;
      succeeds(t, reply, { requirement, what: "the status of a query that names a subset of peers" });
      const advised = advisedIn(t, reply);
      const what = "the fragments in the answer";
      t.that(advised.includes(7), "fragment 7, which one peer of five holds", advised, {
        requirement,
        what,
        entry: reply.entry,
      });
      t.equal(advised, [7], { requirement: "PAMP-8.2.4-05", what, entry: reply.entry });
      await t.setup("reports of fragment 7 by all", async () => {
        for (const peer of peers) await report(t, overlay, peer, reportOf(t, holding(...upTo(20))));
      });
      const later = await listPeers(t, overlay, condition);
      const left = advisedIn(t, later);
      t.that(!left.includes(7), "not fragment 7, which all hold by now", left, {
        requirement: "PAMP-8.2.4-02",
        what: `${what} after later reports`,
        entry: later.entry,
      });
    },
  }),
  defineCase({
    id: "pams/advice/live",
    title: "in an overlay for streaming a list answer has peers and the newest fragment, and better not the oldest",
    requirements: ["PAMP-8.2.5-07", "PAMP-8.2.5-12"],
    errata: ["E-PAMP-29", "E-PAMP-31", "E-PAMP-63"],
    needs: ["live-lists"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t, { content_type: "STREAM" });
      const common = [101, 102, 103, 104];
      // Each of the two is held by one peer: what tells them apart is their age.
      const peers = await peersIn(t, overlay, [
        holding(...common),
        holding(1, ...common),
        holding(...common, 105),
        holding(...common),
      ]);
      const reply = await listPeers(t, overlay, {
        peer_id: peers,
        ordering: "UPLOADED",
        max_peer_num: 10,
        service_class: 1,
      });
      const cite = { requirement: "PAMP-8.2.5-07", what: "the status of a query in an overlay for streaming" } as const;
      const ids = listedIn(t, reply, cite);
      t.that(ids.length > 0, "a non-empty list", ids, { ...cite, what: "the peers listed", entry: reply.entry });
      const advised = advisedIn(t, reply);
      const what = "the fragments in the answer";
      t.that(advised.includes(105), "fragment 105, the newest", advised, { ...cite, what, entry: reply.entry });
      t.that(!advised.includes(1), "not fragment 1, the oldest", advised, {
        requirement: "PAMP-8.2.5-12",
        what,
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "pams/advice/service-classes",
    title: "users of two classes are given different lists",
    requirements: ["PAMP-8.2.5-07"],
    errata: ["E-PAMP-29"],
    needs: ["service-classes"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t, { content_type: "STREAM" });
      const reports = [10, 500, 90_000, 40, 7000, 300].map((uploaded) => dynamicStatus({ uploaded: String(uploaded) }));
      const peers = await peersIn(t, overlay, reports);
      const lists: string[][] = [];
      for (const service_class of t.declared.value("two-service-classes").map(Number)) {
        const reply = await listPeers(t, overlay, { service_class, max_peer_num: 2 });
        const ids = listedIn(t, reply, { what: `the status of a query with service_class ${service_class}` });
        const members = ids.length > 0 && ids.every((id) => peers.includes(id));
        t.that(members, `peers out of ${peers.join(", ")}`, ids, { what: "the peers listed", entry: reply.entry });
        lists.push([...ids].sort());
      }
      t.that(JSON.stringify(lists[0]) !== JSON.stringify(lists[1]), "two different lists", lists, {
        what: "the lists for two classes",
      });
    },
  }),
];

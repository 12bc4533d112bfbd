import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { status } from "../engine/http.js";
import { is, isObject } from "../engine/matchers.js";
import { set } from "../engine/refuses.js";
import { accepted, amountOf, carries, fragmentsOf, unknownInQuery } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, fragments, range, staticStatus } from "./messages.js";
import { overlayNetwork, peerIn, witness } from "./network.js";
import { queryPeer } from "./primitives.js";
import { refuses } from "./refusals.js";

/** What a query shows of a peer that has reported the given parts once. */
async function shownOf(t: PamsTest, dynamic?: Json, profile?: Json) {
  const overlay = await overlayNetwork(t);
  const peer = await peerIn(t, overlay, dynamic, profile);
  return await queryPeer(t, overlay, peer);
}

const part = (peerStatus: Json, name: "dynamic_status" | "static_status"): Json => {
  const found = peerStatus[name];
  return isObject(found) ? found : {};
};

/** Judges members against what was reported; what is left out is only remarked (E-PAMP-37). */
function asReported(
  t: PamsTest,
  seen: Json,
  reported: Json,
  cite: { readonly requirement: RequirementId | readonly RequirementId[]; readonly entry: number },
) {
  for (const [name, value] of Object.entries(reported)) {
    const shown = seen[name];
    if (shown === undefined) {
      t.warn(`${name} was reported, but a query does not show it (E-PAMP-37)`, cite.requirement);
      continue;
    }
    const wanted = amountOf(value) ?? value;
    t.equal(amountOf(shown) ?? shown, wanted, { ...cite, what: `${name}, reported as ${JSON.stringify(value)}` });
  }
}

const all = ["dynamic_status", "static_status"] as const;

/** PAMP_PEER_INFO_QUERY [9.2.7]: what a peer last reported comes back. */
export const peerInfoQueryCases = [
  defineCase({
    id: "pams/peer-info-query/as-reported",
    title: "a query for one peer is answered with peer_status as the peer reported it",
    requirements: ["PAMP-9.2.7-03", "PAMP-6-03", "PAMP-6-04", "DS-8.1-f", "DS-8.1-01"],
    errata: ["E-PAMP-08", "E-PAMP-09", "E-PAMP-35", "E-PAMP-37", "E-PAMP-70"],
    group: "basic",
    async run(t) {
      const requirement = t.definition.requirements;
      const reply = await shownOf(t, dynamicStatus(), staticStatus());
      const peerStatus = carries(t, reply, "peer_status", { requirement, what: "the status of a query for one peer" });
      const given = all.filter((name) => Object.keys(part(peerStatus, name)).length > 0);
      t.that(given.length > 0, "dynamic_status or static_status, or both", Object.keys(peerStatus), {
        requirement,
        what: "the parts of peer_status",
        entry: reply.entry,
      });
      asReported(t, part(peerStatus, "dynamic_status"), dynamicStatus(), {
        requirement: ["PAMP-9.2.7-03", "PAMP-6-03"],
        entry: reply.entry,
      });
      asReported(t, part(peerStatus, "static_status"), staticStatus(), {
        requirement: ["PAMP-9.2.7-03", "PAMP-6-04"],
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "pams/peer-info-query/no-peer-list",
    title: "a query for one peer is not answered with a peer list",
    requirements: ["PAMP-9.2.7-03"],
    errata: ["E-PAMP-70"],
    group: "capability",
    async run(t) {
      const reply = await shownOf(t, dynamicStatus(), staticStatus());
      carries(t, reply, "peer_status", { what: "the status of a query for one peer" });
      t.match(reply.get("peer_list"), is.absent, { what: "peer_list", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/peer-info-query/parts",
    title: "peer_status consists of dynamic_status and static_status, or of one of them",
    requirements: ["PAMP-9.1.11-01"],
    errata: ["E-PAMP-09"],
    group: "capability",
    async run(t) {
      for (const [what, reply] of [
        ["both parts", await shownOf(t, dynamicStatus(), staticStatus())],
        ["a dynamic part", await shownOf(t, dynamicStatus())],
        ["a static part", await shownOf(t, undefined, staticStatus())],
      ] as const) {
        const peerStatus = carries(t, reply, "peer_status", {
          what: `the status of a query after a report of ${what}`,
        });
        for (const name of all) {
          t.match(peerStatus[name], is.optional(is.object), {
            what: `${name} after a report of ${what}`,
            entry: reply.entry,
          });
        }
        const given = all.filter((name) => isObject(peerStatus[name]));
        t.that(given.length > 0, "one of the two members", Object.keys(peerStatus), {
          what: `peer_status after a report of ${what}`,
          entry: reply.entry,
        });
      }
    },
  }),
  defineCase({
    id: "pams/peer-info-query/every-member",
    title: "fragments held, amounts, connection numbers and profile come back as last reported",
    requirements: ["PAMP-9.2.7-07"],
    errata: ["E-PAMP-08", "E-PAMP-16", "E-PAMP-34", "E-PAMP-36", "E-PAMP-37"],
    group: "capability",
    async run(t) {
      const requirement = "PAMP-9.2.7-07";
      const held = { fragment_list: fragments(1, 3, 5), fragment_range: range(10, 12) };
      const reply = await shownOf(t, { ...dynamicStatus(), ...held }, staticStatus());
      const peerStatus = carries(t, reply, "peer_status", { requirement, what: "the status of a query for one peer" });
      const dynamic = part(peerStatus, "dynamic_status");
      const { entry } = reply;
      asReported(t, dynamic, dynamicStatus(), { requirement, entry });
      asReported(t, part(peerStatus, "static_status"), staticStatus(), { requirement, entry });
      const types = new Set(
        ["uploaded", "downloaded", "left"].map((name) => typeof reply.get(`peer_status.dynamic_status.${name}`)),
      );
      if (types.has("string") && types.has("number")) t.warn("amounts are strings here and numbers there (E-PAMP-08)");
      const shown = [...fragmentsOf(dynamic)].sort((a, b) => a - b);
      if (shown.length === 0) return t.warn("a query does not show the fragments reported (E-PAMP-37)");
      t.equal(shown, [1, 3, 5, 10, 11, 12], { requirement, what: "the fragments of list and range together", entry });
    },
  }),
  ...(
    [
      ["list", { fragment_list: fragments(2, 4, 8) }, [2, 4, 8], "PAMP-9.1.5-03"],
      ["range", { fragment_range: range(30, 33) }, [30, 31, 32, 33], "PAMP-9.1.6-02"],
    ] as const
  ).map(([name, reported, wanted, requirement]) =>
    defineCase({
      id: `pams/peer-info-query/fragment-${name}`,
      title: `fragments reported as a ${name} come back, and no others`,
      requirements: [requirement],
      errata: ["E-PAMP-10", "E-PAMP-16", "E-PAMP-37"],
      group: "capability",
      async run(t) {
        const reply = await shownOf(t, dynamicStatus(reported));
        const peerStatus = carries(t, reply, "peer_status", { what: "the status of a query for one peer" });
        const dynamic = part(peerStatus, "dynamic_status");
        const shown = [...fragmentsOf(dynamic)].sort((a, b) => a - b);
        if (shown.length === 0) return t.warn("a query does not show the fragments reported (E-PAMP-37)", requirement);
        t.equal(shown, [...wanted], { what: "the fragments shown", entry: reply.entry });
      },
    }),
  ),
  defineCase({
    id: "pams/peer-info-query/content-size",
    title: "number and size of the fragments come back as reported",
    requirements: ["PAMP-9.1.5-01", "PAMP-9.1.5-02"],
    errata: ["E-PAMP-32", "E-PAMP-33", "E-PAMP-37"],
    group: "capability",
    async run(t) {
      const list = { num_of_fragment: 100, fragment_size: 64, ...fragments(2, 4, 8) };
      const reply = await shownOf(t, dynamicStatus({ fragment_list: list }));
      const cite = { requirement: t.definition.requirements, what: "the status of a query for one peer" };
      const dynamic = part(carries(t, reply, "peer_status", cite), "dynamic_status");
      const shown = isObject(dynamic.fragment_list) ? dynamic.fragment_list : {};
      const { num_of_fragment: count, fragment_size: size } = shown;
      t.oneOf(count, [100, 3, undefined], {
        requirement: "PAMP-9.1.5-01",
        what: "num_of_fragment",
        entry: reply.entry,
      });
      if (count === 3) t.warn("num_of_fragment counts the list, not the content (E-PAMP-32)");
      t.match(size, is.optional(is.between(64 * 0.97, 64 * 1.03)), {
        requirement: "PAMP-9.1.5-02",
        what: "fragment_size, reported as 64 kilobytes",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "pams/peer-info-query/undescribed-member",
    title: "max_num_conn_for_dn, described but not listed, is kept",
    requirements: ["PAMP-9.1.10-06"],
    errata: ["E-PAMP-14"],
    group: "capability",
    async run(t) {
      const reply = await shownOf(t, dynamicStatus(), staticStatus());
      const profile = part(carries(t, reply, "peer_status", { what: "the status of a query" }), "static_status");
      t.oneOf(profile.max_num_conn_for_dn, [60, undefined], { what: "max_num_conn_for_dn", entry: reply.entry });
      if (profile.max_num_conn_for_dn === undefined) t.warn("max_num_conn_for_dn is not kept (E-PAMP-14)");
    },
  }),
  defineCase({
    id: "pams/peer-info-query/no-events",
    title: "an answer has no fragment events",
    requirements: ["PAMP-9.2.7-04"],
    errata: ["E-PAMP-15", "E-PAMP-39"],
    group: "capability",
    async run(t) {
      const event = { fragment_event_type: "UPLOADED", fragment_id: "7", fragment_integrity: true, to: "peer-a" };
      const reply = await shownOf(t, dynamicStatus({ fragment_event: [event] }), staticStatus());
      const dynamic = part(carries(t, reply, "peer_status", { what: "the status of a query" }), "dynamic_status");
      const { fragment_event: events } = dynamic;
      t.oneOf(Array.isArray(events) && events.length === 0 ? undefined : events, [undefined], {
        what: "fragment_event",
        entry: reply.entry,
      });
      if (events !== undefined) t.warn("fragment_event is there, though empty (E-PAMP-39)");
    },
  }),
  defineCase({
    id: "pams/peer-info-query/before-any-report",
    title: "a query for a registered peer that has not reported is answered",
    requirements: ["PAMP-9.2.7-03"],
    group: "behaviour",
    async run(t) {
      const reply = await shownOf(t);
      t.answers(reply, status("2xx", 409, 404), { what: "the status of a query before any report" });
      if (!accepted.test(reply)) return t.warn(`a registered peer is unknown before its first report: ${reply.status}`);
      carries(t, reply, "peer_status", { what: "the status of a query before any report" });
    },
  }),
  defineCase({
    id: "pams/peer-info-query/own-status",
    title: "what one peer reports shows neither with another peer nor with the same peer in another overlay",
    requirements: ["PAMP-9.2.7-03"],
    group: "behaviour",
    async run(t) {
      const known = await witness(t);
      const other = dynamicStatus({ overlay_event: "STOPPED", uploaded: "1", downloaded: "2", left: "3" });
      const neighbour = await peerIn(t, known.overlay, other, staticStatus({ max_up_bw: 7 }));
      const elsewhere = await overlayNetwork(t);
      await peerIn(t, elsewhere, other, staticStatus({ max_up_bw: 8 }), known.peer);
      const requirement = "PAMP-9.2.7-03";
      for (const [overlay, peer, reported] of [
        [known.overlay, known.peer, { max_up_bw: 1000 }],
        [known.overlay, neighbour, { max_up_bw: 7 }],
        [elsewhere, known.peer, { max_up_bw: 8 }],
      ] as const) {
        const reply = await queryPeer(t, overlay, peer);
        const peerStatus = carries(t, reply, "peer_status", { what: "the status of a query for one peer" });
        asReported(t, part(peerStatus, "static_status"), reported, { requirement, entry: reply.entry });
        const wanted = reported.max_up_bw === 1000 ? "STARTED" : "STOPPED";
        asReported(
          t,
          part(peerStatus, "dynamic_status"),
          { overlay_event: wanted },
          { requirement, entry: reply.entry },
        );
      }
    },
  }),
  ...(["peer", "overlay"] as const).map((unknown) =>
    defineCase({
      id: `pams/peer-info-query/unknown-${unknown}`,
      title: `a query for a peer ${unknown === "peer" ? "that is unknown" : "of an unknown overlay"} is refused with 409 or 404`,
      requirements: ["PAMP-9.2.7-06"],
      errata: unknown === "peer" ? ["E-PAMP-06"] : ["E-PAMP-06", "E-PAMP-42"],
      group: "behaviour",
      async run(t) {
        const { overlay, peer } = await witness(t);
        await refuses(t, {
          what: `a query for a peer with an unknown ${unknown}`,
          requirement: "PAMP-9.2.7-06",
          valid: () => ({ overlay, peer }),
          send: ({ overlay, peer }, as) => queryPeer(t, overlay, peer, as),
          delta: set(unknown, t.unique("never")),
          permitted: unknownInQuery,
          reason: (reply) => {
            if (reply.status === 404) t.warn("404, where the table prints 409 (E-PAMP-06)");
          },
        });
      },
    }),
  ),
];

import { status } from "../engine/http.js";
import { set } from "../engine/refuses.js";
import { accepted, amountOf, carries, elementOf, listedIn, succeeds, unknownInQuery } from "./answers.js";
import { defineCase } from "./case.js";
import { dynamicStatus, fragments, range } from "./messages.js";
import { overlayNetwork, peerIn, peersIn, witness } from "./network.js";
import { listPeers, paths, queryPeer } from "./primitives.js";
import { refuses } from "./refusals.js";

const started = dynamicStatus();
const completed = dynamicStatus({ overlay_event: "COMPLETED", left: "0" });
const stopped = dynamicStatus({ overlay_event: "STOPPED" });

/** PAMP_PEER_LIST_QUERY [9.2.6]: the answer, and the conditions on the peers themselves; others have files of their own. */
export const listQueryCases = [
  defineCase({
    id: "pams/list-query/all-peers",
    title: "a list query is answered with peer_list, and in it the IDs of the peers under peer_id",
    requirements: ["PAMP-9.2.6-05", "PAMP-9.1.8-01", "DS-8.1-d", "DS-8.1-01"],
    errata: ["E-PAMP-11", "E-PAMP-12", "E-PAMP-13", "E-PAMP-44"],
    group: "basic",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peers = await peersIn(t, overlay, [started, started, started]);
      const reply = await listPeers(t, overlay, { max_peer_num: 10 });
      const cite = { requirement: t.definition.requirements, what: "the status of a list query" };
      const ids = listedIn(t, reply, cite);
      t.equal([...ids].sort(), [...peers].sort(), { ...cite, what: "the peers listed", entry: reply.entry });
      const { peers: other, peer_id: own } = (reply.get("peer_list") ?? {}) as { peers?: unknown; peer_id?: unknown };
      if (other === undefined) return;
      t.warn("the IDs are called peers (E-PAMP-11)");
      if (own !== undefined) t.equal(other, own, { ...cite, what: "peers beside peer_id", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/list-query/nobody",
    title: "a list query of an overlay without peers is answered with an empty list",
    requirements: ["PAMP-9.2.6-05"],
    errata: ["E-PAMP-37"],
    group: "behaviour",
    async run(t) {
      const reply = await listPeers(t, await overlayNetwork(t), { max_peer_num: 10 });
      const ids = listedIn(t, reply, { what: "the status of a list query of an empty overlay" });
      t.equal(ids, [], { what: "the peers listed", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/list-query/every-condition",
    title: "a list query with every condition of the printed example is answered with the peer that meets them",
    requirements: ["PAMP-9.2.6-05"],
    errata: ["E-PAMP-11", "E-PAMP-12", "E-PAMP-29"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const held = { fragment_list: fragments(100, 102), fragment_range: range(0, 99) };
      const peer = await peerIn(t, overlay, { ...completed, ...held });
      const other = await peerIn(t, overlay, { ...started, fragment_list: fragments(500) });
      const reply = await listPeers(t, overlay, {
        overlay_status: "COMPLETED",
        max_peer_num: 10,
        ordering: "UPLOADED",
        peer_id: [peer, other],
        service_class: 1,
        ...held,
      });
      const ids = listedIn(t, reply, { what: "the status of a list query with every condition" });
      t.equal(ids, [peer], { what: "the peers listed", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/list-query/without-body",
    title: "a list query without any condition is answered",
    requirements: ["PAMP-9.2.6-05"],
    errata: ["E-PAMP-12"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peer = await peerIn(t, overlay, started);
      const reply = await t.http.get(paths.list(t, overlay));
      t.answers(reply, status("2xx", "4xx"), { what: "the status of a list query without a body" });
      if (!accepted.test(reply)) return t.warn("a list query without a body is refused (E-PAMP-12)");
      const ids = listedIn(t, reply, { what: "the status of a list query without a body" });
      t.equal(ids, [peer], { what: "the peers listed", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/list-query/own-choice",
    title: "where a query names no peers the PAMS chooses among all of the overlay",
    requirements: ["PAMP-8.2.5-06"],
    errata: ["E-PAMP-28"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peers = await peersIn(t, overlay, [started, started, started]);
      const reply = await listPeers(t, overlay, { max_peer_num: 2 });
      const ids = listedIn(t, reply, { what: "the status of a query that names no peers" });
      t.that(ids.length > 0, "a non-empty list", ids, { what: "the peers listed", entry: reply.entry });
      t.that(
        ids.every((id) => peers.includes(id)),
        `peers out of ${peers.join(", ")}`,
        ids,
        {
          what: "the peers listed",
          entry: reply.entry,
        },
      );
    },
  }),
  defineCase({
    id: "pams/list-query/completed",
    title: "overlay_status COMPLETED selects the peers that reported COMPLETED",
    requirements: ["PAMP-9.1.7-02", "DS-8.1-d-i"],
    group: "capability",
    async run(t) {
      const requirement = t.definition.requirements;
      const overlay = await overlayNetwork(t);
      const [, second, , fourth] = await peersIn(t, overlay, [started, completed, stopped, completed]);
      const reply = await listPeers(t, overlay, { overlay_status: "COMPLETED", max_peer_num: 10 });
      const ids = listedIn(t, reply, { requirement, what: "the status of a query for completed peers" });
      t.equal([...ids].sort(), [second, fourth].sort(), { requirement, what: "the peers listed", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/list-query/started",
    title: "overlay_status STARTED selects the peers that reported STARTED, and none that stopped",
    requirements: ["PAMP-9.1.7-02"],
    errata: ["E-PAMP-26"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const [first, , third] = await peersIn(t, overlay, [started, stopped, started]);
      const reply = await listPeers(t, overlay, { overlay_status: "STARTED", max_peer_num: 10 });
      const ids = listedIn(t, reply, { what: "the status of a query for started peers" });
      t.equal([...ids].sort(), [first, third].sort(), { what: "the peers listed", entry: reply.entry });
    },
  }),
  ...[1, 2, 5].map((most) =>
    defineCase({
      id: `pams/list-query/at-most-${most}`,
      title: `a list query for at most ${most} of five peers is answered with no more`,
      requirements: ["PAMP-9.1.7-03", "DS-8.1-d-ii"],
      errata: ["E-PAMP-54"],
      group: "capability",
      async run(t) {
        const requirement = t.definition.requirements;
        const overlay = await overlayNetwork(t);
        await peersIn(t, overlay, [started, started, started, started, started]);
        const reply = await listPeers(t, overlay, { max_peer_num: most });
        const ids = listedIn(t, reply, { requirement, what: `the status of a query for at most ${most}` });
        t.that(ids.length <= most, `at most ${most} peers`, ids, {
          requirement,
          what: "the peers listed",
          entry: reply.entry,
        });
        t.that(ids.length > 0, "at least one peer", ids, { requirement, what: "the peers listed", entry: reply.entry });
      },
    }),
  ),
  defineCase({
    id: "pams/list-query/service-class",
    title: "a list query with service_class is answered as others are",
    requirements: ["PAMP-9.1.7-06"],
    errata: ["E-PAMP-29"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peers = await peersIn(t, overlay, [started, started]);
      const reply = await listPeers(t, overlay, { service_class: 1, max_peer_num: 10 });
      const ids = listedIn(t, reply, { what: "the status of a query with service_class 1" });
      const strangers = ids.filter((id) => !peers.includes(id));
      t.equal(strangers, [], { what: "the peers listed that are not of the overlay", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/list-query/own-overlay",
    title: "a list answer has peers of the addressed overlay only",
    requirements: ["PAMP-9.2.6-08"],
    group: "behaviour",
    async run(t) {
      const [here, there] = [await overlayNetwork(t), await overlayNetwork(t)];
      const inside = await peersIn(t, here, [started, completed]);
      const outside = await peersIn(t, there, [started, completed]);
      const conditions = [{}, { ordering: "UPLOADED" }, { ordering: "UPLOADED", peer_id: [...inside, ...outside] }];
      for (const condition of conditions) {
        for (const [overlay, peers] of [
          [here, inside],
          [there, outside],
        ] as const) {
          const reply = await listPeers(t, overlay, { max_peer_num: 10, ...condition });
          const ids = listedIn(t, reply, { what: "the status of a list query" });
          const what = `the peers listed with ${JSON.stringify(condition)}`;
          t.equal([...ids].sort(), [...peers].sort(), { what, entry: reply.entry });
        }
      }
    },
  }),
  defineCase({
    id: "pams/list-query/unknown-overlay",
    title: "a list query of an unknown overlay is refused with 409 or 404",
    requirements: ["PAMP-9.2.6-07"],
    errata: ["E-PAMP-06"],
    group: "behaviour",
    async run(t) {
      const { overlay } = await witness(t);
      await refuses(t, {
        what: "a list query of an overlay that was never registered",
        requirement: "PAMP-9.2.6-07",
        valid: () => ({ overlay }),
        send: ({ overlay }, as) => listPeers(t, overlay, { max_peer_num: 10 }, as),
        delta: set("overlay", t.unique("never")),
        permitted: unknownInQuery,
        reason: (reply) => {
          if (reply.status === 404) t.warn("404, where the table prints 409 (E-PAMP-06)");
        },
      });
    },
  }),
  defineCase({
    id: "pams/list-query/given-peers",
    title: "the status of one named peer, and of a named list, is to be had",
    requirements: ["PAMP-REQ-QRY-03"],
    errata: ["E-PAMP-28", "E-PAMP-71"],
    group: "basic",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const reports = ["100", "200", "300"].map((left) => dynamicStatus({ left }));
      const peers = await peersIn(t, overlay, reports);
      const reply = await listPeers(t, overlay, { max_peer_num: 10, ordering: "LEFT", peer_id: peers });
      const ids = listedIn(t, reply, { what: "the status of a query for three named peers" });
      t.equal([...ids].sort(), [...peers].sort(), { what: "the peers listed", entry: reply.entry });
      for (const [i, peer] of peers.entries()) {
        const one = await queryPeer(t, overlay, peer);
        const { dynamic_status: dynamic } = carries(t, one, "peer_status", {
          what: "the status of a query for one peer",
        });
        const left = amountOf((dynamic as { left?: unknown } | undefined)?.left);
        t.oneOf(left, [(i + 1) * 100, undefined], { what: `left of peer ${i + 1}`, entry: one.entry });
      }
    },
  }),
  defineCase({
    id: "pams/list-query/unknown-ordering",
    title: "a list query ordered by a word that is not listed is lived through",
    requirements: ["PAMP-9.1.7-04"],
    errata: ["E-PAMP-67"],
    group: "behaviour",
    async run(t) {
      const { overlay, intact } = await witness(t);
      await refuses(t, {
        what: "a list query with the ordering FASTEST",
        requirement: "PAMP-9.1.7-04",
        valid: () => ({ max_peer_num: 10, ordering: "UPLOADED" }),
        send: (condition, as) => listPeers(t, overlay, condition, as),
        delta: set("ordering", "FASTEST"),
        tolerated: "an unknown ordering is let pass",
        unchanged: () => intact("PAMP-9.1.7-04"),
      });
    },
  }),
  defineCase({
    id: "pams/list-query/advice",
    title: "fragment_list and fragment_range in a list answer, if there, have the types of their definitions",
    requirements: ["PAMP-9.1.8-02", "PAMP-9.1.8-03"],
    errata: ["E-PAMP-10", "E-PAMP-31"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      await peerIn(t, overlay, { ...started, fragment_list: fragments(1, 3), fragment_range: range(10, 20) });
      await peerIn(t, overlay, { ...started, fragment_range: range(10, 15) });
      const reply = await listPeers(t, overlay, { max_peer_num: 10, fragment_range: range(10, 15) });
      succeeds(t, reply, { requirement: t.definition.requirements, what: "the status of a query by fragments" });
      const list = elementOf(t, reply, "peer_list") ?? {};
      const ids = (list.fragment_list as { fragment?: unknown } | undefined)?.fragment ?? [];
      const numbers = Array.isArray(ids) && ids.every((id) => typeof id === "number");
      t.that(numbers, "a list of numbers, or nothing", ids, {
        requirement: "PAMP-9.1.8-02",
        what: "fragment in fragment_list",
        entry: reply.entry,
      });
      const { start_fragment_id: start, end_fragment_id: end } = (list.fragment_range ?? {
        start_fragment_id: 0,
        end_fragment_id: 0,
      }) as { start_fragment_id?: unknown; end_fragment_id?: unknown };
      const inOrder = typeof start === "number" && typeof end === "number" && start <= end;
      t.that(inOrder, "two numbers in order, or nothing", [start, end], {
        requirement: "PAMP-9.1.8-03",
        what: "fragment_range",
        entry: reply.entry,
      });
    },
  }),
];

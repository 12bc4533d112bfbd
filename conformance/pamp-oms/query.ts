import type { Answer } from "../client/answer.js";
import type { Act } from "../client/drive.js";
import type { ClientRequest } from "../client/request.js";
import { isObject, valueAt } from "../engine/matchers.js";
import { NotApplicable } from "../engine/outcome.js";
import type { OmsAction } from "./actions.js";
import type { OmsTest } from "./case.js";
import { defineCase } from "./case.js";
import { INFO, LIST } from "./session.js";

type Details = Readonly<Record<string, unknown>>;

const CONDITION = "peer_query_condition";

/** An OMS with an overlay network that is asked for something. */
async function asks(
  t: OmsTest,
  action: OmsAction,
  details: Details = {},
): Promise<{ readonly act: Act; readonly overlay: string }> {
  const { product, overlay } = await t.create({ later: [action], details: { [action]: details } });
  return { act: product.do(action, { "overlay-id": overlay, ...details }), overlay };
}

/** What the product gave back of a query; n/a where nothing can show it. */
async function gives(
  t: OmsTest,
  act: Act,
): Promise<{ readonly result: Details | undefined; readonly refused: boolean }> {
  const { how, result } = await t.outcome(act);
  if (how === "failed") return { result: undefined, refused: true };
  if (how !== "asked" || !isObject(result))
    throw new NotApplicable("what an OMS makes of the answer shows in the result of an adapter or a stimulus only");
  return { result, refused: false };
}

const peersIn = (result: Details | undefined): unknown[] =>
  Array.isArray(result?.peers) ? (result.peers as unknown[]) : [];

const emptied = [
  ["401", { status: 401, headers: { "www-authenticate": 'Basic realm="conformance"' } }],
  ["404", { status: 404 }],
  ["409", { status: 409 }],
] as const satisfies readonly (readonly [string, Answer])[];

const carried = (request: ClientRequest): boolean => request.method === "GET" && !request.target.includes("?");

export const queryCases = [
  defineCase({
    id: "pamp-oms/list-query/request",
    title: "an OMS asks its PAMS for the peers of an overlay network",
    requirements: [
      "PAMP-9.2.6-01",
      "PAMP-9.2.6-02",
      "PAMP-REQ-QRY-01",
      "PAMP-REQ-QRY-02N1",
      "PAMP-8.1.3-01",
      "PAMP-8.2.3-03",
    ],
    errata: ["E-PAMP-01", "E-PAMP-02", "E-PAMP-12", "E-PAMP-28"],
    needs: ["queries-lists"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const { act, overlay } = await asks(t, "query-list");
      const query = await t.due(LIST, act, {
        requirement: ["PAMP-9.2.6-01", "PAMP-REQ-QRY-01", "PAMP-REQ-QRY-02N1", "PAMP-8.1.3-01", "PAMP-8.2.3-03"],
        what: "what an OMS sends that wants a list of peers",
      });
      t.equal(query.params.NID, overlay, {
        requirement: "PAMP-9.2.6-02",
        what: "the overlay network in the path of the query",
        entry: query.entry,
      });
      t.that(
        carried(query) || t.declared.reading("E-PAMP-12") === "B",
        "GET, with the condition in its body",
        query.outcome,
        {
          requirement: "PAMP-9.2.6-02",
          what: "how the query travels",
          entry: query.entry,
        },
      );
      if (query.otherPath)
        t.warn(`it queries by ${query.method} ${query.target}, not by the path of Table 11`, "PAMP-9.2.6-02");
    },
  }),
  defineCase({
    id: "pamp-oms/list-query/condition",
    title: "a condition travels as peer_query_condition, in the body of the GET",
    requirements: [
      "PAMP-9.2.6-03",
      "PAMP-9.2.6-04",
      "PAMP-9.1.7-01",
      "PAMP-8.2.2-02",
      "PAMP-REQ-QRY-02N2",
      "PAMP-8.2.4-04",
      "DS-8.1-02",
      "DS-8.1-d-i",
      "DS-8.1-d-ii",
      "DS-8.1-d-iii",
      "DS-8.1-d-iv",
    ],
    errata: ["E-PAMP-12", "E-PAMP-27", "E-PAMP-28", "E-PAMP-31", "E-PAMP-45"],
    needs: (declared) =>
      (declared.option("queries-lists") && declared.reading("E-PAMP-12" as never) === "A") ||
      "its queries carry no body (E-PAMP-12 B)",
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const peers = [t.unique("peer"), t.unique("peer")];
      const wish = {
        overlay_status: "STARTED",
        max_peer_num: 3,
        ordering: "UPLOADED",
        peer_id: peers,
        fragment_list: { fragment: [100, 102] },
        fragment_range: { start_fragment_id: 0, end_fragment_id: 99 },
      };
      const { act } = await asks(t, "query-list", { [CONDITION]: wish });
      const query = await t.due(LIST, act, {
        requirement: ["PAMP-9.2.6-03", "PAMP-8.2.2-02"],
        what: "what an OMS sends that wants a list by a condition",
      });
      const { entry } = query;
      // By reading B of E-PAMP-45 the body is the condition itself, which the reader has wrapped.
      const condition = t.declared.reading("E-PAMP-45") === "B" ? query.get(CONDITION) : valueAt(query.json, CONDITION);
      t.that(isObject(condition), `a body with ${CONDITION}`, query.text === "" ? "no body" : query.text, {
        requirement: ["PAMP-9.2.6-03", "PAMP-9.1.7-01", "DS-8.1-02"],
        what: "the body of a query with a condition",
        entry,
      });
      const fragments = query.get(`${CONDITION}.fragment_list.fragment`);
      const [start, end] = ["start_fragment_id", "end_fragment_id"].map((name) =>
        query.get(`${CONDITION}.fragment_range.${name}`),
      );
      const covers = (id: number): boolean =>
        (Array.isArray(fragments) && fragments.map(Number).includes(id)) ||
        (typeof start === "number" && typeof end === "number" && start <= id && id <= end);
      t.that([0, 50, 99, 100, 102].every(covers), "fragments 0 to 99, 100 and 102", query.text, {
        requirement: ["PAMP-8.2.2-02", "DS-8.1-d-iv"],
        what: "the fragments that the condition asks for",
        entry,
      });
      const numbers = ["num_of_fragment", "fragment_size"].filter(
        (name) => query.get(`${CONDITION}.fragment_list.${name}`) !== undefined,
      );
      t.equal(numbers, [], {
        requirement: "PAMP-9.2.6-04",
        what: "members of fragment_list that are not set in a query",
        entry,
      });
      t.equal(query.get(`${CONDITION}.peer_id`), peers, {
        requirement: "PAMP-8.2.4-04",
        what: "the peers that the condition is about",
        entry,
      });
      for (const [name, ...requirement] of [
        ["overlay_status", "DS-8.1-d-i"],
        ["max_peer_num", "DS-8.1-d-ii", "PAMP-REQ-QRY-02N2"],
        ["ordering", "DS-8.1-d-iii", "PAMP-REQ-QRY-02N2"],
      ] as const) {
        const value = query.get(`${CONDITION}.${name}`);
        t.oneOf(value, [wish[name], undefined], { requirement, what: `${name} of the condition`, entry });
        if (value === undefined) t.warn(`the condition has no ${name}, which was asked for`, requirement);
      }
    },
  }),
  defineCase({
    id: "pamp-oms/list-query/service-class",
    title: "the class of the user travels with the query for a streaming overlay network",
    requirements: ["PAMP-8.2.5-05"],
    errata: ["E-PAMP-29"],
    needs: ["queries-lists", "streams"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const { act } = await asks(t, "query-list", { [CONDITION]: { service_class: 1 } });
      const query = await t.due(LIST, act, { what: "what an OMS sends that wants a list for a class" });
      t.equal(query.get(`${CONDITION}.service_class`), 1, {
        what: "service_class of the condition",
        entry: query.entry,
      });
    },
  }),
  defineCase({
    id: "pamp-oms/list-query/result",
    title: "an OMS hands on peers of the list that it got, and no others",
    requirements: ["PAMP-9.2.6-09", "PAMP-8.2.2-04", "PAMP-8.2.3-07"],
    errata: ["E-PAMP-11", "E-PAMP-52"],
    needs: ["queries-lists"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const peers = [t.unique("peer"), t.unique("peer"), t.unique("peer")];
      t.server.answer(LIST, { status: 200, body: { peer_list: { peer_id: peers } } });
      const { act } = await asks(t, "query-list");
      await t.due(LIST, act, { requirement: "PAMP-9.2.6-09", what: "a query for a list" });
      const { result } = await gives(t, act);
      const handed = peersIn(result);
      t.that(
        handed.length > 0 && handed.every((one) => peers.some((peer) => peer === one)),
        `some of ${peers.join(", ")}`,
        handed.join(", ") || "none",
        {
          requirement: ["PAMP-9.2.6-09", "PAMP-8.2.2-04", "PAMP-8.2.3-07"],
          what: "the list that the OMS hands on",
        },
      );
      if (handed.length < peers.length)
        t.warn(
          `it leaves out ${peers.length - handed.length} of ${peers.length} peers [8.2.2 step 4]`,
          "PAMP-8.2.2-04",
        );
    },
  }),
  defineCase({
    id: "pamp-oms/list-query/advice",
    title: "an OMS hands on the advice on fragments that came with the list",
    requirements: ["PAMP-8.2.4-07", "PAMP-8.2.5-10"],
    errata: ["E-PAMP-31", "E-PAMP-52"],
    needs: ["queries-lists", "advises"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const peer = t.unique("peer");
      t.server.answer(LIST, {
        status: 200,
        body: { peer_list: { peer_id: [peer], fragment_list: { fragment: [101, 108] } } },
      });
      const { act } = await asks(t, "query-list");
      await t.due(LIST, act, { requirement: "PAMP-8.2.4-07", what: "a query for a list" });
      const { result } = await gives(t, act);
      const fragments = Array.isArray(result?.fragments) ? result.fragments.map(Number) : [];
      t.that(
        [101, 108].every((id) => fragments.includes(id)) && peersIn(result).includes(peer),
        `fragments 101 and 108, and ${peer}`,
        result,
        {
          requirement: ["PAMP-8.2.4-07", "PAMP-8.2.5-10"],
          what: "what the OMS hands on",
        },
      );
    },
  }),
  defineCase({
    id: "pamp-oms/list-query/peers",
    title: "a list under the name peers is understood too",
    requirements: ["PAMP-9.2.6-09"],
    errata: ["E-PAMP-11"],
    needs: ["queries-lists"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const peer = t.unique("peer");
      t.server.answer(LIST, { status: 200, body: { peer_list: { peers: [peer] } }, malformed: true });
      const { act } = await asks(t, "query-list");
      await t.due(LIST, act, { what: "a query for a list" });
      const { result } = await gives(t, act);
      const handed = peersIn(result);
      t.that(
        handed.every((one) => one === peer),
        peer,
        handed,
        { what: "the list that the OMS hands on" },
      );
      if (handed.length === 0) t.warn("a list under the name peers is not understood (E-PAMP-11)", "PAMP-9.2.6-09");
    },
  }),
  ...[["empty", { status: 200, body: { peer_list: { peer_id: [] } } }] as const, ...emptied].map(([name, answer]) =>
    defineCase({
      id: `pamp-oms/list-query/answered-${name}`,
      title: `an OMS whose query is answered ${name === "empty" ? "with an empty list" : name} invents no peers`,
      requirements: ["PAMP-9.2.6-09"],
      errata: ["E-PAMP-06"],
      needs: ["queries-lists"],
      group: "behaviour",
      budgetMs: 20_000,
      async run(t) {
        t.server.answer(LIST, answer);
        const { act } = await asks(t, "query-list");
        await t.due(LIST, act, { what: "a query for a list" });
        const { result } = await gives(t, act);
        t.equal(peersIn(result), [], { what: `the peers that the OMS hands on after ${name}` });
      },
    }),
  ),
  defineCase({
    id: "pamp-oms/info-query/request",
    title: "an OMS asks its PAMS for one peer, by its path and without a body",
    requirements: ["PAMP-9.2.7-01", "PAMP-9.2.7-02", "PAMP-REQ-QRY-02N1", "PAMP-8.1.3-01", "DS-8.1-f"],
    errata: ["E-PAMP-01", "E-PAMP-02", "E-PAMP-17"],
    needs: ["queries-peers"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const peer = t.unique("peer");
      const { act, overlay } = await asks(t, "query-peer", { "peer-id": peer });
      const query = await t.due(INFO, act, {
        requirement: ["PAMP-9.2.7-01", "PAMP-REQ-QRY-02N1", "PAMP-8.1.3-01", "DS-8.1-f"],
        what: "what an OMS sends that wants to know of one peer",
      });
      const { NID, PID } = query.params;
      t.that(NID === overlay && PID === peer, `${overlay} and ${peer}`, `${NID} and ${PID}`, {
        requirement: "PAMP-9.2.7-02",
        what: "the identifiers in the path of the query",
        entry: query.entry,
      });
      t.equal(query.text, "", { requirement: "PAMP-9.2.7-02", what: "the body of the query", entry: query.entry });
      if (query.otherPath)
        t.warn(`it queries by ${query.method} ${query.target}, not by the path of Table 13`, "PAMP-9.2.7-02");
    },
  }),
  defineCase({
    id: "pamp-oms/info-query/result",
    title: "an OMS takes the status of a peer as the PAMS gives it",
    requirements: ["PAMP-9.2.7-08", "PAMP-9.1.11-01"],
    errata: ["E-PAMP-08", "E-PAMP-35"],
    needs: ["queries-peers"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      const status = {
        dynamic_status: { overlay_event: "COMPLETED", uploaded: "123" },
        static_status: { max_up_bw: 777 },
      };
      t.server.answer(INFO, { status: 200, body: { peer_status: status } });
      const { act } = await asks(t, "query-peer", { "peer-id": t.unique("peer") });
      const requirement = t.definition.requirements;
      await t.due(INFO, act, { requirement, what: "a query for a peer" });
      const { result } = await gives(t, act);
      t.match(
        result,
        { peer_status: { dynamic_status: { overlay_event: "COMPLETED" }, static_status: { max_up_bw: 777 } } },
        { requirement, what: "the status that the OMS got" },
      );
    },
  }),
  defineCase({
    id: "pamp-oms/info-query/blank",
    title: "a status under a name with a blank is understood too",
    requirements: ["PAMP-9.2.7-08"],
    errata: ["E-PAMP-09"],
    needs: ["queries-peers"],
    group: "behaviour",
    budgetMs: 15_000,
    async run(t) {
      t.server.answer(INFO, {
        status: 200,
        body: { "peer_status ": { static_status: { max_up_bw: 777 } } },
        malformed: true,
      });
      const { act } = await asks(t, "query-peer", { "peer-id": t.unique("peer") });
      await t.due(INFO, act, { what: "a query for a peer" });
      const { result } = await gives(t, act);
      const seen =
        isObject(result?.peer_status) && isObject(result.peer_status.static_status)
          ? result.peer_status.static_status.max_up_bw
          : undefined;
      t.oneOf(seen, [777, undefined], { what: "the status that the OMS got" });
      if (seen === undefined)
        t.warn("a status under a name with a blank is not understood (E-PAMP-09)", "PAMP-9.2.7-08");
    },
  }),
  ...emptied.map(([name, answer]) =>
    defineCase({
      id: `pamp-oms/info-query/answered-${name}`,
      title: `an OMS whose query for a peer is answered ${name} invents no data`,
      requirements: ["PAMP-9.2.7-08"],
      errata: ["E-PAMP-06", "E-PAMP-42"],
      needs: ["queries-peers"],
      group: "behaviour",
      budgetMs: 20_000,
      async run(t) {
        t.server.answer(INFO, answer);
        const { act } = await asks(t, "query-peer", { "peer-id": t.unique("peer") });
        await t.due(INFO, act, { what: "a query for a peer" });
        const { result } = await gives(t, act);
        t.oneOf(result?.peer_status ?? undefined, [undefined], { what: `the status that the OMS got after ${name}` });
      },
    }),
  ),
];

import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { status } from "../engine/http.js";
import { accepted, listedIn } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { dynamicStatus, fragments, range, reportOf } from "./messages.js";
import { overlayNetwork, peersIn } from "./network.js";
import { listPeers, report } from "./primitives.js";

interface Search {
  /** What each peer reports to hold. */
  readonly held: readonly Json[];
  /** Fragments looked for, and the places in `held` of those who have them all; nobody else has any of them. */
  readonly wanted: readonly { readonly what: string; readonly condition: Json; readonly holders: readonly number[] }[];
}

/**
 * Holders of everything against holders of nothing (E-PAMP-30). Asked for as many peers as there are holders, a PAMS of any reading lists
 * exactly those; asked for more, it may have others after them where the best matches come first.
 */
async function finds(t: PamsTest, { held, wanted }: Search, requirement: readonly RequirementId[]): Promise<void> {
  const overlay = await overlayNetwork(t);
  const peers = await peersIn(
    t,
    overlay,
    held.map((one) => dynamicStatus(one)),
  );
  for (const { what, condition, holders } of wanted) {
    const ids = holders.map((i) => peers[i] ?? "");
    const query = `a query for ${what}`;
    const few = await listPeers(t, overlay, { ...condition, max_peer_num: ids.length });
    const found = listedIn(t, few, { requirement, what: `the status of ${query}, at most ${ids.length} peers` });
    t.equal([...found].sort(), [...ids].sort(), { requirement, what: `the peers in ${query}`, entry: few.entry });
    const all = await listPeers(t, overlay, { ...condition, max_peer_num: 20 });
    const first = listedIn(t, all, { requirement, what: `the status of ${query}` });
    t.equal([...first.slice(0, ids.length)].sort(), [...ids].sort(), {
      requirement,
      what: `the first peers in ${query}`,
      entry: all.entry,
    });
    const others = first.slice(ids.length);
    if (t.declared.reading("E-PAMP-30") === "A" || t.declared.reading("E-PAMP-30") === "B") {
      t.equal(others, [], { requirement, what: `the peers in ${query} that hold nothing of it`, entry: all.entry });
    } else if (others.length > 0) {
      t.warn(`${query} lists peers that hold nothing of it, behind those who do (E-PAMP-30)`);
    }
  }
}

interface FragmentCase extends Search {
  readonly name: string;
  readonly title: string;
  readonly requirements: readonly RequirementId[];
  readonly errata?: readonly ErratumId[];
}

const list = (...ids: readonly number[]): Json => ({ fragment_list: fragments(...ids) });
const span = (start: number, end: number): Json => ({ fragment_range: range(start, end) });

const searches: readonly FragmentCase[] = [
  {
    name: "holder",
    title: "a list query for a fragment finds the peers that hold it",
    requirements: ["PAMP-9.1.7-07", "PAMP-8.2.2-03", "PAMP-9.2.6-04", "DS-8.1-d-iv", "DS-7.2.5-02"],
    held: [list(1), list(2), list(1, 3), list(4), list(5), list(6)],
    wanted: [
      { what: "fragment 1", condition: list(1), holders: [0, 2] },
      { what: "fragment 4", condition: list(4), holders: [3] },
      { what: "fragment 6", condition: list(6), holders: [5] },
    ],
  },
  {
    name: "several",
    title: "a list query for several fragments finds the peers that hold them",
    requirements: ["PAMP-9.1.7-07", "PAMP-9.1.5-03"],
    held: [list(1, 2, 3), list(4, 5), list(7, 8, 9), list(6), list(1, 2, 3, 10)],
    wanted: [
      { what: "fragments 1 and 3", condition: list(1, 3), holders: [0, 4] },
      { what: "fragments 9 and 7", condition: list(9, 7), holders: [2] },
    ],
  },
  {
    name: "zero",
    title: "fragment 0 is a fragment like others",
    requirements: ["PAMP-9.1.7-07"],
    held: [list(1), list(0), list(2), list(3)],
    wanted: [{ what: "fragment 0", condition: list(0), holders: [1] }],
  },
  {
    name: "range",
    title: "a list query for a range finds the peers that hold it",
    requirements: ["PAMP-9.1.7-08"],
    held: [span(1, 9), list(10, 11, 12), span(13, 30), span(100, 200), list(40)],
    wanted: [
      { what: "fragments 10 to 12", condition: span(10, 12), holders: [1] },
      { what: "fragments 150 to 160", condition: span(150, 160), holders: [3] },
    ],
  },
  {
    name: "first-of-range",
    title: "a reported range begins with its first fragment",
    requirements: ["PAMP-9.1.6-01"],
    errata: ["E-PAMP-69"],
    held: [list(9), span(10, 20), list(21), list(30)],
    wanted: [
      { what: "fragment 10", condition: list(10), holders: [1] },
      { what: "fragment 9", condition: list(9), holders: [0] },
    ],
  },
  {
    name: "last-of-range",
    title: "a reported range ends with its last fragment",
    requirements: ["PAMP-9.1.6-02"],
    errata: ["E-PAMP-69"],
    held: [list(9), span(10, 20), list(21), list(30)],
    wanted: [
      { what: "fragment 20", condition: list(20), holders: [1] },
      { what: "fragment 21", condition: list(21), holders: [2] },
    ],
  },
  {
    name: "range-of-one",
    title: "a range from a fragment to itself is that fragment",
    requirements: ["PAMP-9.1.6-01", "PAMP-9.1.6-02"],
    errata: ["E-PAMP-69"],
    held: [list(4), span(5, 5), list(6), list(7)],
    wanted: [
      { what: "fragment 5", condition: list(5), holders: [1] },
      { what: "fragments 6 to 6", condition: span(6, 6), holders: [2] },
    ],
  },
  {
    name: "list-and-range",
    title: "list and range of a report together are what a peer holds",
    requirements: ["PAMP-9.1.7-07", "PAMP-9.1.7-08"],
    errata: ["E-PAMP-16"],
    held: [list(90), { ...list(1, 3), ...span(10, 20) }, list(91), list(92)],
    wanted: [
      { what: "fragment 3, reported in a list", condition: list(3), holders: [1] },
      { what: "fragment 15, reported in a range", condition: list(15), holders: [1] },
      { what: "fragments 12 to 14", condition: span(12, 14), holders: [1] },
    ],
  },
  {
    name: "condition-of-both",
    title: "a list query may have a list and a range",
    requirements: ["PAMP-9.1.7-07", "PAMP-9.1.7-08"],
    errata: ["E-PAMP-30"],
    held: [list(90), { ...list(100, 102), ...span(0, 99) }, list(300), span(200, 210)],
    wanted: [
      {
        what: "fragments 100 and 102 and 0 to 99",
        condition: { ...list(100, 102), ...span(1, 89) },
        holders: [1],
      },
    ],
  },
];

const searchCases = searches.map(({ name, title, requirements, errata = [], ...search }) =>
  defineCase({
    id: `pams/list-fragments/${name}`,
    title,
    requirements,
    errata: ["E-PAMP-30", ...errata.filter((id) => id !== "E-PAMP-30")],
    group: "capability",
    run: (t) => finds(t, search, requirements),
  }),
);

/** Conditions on the fragments that a peer holds [9.1.5 to 9.1.7]. */
export const listFragmentCases = [
  ...searchCases,
  defineCase({
    id: "pams/list-fragments/own-overlay",
    title: "a fragment ID means a fragment of its own overlay only",
    requirements: ["PAMP-REQ-ID-02"],
    errata: ["E-PAMP-30", "E-X-05"],
    group: "behaviour",
    async run(t) {
      const [here, there] = [await overlayNetwork(t), await overlayNetwork(t)];
      const inside = await peersIn(t, here, [dynamicStatus(list(8)), dynamicStatus(list(7)), dynamicStatus(list(9))]);
      const outside = await peersIn(t, there, [dynamicStatus(list(7)), dynamicStatus(list(8)), dynamicStatus(list(9))]);
      for (const [overlay, holder] of [
        [here, inside[1]],
        [there, outside[0]],
      ] as const) {
        const reply = await listPeers(t, overlay, { ...list(7), max_peer_num: 1 });
        const ids = listedIn(t, reply, { what: "the status of a query for fragment 7" });
        t.equal(ids, [holder ?? ""], { what: "the peers listed for fragment 7", entry: reply.entry });
      }
    },
  }),
  defineCase({
    id: "pams/list-fragments/later-report",
    title: "fragments that a later report adds are found",
    requirements: ["PAMP-9.1.7-07"],
    errata: ["E-PAMP-36"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const [first = "", second = ""] = await peersIn(t, overlay, [dynamicStatus(list(1)), dynamicStatus(list(2))]);
      await t.setup("a second report", async () => {
        const reply = await report(t, overlay, first, reportOf(t, dynamicStatus(list(1, 3))));
        if (!accepted.test(reply)) t.inconclusive(`a valid report got ${reply.outcome}`);
      });
      for (const [fragment, holder] of [
        [1, first],
        [2, second],
        [3, first],
      ] as const) {
        const reply = await listPeers(t, overlay, { ...list(fragment), max_peer_num: 1 });
        const ids = listedIn(t, reply, { what: `the status of a query for fragment ${fragment}` });
        t.equal(ids, [holder], { what: `the peers listed for fragment ${fragment}`, entry: reply.entry });
      }
    },
  }),
  defineCase({
    id: "pams/list-fragments/decimal-strings",
    title: "fragment IDs that come as strings of digits are lived through, or understood",
    requirements: ["PAMP-9.1.5-03"],
    errata: ["E-PAMP-10"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const [peer = ""] = await peersIn(t, overlay, [dynamicStatus(list(1)), dynamicStatus(list(2))]);
      const odd = reportOf(t, dynamicStatus({ fragment_list: { fragment: ["7"] } }));
      const reply = await report(t, overlay, peer, odd, { malformed: true });
      t.answers(reply, status("2xx", "4xx"), { what: "the status of a report of fragment IDs as strings" });
      if (!accepted.test(reply)) return t.warn("fragment IDs as strings are refused (E-PAMP-10)");
      const found = await listPeers(t, overlay, { ...list(7), max_peer_num: 1 });
      const ids = listedIn(t, found, { what: "the status of a query for fragment 7" });
      if (ids[0] !== peer) t.warn('"7" in a report and 7 in a query are not the same fragment (E-PAMP-10)');
    },
  }),
  defineCase({
    id: "pams/list-fragments/events",
    title: "a fragment reported as downloaded is found by its number",
    requirements: ["PAMP-9.1.7-07"],
    errata: ["E-PAMP-10", "E-PAMP-36"],
    needs: (declared) => declared.reading("E-PAMP-10") === "A",
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const held = [list(1), list(2), list(3)].map((one) => dynamicStatus(one));
      const [from = "", to = ""] = await peersIn(t, overlay, held);
      const event = { fragment_event_type: "DOWNLOADED", fragment_id: "7", fragment_integrity: true, to, from };
      await t.setup("the report of a download", async () => {
        const reply = await report(t, overlay, to, reportOf(t, dynamicStatus({ fragment_event: [event] })));
        if (!accepted.test(reply)) t.inconclusive(`a valid report got ${reply.outcome}`);
      });
      const reply = await listPeers(t, overlay, { ...list(7), max_peer_num: 1 });
      const ids = listedIn(t, reply, { what: "the status of a query for fragment 7" });
      t.equal(ids, [to], { what: "the peers listed", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/list-fragments/partial-holders",
    title: "peers that hold some of the fragments wanted are dealt with as declared",
    requirements: ["PAMP-9.1.7-07"],
    errata: ["E-PAMP-30"],
    needs: (declared) => declared.reading("E-PAMP-30") !== "any",
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const held = [list(1), list(1, 2), list(2), list(3), list(1, 2, 3)].map((one) => dynamicStatus(one));
      const [one = "", two = "", other = "", , all = ""] = await peersIn(t, overlay, held);
      const reply = await listPeers(t, overlay, { ...list(1, 2), max_peer_num: 10 });
      const ids = listedIn(t, reply, { what: "the status of a query for fragments 1 and 2" });
      const cite = { what: "the peers listed", entry: reply.entry };
      switch (t.declared.reading("E-PAMP-30")) {
        case "A":
          return t.equal([...ids].sort(), [all, two].sort(), cite);
        case "B":
          return t.equal([...ids].sort(), [all, two, one, other].sort(), cite);
        default:
          return t.equal([...ids.slice(0, 2)].sort(), [all, two].sort(), { ...cite, what: "the first two peers" });
      }
    },
  }),
  defineCase({
    id: "pams/list-fragments/partial-holders-of-a-range",
    title: "peers that hold the beginning, the middle or the end of the range wanted are dealt with as declared",
    requirements: ["PAMP-9.1.7-08"],
    errata: ["E-PAMP-30"],
    needs: (declared) => declared.reading("E-PAMP-30") !== "any",
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const held = [list(10), span(11, 12), list(11), span(9, 13), list(20), list(10, 11, 12)];
      const [first = "", last = "", middle = "", wide = "", , all = ""] = await peersIn(
        t,
        overlay,
        held.map((one) => dynamicStatus(one)),
      );
      const reply = await listPeers(t, overlay, { ...span(10, 12), max_peer_num: 10 });
      const ids = listedIn(t, reply, { what: "the status of a query for fragments 10 to 12" });
      const cite = { what: "the peers listed", entry: reply.entry };
      switch (t.declared.reading("E-PAMP-30")) {
        case "A":
          return t.equal([...ids].sort(), [all, wide].sort(), cite);
        case "B":
          return t.equal([...ids].sort(), [all, wide, first, last, middle].sort(), cite);
        default:
          return t.equal([...ids.slice(0, 2)].sort(), [all, wide].sort(), { ...cite, what: "the first two peers" });
      }
    },
  }),
];

import type { Cite } from "../engine/test.js";
import { listedIn } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import { dynamicStatus, reportOf } from "./messages.js";
import { overlayNetwork, peerIn, peersIn } from "./network.js";
import { listPeers, report } from "./primitives.js";

type Criterion = "UPLOADED" | "DOWNLOADED" | "LEFT";

/** Amounts whose order as numbers is neither that as text nor that of arrival or of IDs, and another one for each criterion. */
const amounts: readonly Readonly<Record<Criterion, number>>[] = [
  { UPLOADED: 900, DOWNLOADED: 20, LEFT: 5000 },
  { UPLOADED: 30, DOWNLOADED: 1000, LEFT: 400 },
  { UPLOADED: 1000, DOWNLOADED: 7, LEFT: 60 },
  { UPLOADED: 8, DOWNLOADED: 300, LEFT: 70_000 },
  { UPLOADED: 200, DOWNLOADED: 40_000, LEFT: 9 },
];

const reports = amounts.map(({ UPLOADED, DOWNLOADED, LEFT }) =>
  dynamicStatus({ uploaded: String(UPLOADED), downloaded: String(DOWNLOADED), left: String(LEFT) }),
);

const best: Readonly<Record<Criterion, "falling" | "rising">> = {
  UPLOADED: "falling",
  DOWNLOADED: "falling",
  LEFT: "rising",
};

/** Which way a row of different numbers runs, or undefined where it turns. */
function direction(values: readonly number[]): "falling" | "rising" | undefined {
  const steps = values.slice(1).map((value, i) => Math.sign(value - (values[i] ?? 0)));
  if (steps.every((step) => step > 0)) return "rising";
  return steps.every((step) => step < 0) ? "falling" : undefined;
}

/** Judges that the peers come in the order of the criterion, either way unless one is declared (E-PAMP-27). */
function inOrder(t: PamsTest, criterion: Criterion, ids: readonly string[], peers: readonly string[], cite: Cite) {
  const values = ids.map((id) => amounts[peers.indexOf(id)]?.[criterion] ?? Number.NaN);
  const found = direction(values);
  const permitted = t.declared.reading("E-PAMP-27") === "A" ? [best[criterion]] : ["rising", "falling"];
  t.that(
    found !== undefined && permitted.includes(found),
    permitted.map((way) => `${criterion} ${way}`),
    values,
    cite,
  );
  if (found !== best[criterion]) t.warn(`${criterion} is ${found}, the best last (E-PAMP-27)`);
  return found;
}

/** The ordering criteria, and the peers that a condition lists to be ordered [9.1.7]. */
export const listOrderingCases = [
  ...(["UPLOADED", "DOWNLOADED", "LEFT"] as const).map((criterion) =>
    defineCase({
      id: `pams/list-ordering/${criterion.toLowerCase()}`,
      title: `a list query ordered by ${criterion} is answered in the order of that amount`,
      requirements: ["PAMP-9.1.7-04", "PAMP-9.1.8-01", "DS-8.1-d-iii", "DS-7.2.5-02"],
      errata: ["E-PAMP-08", "E-PAMP-27", "E-PAMP-35"],
      group: "capability",
      async run(t) {
        const overlay = await overlayNetwork(t);
        const peers = await peersIn(t, overlay, reports);
        const reply = await listPeers(t, overlay, { ordering: criterion, max_peer_num: 10 });
        const cite = { requirement: t.definition.requirements, what: `the status of a query ordered by ${criterion}` };
        const ids = listedIn(t, reply, cite);
        t.equal([...ids].sort(), [...peers].sort(), { ...cite, what: "the peers listed", entry: reply.entry });
        inOrder(t, criterion, ids, peers, { ...cite, what: `${criterion} of the peers listed`, entry: reply.entry });
      },
    }),
  ),
  defineCase({
    id: "pams/list-ordering/one-direction",
    title: "where that is declared, all three criteria run in one direction",
    requirements: ["PAMP-9.1.7-04"],
    errata: ["E-PAMP-27"],
    needs: (declared) => declared.reading("E-PAMP-27") === "B",
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peers = await peersIn(t, overlay, reports);
      const ways = new Set<string | undefined>();
      for (const criterion of ["UPLOADED", "DOWNLOADED", "LEFT"] as const) {
        const reply = await listPeers(t, overlay, { ordering: criterion, max_peer_num: 10 });
        const ids = listedIn(t, reply, { what: `the status of a query ordered by ${criterion}` });
        ways.add(inOrder(t, criterion, ids, peers, { what: `${criterion} of the peers listed`, entry: reply.entry }));
      }
      t.equal(ways.size, 1, { what: "the number of directions" });
    },
  }),
  defineCase({
    id: "pams/list-ordering/best-few",
    title: "a list cut short by max_peer_num has the first of the order",
    requirements: ["PAMP-9.1.7-04", "PAMP-REQ-QRY-02N2"],
    errata: ["E-PAMP-27", "E-PAMP-54"],
    group: "behaviour",
    async run(t) {
      const requirement = t.definition.requirements;
      const overlay = await overlayNetwork(t);
      await peersIn(t, overlay, reports);
      const whole = await listPeers(t, overlay, { ordering: "DOWNLOADED", max_peer_num: 10 });
      const ids = listedIn(t, whole, { requirement, what: "the status of a query ordered by DOWNLOADED" });
      const reply = await listPeers(t, overlay, { ordering: "DOWNLOADED", max_peer_num: 2 });
      const few = listedIn(t, reply, { requirement, what: "the status of the same query for at most 2" });
      t.equal(few, ids.slice(0, few.length), { requirement, what: "the peers listed", entry: reply.entry });
      t.that(few.length > 0 && few.length <= 2, "one peer or two", few, {
        requirement,
        what: "the peers listed",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "pams/list-ordering/named-peers",
    title: "peers named in a condition are answered in the order of the criterion, and no others unless declared",
    requirements: ["PAMP-9.1.7-05"],
    errata: ["E-PAMP-27", "E-PAMP-28"],
    group: "capability",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const peers = await peersIn(t, overlay, reports);
      // Neither as named nor as they came do their amounts run one way; the most and the least of all are left out.
      const named = [4, 0, 1].map((i) => peers[i] ?? "");
      const reply = await listPeers(t, overlay, { ordering: "UPLOADED", peer_id: named, max_peer_num: 10 });
      const ids = listedIn(t, reply, { what: "the status of a query that names three peers" });
      const first = t.declared.reading("E-PAMP-28") === "B" ? ids.slice(0, named.length) : ids;
      t.equal([...first].sort(), [...named].sort(), { what: "the peers listed", entry: reply.entry });
      inOrder(t, "UPLOADED", first, peers, { what: "UPLOADED of the peers named", entry: reply.entry });
    },
  }),
  defineCase({
    id: "pams/list-ordering/named-stranger",
    title: "a peer that is named in a condition but not registered is not listed",
    requirements: ["PAMP-9.2.6-08"],
    errata: ["E-PAMP-28"],
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      const [known = ""] = await peersIn(t, overlay, reports.slice(0, 2));
      const stranger = t.unique("stranger");
      const condition = { ordering: "UPLOADED", peer_id: [stranger, known], max_peer_num: 10 };
      const reply = await listPeers(t, overlay, condition);
      const ids = listedIn(t, reply, { what: "the status of a query that names a stranger" });
      t.that(!ids.includes(stranger), `a list without ${stranger}`, ids, {
        what: "the peers listed",
        entry: reply.entry,
      });
    },
  }),
  defineCase({
    id: "pams/list-ordering/several-reports",
    title: "several reports of one peer count for the order as declared",
    requirements: ["PAMP-9.1.7-04"],
    errata: ["E-PAMP-27", "E-PAMP-35"],
    needs: (declared) => declared.reading("E-PAMP-35") !== "any",
    group: "behaviour",
    async run(t) {
      const overlay = await overlayNetwork(t);
      // 400 and 400 add up to more than 500; the last of them alone is less.
      const twice = await peerIn(t, overlay, dynamicStatus({ uploaded: "400" }));
      const once = await peerIn(t, overlay, dynamicStatus({ uploaded: "500" }));
      const least = await peerIn(t, overlay, dynamicStatus({ uploaded: "1" }));
      await t.setup("a second report", async () => {
        const reply = await report(t, overlay, twice, reportOf(t, dynamicStatus({ uploaded: "400" })));
        if (reply.status >= 300) t.inconclusive(`a valid report got ${reply.outcome}`);
      });
      const reply = await listPeers(t, overlay, { ordering: "UPLOADED", max_peer_num: 10 });
      const ids = listedIn(t, reply, { what: "the status of a query ordered by UPLOADED" });
      const order = t.declared.reading("E-PAMP-35") === "C" ? [once, twice, least] : [twice, once, least];
      t.oneOf(ids, [order, [...order].reverse()], { what: "the order of the peers", entry: reply.entry });
    },
  }),
];

import { status } from "../engine/http.js";
import { isObject } from "../engine/matchers.js";
import { set } from "../engine/refuses.js";
import { accepted, elementOf, idsOf } from "./answers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { Json } from "./messages.js";
import { likewise, overlayNetwork } from "./network.js";
import { listPeers, queryPeer, registerPeer, report } from "./primitives.js";

/** A signed exchange as its maker declares it: the Recommendation has no element for keys and receipts (E-PAMP-51). */
interface Exchange {
  readonly overlay: string;
  /** Each a peer_information with whatever tells its key. */
  readonly peers: readonly Json[];
  readonly reporter: string;
  /** A dynamic_status with a receipt that both signed. */
  readonly report: Json;
  /** What makes the receipt a wrong one: a member of the report, and its value. */
  readonly tampered: { readonly path: string; readonly value: unknown };
  /** Another peer that has sent less, and can prove it. */
  readonly rival?: { readonly reporter: string; readonly report: Json };
}

function declaredExchange(t: PamsTest): Promise<Exchange> {
  return t.setup("the declared signed-report", async () => {
    const read = JSON.parse(t.declared.value("signed-report")) as Partial<Exchange>;
    const { overlay, peers, reporter, report: dynamic, tampered } = read;
    if (!overlay || !Array.isArray(peers) || !reporter || !isObject(dynamic) || typeof tampered?.path !== "string")
      t.inconclusive("the declaration's signed-report lacks overlay, peers, reporter, report or tampered");
    return read as Exchange;
  });
}

/** The overlay network of the exchange, with its peers. */
async function withKeys(t: PamsTest, exchange: Exchange): Promise<string> {
  const overlay = await overlayNetwork(t, { overlay_network_id: exchange.overlay });
  await t.setup("peers with keys", async () => {
    for (const peer of exchange.peers) {
      const reply = await registerPeer(t, overlay, { peer_information: peer }, { malformed: true });
      if (!accepted.test(reply)) t.inconclusive(`the declared registration got ${reply.outcome}`);
    }
  });
  return overlay;
}

/** Verification may take its time behind the acknowledgement of the report. */
const verifiedWithinMs = 5_000;

/** Who comes first among two by what they uploaded, once that is the one waited for, or in the end. */
async function firstOf(t: PamsTest, overlay: string, peers: readonly string[], awaited: string): Promise<unknown> {
  const until = t.world.now() + verifiedWithinMs;
  for (;;) {
    const reply = await listPeers(t, overlay, { peer_id: peers, ordering: "UPLOADED", max_peer_num: 2 });
    const ids = idsOf(t, reply);
    const first: unknown = Array.isArray(ids) ? ids[0] : undefined;
    if (first === awaited || t.world.now() > until) return first;
    await t.sleep(100);
  }
}

/** Confirmed receipts [8.2.6]. */
export const signedReportCases = [
  defineCase({
    id: "pams/signed-reports/tampered",
    title:
      "a report with a receipt signed by both peers is taken, and one whose receipt was tampered with has no effect",
    requirements: ["PAMP-8.2.6-06", "PAMP-8.2.6-14"],
    errata: ["E-PAMP-51"],
    needs: (declared) => declared.value("signed-report") !== "" || "no signed exchange is declared",
    group: "behaviour",
    alone: true,
    async run(t) {
      const exchange = await declaredExchange(t);
      const overlay = await withKeys(t, exchange);
      const { reporter, tampered } = exchange;
      const body = { peer_status: { dynamic_status: exchange.report } };
      const taken = await report(t, overlay, reporter, body, { malformed: true });
      t.answers(taken, accepted, { requirement: "PAMP-8.2.6-06", what: "the status of a report with a good receipt" });
      // Of the answer, what the report is about.
      const look = async () =>
        likewise(elementOf(t, await queryPeer(t, overlay, reporter), "peer_status"), {
          dynamic_status: exchange.report,
        });
      const before = await t.setup("the status before", look);
      await t.refuses({
        what: "a report whose receipt was tampered with",
        requirement: "PAMP-8.2.6-14",
        valid: () => body,
        send: (message, as) => report(t, overlay, reporter, message, as),
        delta: set(`peer_status.dynamic_status.${tampered.path}`, tampered.value),
        accepted,
        permitted: status("2xx", "4xx"),
        unchanged: async () => {
          t.equal(await look(), before, { requirement: "PAMP-8.2.6-14", what: "the peer's status afterwards" });
        },
      });
    },
  }),
  defineCase({
    id: "pams/signed-reports/confirmed-order",
    title: "a report whose receipt was tampered with does not bring a peer before another one whose receipt is good",
    requirements: ["PAMP-8.2.6-06", "PAMP-8.2.6-14"],
    errata: ["E-PAMP-51", "E-PAMP-75"],
    needs: ["confirmed-order"],
    group: "behaviour",
    alone: true,
    async run(t) {
      const exchange = await declaredExchange(t);
      const { reporter, rival, tampered } = exchange;
      if (rival === undefined) return t.inconclusive("the declaration's signed-report has no rival");
      const overlay = await withKeys(t, exchange);
      const both = [reporter, rival.reporter];
      const good = { peer_status: { dynamic_status: exchange.report } };
      const bad = set(`peer_status.dynamic_status.${tampered.path}`, tampered.value)(good);
      const modest = { peer_status: { dynamic_status: rival.report } };
      await t.setup("a report with a tampered receipt, and one with a good receipt for less", async () => {
        await report(t, overlay, reporter, bad, { malformed: true });
        const reply = await report(t, overlay, rival.reporter, modest, { malformed: true });
        if (!accepted.test(reply)) t.inconclusive(`the declared rival's report got ${reply.outcome}`);
      });
      t.equal(await firstOf(t, overlay, both, rival.reporter), rival.reporter, {
        requirement: "PAMP-8.2.6-14",
        what: "the first of the two by what they uploaded, where only the rival's receipt is good",
      });
      await t.setup("the same report with its good receipt", () =>
        report(t, overlay, reporter, good, { malformed: true }),
      );
      t.equal(await firstOf(t, overlay, both, reporter), reporter, {
        requirement: "PAMP-8.2.6-06",
        what: "the first of the two once both receipts are good",
      });
    },
  }),
];

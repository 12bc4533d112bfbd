import type { ClientRequest } from "../client/request.js";
import type { PeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { DEREG, REPORT } from "./session.js";

async function leaves(
  t: PeerTest,
): Promise<{ readonly bye: ClientRequest; readonly overlay: string; readonly peer: string }> {
  const joined = await t.join({ later: ["leave"] });
  await t.setup("a peer that reports", () =>
    t.report(joined, { requirement: t.definition.requirements[0] ?? "PAMP-9.2.4-01", what: "the first report" }),
  );
  const leave = joined.product.do("leave");
  const bye = await t.server.next(DEREG, { withinMs: t.actsWithinMs });
  if (bye.silent) {
    const done = await t.outcome(leave);
    if (done.how !== "asked") t.inconclusive(`no deregistration came (${done.reason})`);
  }
  return { bye, ...joined };
}

export const deregistrationCases = [
  defineCase({
    id: "pamp-peer/deregistration/request",
    title: "a peer that leaves deregisters itself, once, with both identifiers and without a body",
    requirements: [
      "PAMP-9.2.4-01",
      "PAMP-9.2.4-02",
      "PAMP-8.1.2.2-04",
      "PAMP-REQ-PREG-02",
      "PAMP-REQ-OPR-01",
      "DS-8.2-d-i",
    ],
    errata: ["E-PAMP-01", "E-PAMP-02", "E-PAMP-60"],
    needs: ["deregisters"],
    group: "behaviour",
    budgetMs: 20_000,
    async run(t) {
      const { bye, overlay, peer } = await leaves(t);
      t.that(!bye.silent, "PAMP_PEER_DEREG", bye.outcome, {
        requirement: ["PAMP-9.2.4-01", "PAMP-8.1.2.2-04", "PAMP-REQ-OPR-01"],
        what: "what a peer sends that leaves",
        entry: bye.entry,
      });
      const { NID, PID } = bye.params;
      t.that(NID === overlay && PID === peer, `${overlay} and ${peer}`, `${NID} and ${PID}`, {
        requirement: ["PAMP-REQ-PREG-02", "PAMP-9.2.4-02", "DS-8.2-d-i"],
        what: "the identifiers in the path of the deregistration, against those of the registration",
        entry: bye.entry,
      });
      if (bye.otherPath)
        t.warn(`it deregisters by ${bye.method} ${bye.target}, not by the path of Table 7`, "PAMP-9.2.4-02");
      await t.server.during(400);
      const times = t.server.of(DEREG).length;
      t.equal(times, 1, { requirement: "PAMP-9.2.4-01", what: "the number of deregistrations" });
    },
  }),
  ...([200, 404, 204] as const).map((status) =>
    defineCase({
      id: `pamp-peer/deregistration/nothing-after-${status}`,
      title: `a peer whose deregistration is answered ${status} reports no more`,
      requirements: ["PAMP-9.2.4-06"],
      errata: status === 204 ? ["E-PAMP-44"] : ["E-PAMP-42"],
      needs: ["deregisters"],
      group: "behaviour",
      budgetMs: 20_000,
      async run(t) {
        t.server.answer(DEREG, { status });
        const { bye } = await leaves(t);
        if (bye.silent) t.inconclusive("no deregistration came");
        const after = await t.server.during(t.intervalMs + 600);
        const reports = after.filter(({ primitive }) => primitive === REPORT);
        t.equal(
          reports.map(({ outcome }) => outcome),
          [],
          { what: "reports after the deregistration", entry: reports[0]?.entry },
        );
      },
    }),
  ),
];

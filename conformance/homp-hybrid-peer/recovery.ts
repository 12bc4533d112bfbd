import { budget, defineCase } from "./case.js";
import { JOIN, REFRESH, REPORT } from "./session.js";

export const recoveryCases = [
  defineCase({
    id: "homp-hybrid-peer/recovery/request",
    title: "a member that has lost its paths asks for a way back in, as a member and with its ticket",
    requirements: ["HOMP-6.2.5-10", "HOMP-6.2.5-11", "HOMP-6.2.8-03"],
    errata: ["E-HOMP-07", "E-HOMP-08", "E-HOMP-09", "E-HOMP-32"],
    needs: ["recovery", "reports"],
    group: "behaviour",
    budgetMs: budget(0, 4),
    async run(t) {
      const paths = { primary: [t.unique("up")], outgoing: [], incoming: [] };
      const begun = await t.enter({ later: ["paths", "lose-paths"], details: { paths } });
      await t.due(REPORT, begun.product.do("paths"), {
        requirement: "HOMP-6.2.8-03",
        what: "the report of a member that has got a path",
      });
      const request = await t.due(JOIN, begun.product.do("lose-paths"), {
        requirement: ["HOMP-6.2.8-03", "HOMP-6.2.5-10"],
        what: "what a member does that has lost its only path",
      });
      const { entry } = request;
      const query = new URL(request.target, "http://homs.invalid").searchParams;
      const elsewhere = query.get("recovery") === "true" || rawPeer(request.json).recovery === true;
      t.that(
        request.get("overlay.recovery") === true || elsewhere,
        "recovery: true",
        JSON.stringify(request.get("overlay.recovery") ?? null),
        { requirement: "HOMP-6.2.5-10", what: "recovery in the join of a member", entry },
      );
      const own = begun.request.get("overlay.ticket-id");
      const ticket = request.get("overlay.ticket-id") ?? rawPeer(request.json)["ticket-id"];
      const expected = t.declared.reading("E-HOMP-07") === "B" ? own : t.hon.ticketId;
      t.equal(ticket === undefined ? ticket : String(ticket), expected === undefined ? expected : String(expected), {
        requirement: "HOMP-6.2.5-11",
        what: "ticket-id in the join of a member",
        entry,
      });
      if (elsewhere || rawPeer(request.json)["ticket-id"] !== undefined) {
        t.warn("recovery or ticket-id stand elsewhere than in overlay (E-HOMP-09)", "HOMP-6.2.5-11");
      }
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/recovery/goes-on",
    title: "a member that has found back refreshes within the lifetime that the recovery grants",
    requirements: ["HOMP-7.2.3-03"],
    errata: ["E-HOMP-08"],
    needs: ["recovery", "reports"],
    group: "behaviour",
    budgetMs: budget(2, 4),
    async run(t) {
      const paths = { primary: [t.unique("up")], outgoing: [], incoming: [] };
      const begun = await t.enter({ later: ["paths", "lose-paths"], details: { paths } });
      const recovery = await t.setup("a member that finds back", async () => {
        await t.due(REPORT, begun.product.do("paths"), { what: "the report of a member that has got a path" });
        return await t.due(JOIN, begun.product.do("lose-paths"), { what: "the recovery of a member" });
      });
      const later = t.server.of(REFRESH, recovery.at);
      if (later.length === 0) await t.refresh(begun, recovery, { what: "the refresh of a member that has found back" });
      else t.passed({ what: "the refresh of a member that has found back" });
    },
  }),
];

const rawPeer = (json: unknown): Readonly<Record<string, unknown>> =>
  (json as { peer?: Readonly<Record<string, unknown>> } | undefined)?.peer ?? {};

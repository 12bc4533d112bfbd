import type { RequirementId } from "../../generated/catalogue/requirements.js";
import { is } from "../engine/matchers.js";
import { budget, defineCase } from "./case.js";
import { REFRESH, REPORT } from "./session.js";

export const reportCases = [
  defineCase({
    id: "homp-hybrid-peer/report/request",
    title: "a member whose paths change reports them by POST to /peer/report, counted and listed",
    requirements: [
      "HOMP-6.2.6-01",
      "HOMP-6.2.6-02",
      "HOMP-6.2.6-03",
      "HOMP-6.2.6-04",
      "HOMP-6.1.5-01",
      "HOMP-6.1.5-02",
      "HOMP-6.1.5-03",
      "HOMP-6.1.5-04",
      "HOMP-6.1.6-01",
      "HOMP-6.1.6-02",
      "HOMP-6.1.6-03",
      "HOMP-7.2.2-01",
      "HOMP-7.2.2-02",
      "HP2P-8.1-03",
      "HP2P-6-06",
      "HP2P-7.2.2.1-01",
      "HP2P-7.2.2.2-01",
    ],
    errata: ["E-HOMP-23", "E-HOMP-24", "E-HOMP-51"],
    needs: ["reports"],
    group: "basic",
    budgetMs: budget(0, 3),
    async run(t) {
      const [primary, outgoing, incoming] = [[t.unique("up")], [t.unique("out"), t.unique("out")], [t.unique("in")]];
      const begun = await t.enter({ later: ["paths"], details: { paths: { primary, outgoing, incoming } } });
      const request = await t.due(REPORT, begun.product.do("paths"), {
        requirement: ["HOMP-6.2.6-01", "HOMP-7.2.2-01", "HOMP-7.2.2-02", "HP2P-8.1-03"],
        what: "the report of a member that has got paths",
        // One may tell of the paths one by one.
        where: (one) =>
          count(one.get("status.num_primary")) + count(one.get("status.num_out_candidate")) > 2 || isLast(one),
      });
      const { entry } = request;
      t.match(
        request.body,
        { overlay: is.object, peer: is.object, status: is.object },
        { requirement: ["HOMP-6.2.6-02", "HOMP-6.2.6-03"], what: "its body", entry },
      );
      t.equal([request.get("overlay.overlay-id"), request.get("peer.peer-id")], [t.hon.overlayId, begun.peer], {
        requirement: "HOMP-6.2.6-03",
        what: "overlay-id and peer-id of a report",
        entry,
      });
      t.match(
        request.get("status"),
        { num_primary: is.number, num_out_candidate: is.number, num_in_candidate: is.number, costmap: is.object },
        { requirement: ["HOMP-6.2.6-03", "HOMP-6.2.6-04", "HOMP-6.1.5-04"], what: "status of a report", entry },
      );
      const expected: readonly (readonly [RequirementId[], string, unknown])[] = [
        [["HOMP-6.1.5-01", "HP2P-6-06"], "num_primary", primary.length],
        [["HOMP-6.1.5-02"], "num_out_candidate", outgoing.length],
        [["HOMP-6.1.5-03"], "num_in_candidate", incoming.length],
        [["HOMP-6.1.6-01", "HP2P-7.2.2.1-01"], "costmap.primary", primary],
        [["HOMP-6.1.6-02", "HP2P-7.2.2.2-01"], "costmap.outgoing_candidate", outgoing],
        [["HOMP-6.1.6-03", "HP2P-7.2.2.2-01"], "costmap.incoming_candidate", incoming],
      ];
      for (const [requirement, name, value] of expected) {
        const seen = request.get(`status.${name}`);
        const sorted = Array.isArray(seen) ? [...(seen as unknown[])].sort() : seen;
        t.equal(sorted, Array.isArray(value) ? [...(value as unknown[])].sort() : value, {
          requirement,
          what: `${name} of a report`,
          entry,
        });
      }
      const raw = (request.json as { status?: { status?: unknown } }).status;
      if (raw?.status !== undefined) t.warn("status stands within another status (E-HOMP-23)", "HOMP-6.2.6-04");
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/report/loss",
    title: "a member that loses its paths reports that too, at once or after it has found back",
    requirements: ["HOMP-7.2.2-02", "HOMP-6.2.8-04", "HP2P-7.3.2.2-02"],
    errata: ["E-HOMP-50", "E-HP2P-17"],
    needs: ["reports"],
    group: "behaviour",
    budgetMs: budget(0, 4),
    async run(t) {
      const paths = { primary: [t.unique("up")], outgoing: [], incoming: [] };
      const begun = await t.enter({ later: ["paths", "lose-paths"], details: { paths } });
      const requirement = ["HOMP-7.2.2-02", "HOMP-6.2.8-04", "HP2P-7.3.2.2-02"] as const;
      await t.due(REPORT, begun.product.do("paths"), {
        requirement,
        what: "the report of a member that has got a path",
        where: (one) => one.get("status.num_primary") === 1,
      });
      const report = await t.due(REPORT, begun.product.do("lose-paths"), {
        requirement,
        what: "the report of a member that has lost its only path",
        where: (one) => one.get("status.num_primary") !== 1,
      });
      t.equal(report.get("status.num_primary"), 0, {
        requirement,
        what: "num_primary after the loss",
        entry: report.entry,
      });
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/report/empty-answer",
    title: "a member copes with an empty answer to its report",
    requirements: ["HOMP-6.2.6-07"],
    errata: ["E-HOMP-25"],
    needs: ["reports"],
    group: "behaviour",
    budgetMs: budget(2, 3),
    async run(t) {
      t.server.answer(REPORT, { status: 200 });
      const paths = { primary: [t.unique("up")], outgoing: [], incoming: [] };
      const begun = await t.enter({ later: ["paths"], details: { paths } });
      const report = await t.due(REPORT, begun.product.do("paths"), {
        requirement: "HOMP-6.2.6-07",
        what: "the report of a member that has got a path",
      });
      // Those before the report do not tell; one that the report stood in place of may be missing.
      const last = t.server.of(REFRESH).at(-1) ?? begun.request;
      const since = last.at > report.at ? last : begun.request;
      await t.refresh(begun, since, { what: "the refresh of a member whose report was answered with nothing" });
      const repeated = t.server.of(REPORT, report.at + 1);
      t.that(repeated.length <= 3, "at most 3 more reports", `${repeated.length} more`, {
        what: "whether a report that was answered with nothing is repeated",
        entry: repeated.at(-1)?.entry,
      });
      if (repeated.length > 0) t.warn("a report that was answered with nothing is repeated", "HOMP-6.2.6-07");
    },
  }),
  defineCase({
    id: "homp-hybrid-peer/report/application",
    title: "a member tells of an application that attaches itself, by report or refresh",
    requirements: ["HOMP-7.2.2-03", "HOMP-7.2.3-04", "HOMP-7.2.2-06"],
    errata: ["E-HOMP-36"],
    needs: ["applications"],
    group: "behaviour",
    budgetMs: budget(1, 3),
    async run(t) {
      const application = t.unique("app");
      const begun = await t.enter({ later: ["attach"], details: { attach: { application } } });
      const request = await t.due([REPORT, REFRESH], begun.product.do("attach"), {
        requirement: ["HOMP-7.2.2-03", "HOMP-7.2.3-04"],
        what: "what a member sends to which an application was attached",
        withinMs: t.actsWithinMs + 1000 * t.hon.lifetime,
        where: (one) => one.text.includes(application),
      });
      t.passed({ requirement: "HOMP-7.2.2-06", what: "the event reported" });
      t.step(`${request.primitive} tells of it`);
    },
  }),
];

const count = (value: unknown): number => (typeof value === "number" ? value : 0);

/** A report that counts nothing right is judged as well. */
const isLast = (request: { get(path: string): unknown }): boolean => {
  const map = request.get("status.costmap") as Record<string, unknown> | undefined;
  const lists = Object.values(map ?? {}).filter((one): one is unknown[] => Array.isArray(one));
  return map === undefined || lists.reduce((sum, list) => sum + list.length, 0) > 2;
};

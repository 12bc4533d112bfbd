import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { CaseDefinition } from "../engine/case.js";
import { NotApplicable } from "../engine/outcome.js";
import type { HybridPeerTest } from "./case.js";
import { budget, defineCase } from "./case.js";
import { JOIN, newHon, QUERY } from "./session.js";

const keywordCases = (
  [
    ["overlay-id", "HOMP-6.2.2-03"],
    ["title", "HOMP-6.2.2-04"],
    ["description", "HOMP-6.2.2-05"],
  ] as const satisfies readonly (readonly [string, RequirementId])[]
).map(([name, requirement]) =>
  defineCase({
    id: `homp-hybrid-peer/query/by-${name}`,
    title: `a peer that looks for a ${name} says so in the query, or looks through all overlay networks itself`,
    requirements: [requirement, "HOMP-7.1.2-02"],
    errata: ["E-HOMP-15", "E-HOMP-57"],
    needs: ["queries"],
    group: "capability",
    async run(t) {
      const wanted = name === "overlay-id" ? t.hon.overlayId : `${name} with blanks & signs é=1`;
      const product = await t.start({ actions: ["query"], settings: {}, details: { query: { [name]: wanted } } });
      const cite = { requirement: "HOMP-7.1.2-02", what: `the query by ${name}` } as const;
      const request = await t.due(QUERY, product.do("query"), cite);
      const asked = new URL(request.target, "http://homs.invalid").searchParams;
      const cites = { requirement: [requirement, "HOMP-7.1.2-02"] as const, entry: request.entry };
      if (!asked.has(name)) {
        // No keyword is needed: the list of all holds what is looked for.
        t.equal([...asked.keys()], [], { ...cites, what: `the parameters of a query by ${name} that does without` });
        t.warn(`a query by ${name} does not say so in the URI`, requirement);
        return;
      }
      t.equal(asked.get(name), wanted, { ...cites, what: `the parameter ${name}` });
    },
  }),
);

export const queryCases: CaseDefinition<HybridPeerTest>[] = [
  defineCase({
    id: "homp-hybrid-peer/query/request",
    title: "a peer asks for overlay networks by GET to /homs, without a body",
    requirements: ["HOMP-6.2.2-01", "HOMP-6.2.2-02", "HOMP-7.1.2-01"],
    needs: ["queries"],
    group: "basic",
    async run(t) {
      const product = await t.start({ actions: ["query"], settings: {} });
      const cite = { requirement: ["HOMP-6.2.2-01", "HOMP-7.1.2-01"], what: "the query of a peer" } as const;
      const request = await t.due(QUERY, product.do("query"), cite);
      t.equal(request.text, "", { requirement: "HOMP-6.2.2-02", what: "the body of a query", entry: request.entry });
    },
  }),
  ...keywordCases,
  ...[0, 1, 3].map((count) =>
    defineCase({
      id: `homp-hybrid-peer/query/list-of-${count}`,
      title: `a peer hands its user the ${count} overlay networks that the HOMS lists`,
      requirements: ["HOMP-6.2.2-18", "HOMP-7.1.2-01"],
      errata: ["E-HOMP-06", "E-HOMP-16", "E-HOMP-17"],
      needs: ["queries"],
      group: "behaviour",
      async run(t) {
        t.hons.list.splice(0, 1, ...Array.from({ length: count }, () => newHon(t, t.hon.lifetime)));
        const product = await t.start({ actions: ["query"], settings: {} });
        const act = product.do("query");
        const cite = { requirement: ["HOMP-6.2.2-18", "HOMP-7.1.2-01"] as const };
        const request = await t.due(QUERY, act, { ...cite, what: "the query of a peer" });
        const { how, result, reason } = await t.outcome(act);
        const list = (result as { overlay?: unknown } | undefined)?.overlay;
        if (how === "failed") {
          t.that(count === 0, "a list", reason, { ...cite, what: "what the user gets", entry: request.entry });
          return;
        }
        if (!Array.isArray(list)) throw new NotApplicable("the product shows the suite nothing of what it has found");
        t.equal(
          list.map((one: { "overlay-id"?: unknown }) => one["overlay-id"]).sort(),
          t.hons.list.map(({ overlayId }) => overlayId).sort(),
          { ...cite, what: "the overlay networks that the user gets to see", entry: request.entry },
        );
      },
    }),
  ),
  defineCase({
    id: "homp-hybrid-peer/query/choice",
    title: "a peer that knows no overlay-id looks for one before it joins, and joins the one chosen among several",
    requirements: ["HOMP-7.2.1-01", "HOMP-6.2.2-18", "HOMP-6.1.1-01", "HP2P-9.1-03", "HP2P-9.2-05", "HP2P-9.3-03"],
    errata: ["E-HOMP-06", "E-HOMP-17"],
    needs: ["queries"],
    group: "behaviour",
    budgetMs: budget(0, 3),
    async run(t) {
      const others = [newHon(t, t.hon.lifetime), newHon(t, t.hon.lifetime)];
      const prefix = t.unique("choice");
      [others[0], t.hon, others[1]].forEach((hon, index) => {
        if (hon) hon.title = `${prefix} ${index}`;
      });
      t.hons.list.splice(0, 1, ...others.slice(0, 1), t.hon, ...others.slice(1));
      const product = await t.start({
        actions: ["join"],
        settings: { "peer-id": t.unique("peer") },
        details: { join: { title: t.hon.title } },
      });
      const act = product.do("join");
      const query = await t.due(QUERY, act, {
        requirement: "HOMP-7.2.1-01",
        what: "what comes first of a peer that knows a title only",
      });
      const join = await t.due(JOIN, act, {
        requirement: ["HOMP-7.2.1-01", "HP2P-9.1-03", "HP2P-9.2-05", "HP2P-9.3-03"],
        what: "the join after the query",
      });
      t.that(query.at <= join.at, "the query before the join", "the join before the query", {
        requirement: "HOMP-7.2.1-01",
        what: "the order of query and join",
        entry: join.entry,
      });
      t.equal(join.get("overlay.overlay-id"), t.hon.overlayId, {
        requirement: ["HOMP-6.2.2-18", "HOMP-6.1.1-01"],
        what: `the overlay-id of the one whose title is ${t.hon.title}`,
        entry: join.entry,
      });
    },
  }),
];

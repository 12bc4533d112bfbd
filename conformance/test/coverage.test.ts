import { describe, expect, test } from "vitest";
import { errata } from "../../generated/catalogue/errata.js";
import type { Classification } from "../coverage/classification.js";
import { inside, undecided } from "../coverage/classification.js";
import type { CoverageRow } from "../coverage/coverage.js";
import { coverageOf, faultsOf } from "../coverage/coverage.js";
import { coverageMarkdown } from "../coverage/markdown.js";
import { matrixOf, unjudged } from "../coverage/matrix.js";
import type { ReviewId } from "../coverage/reviews.js";
import { reviews } from "../coverage/reviews.js";
import type { CaseDefinition } from "../engine/case.js";
import { isRequirement } from "../engine/catalogue.js";
import type { EntityId } from "../engine/entity.js";
import { entities } from "../entities.js";

const everyCase = Object.values(entities).flatMap(({ id, cases }) =>
  (cases as readonly CaseDefinition[]).map((one) => ({ entity: id, one })),
);

describe("every case", () => {
  test("has an id of its own that begins with its entity", () => {
    const ids = everyCase.map(({ one }) => one.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(everyCase.filter(({ entity, one }) => !one.id.startsWith(`${entity}/`)).map(({ one }) => one.id)).toEqual(
      [],
    );
  });

  test("claims statements and errata that exist", () => {
    const known = new Set<string>(errata.map(({ id }) => id));
    const wrong = everyCase.flatMap(({ one }) => [
      ...one.requirements.filter((id) => !isRequirement(id)),
      ...(one.errata ?? []).filter((id) => !known.has(id)),
    ]);
    expect(wrong).toEqual([]);
  });

  test("needs options that can be declared", () => {
    const wrong = everyCase.flatMap(({ entity, one }) =>
      Array.isArray(one.needs) ? one.needs.filter((option) => !(option in entities[entity].declaration.options)) : [],
    );
    expect(wrong).toEqual([]);
  });
});

describe("coverage", () => {
  const rows = coverageOf(entities);
  const named = (of: readonly CoverageRow[]) =>
    of.map(({ requirement, product }) => `${requirement.id} for ${product}`);

  test("every statement is judged by a case, or it says why not, for each product that it binds", () => {
    expect(named(rows.filter(({ state }) => state === "unclassified"))).toEqual([]);
  });

  test("nothing is claimed or written down in vain", () => {
    expect(faultsOf(entities)).toEqual([]);
  });

  const bare = Object.fromEntries(
    Object.entries(entities).map(([id, entity]) => [id, { ...entity, cases: [] }]),
  ) as unknown as typeof entities;
  const both = (written: Classification, of = bare) =>
    coverageOf(of, written)
      .filter(({ requirement }) => requirement.id === "LDMP-6.2-12")
      .map(({ product, state }) => [product, state])
      .sort();

  test("a statement without case or reason is unclassified", () => {
    expect(both({})).toEqual([
      ["data-source", "unclassified"],
      ["source-peer", "unclassified"],
    ]);
  });

  test("a case for one product does not answer for another", () => {
    const one = everyCase.find(({ one: { requirements } }) => requirements.includes("LDMP-6.2-12"));
    const alone = { ...bare, [one?.entity ?? ""]: { ...entities[one?.entity as EntityId], cases: [one?.one] } };
    const product = entities[one?.entity as EntityId].actor;
    expect(both({}, alone)).toEqual([
      ["data-source", product === "data-source" ? "judged" : "unclassified"],
      ["source-peer", product === "source-peer" ? "judged" : "unclassified"],
    ]);
  });

  test("a reason for one product is not taken for another", () => {
    expect(both({ "LDMP-6.2-12": { "data-source": inside("nobody sees it") } })).toEqual([
      ["data-source", "not observable"],
      ["source-peer", "unclassified"],
    ]);
  });

  test.each<[string, Classification, RegExp]>([
    [
      "that a case has made stale",
      { "LDMP-6.2-12": inside("nobody sees it") },
      /LDMP-6\.2-12 is stale.*: nobody sees it/,
    ],
    ["for a product that is not bound", { "LDMP-6.2-05": { homs: inside("none") } }, /LDMP-6\.2-05 is stale.*: none/],
    [
      "by an erratum that is another statement's",
      { "LDMP-6.2-05": undecided("E-LDMP-08", "unclear") },
      /LDMP-6\.2-05 does not depend on the erratum of its reason: unclear/,
    ],
  ])("a reason %s is found", (_, written, fault) => {
    expect(faultsOf(entities, written).join("\n")).toMatch(fault);
  });

  test("a claim on a statement that binds others is found", () => {
    const wrong = { ...everyCase[0]?.one, id: "homs/of/others", requirements: ["LDMP-6.2-12"] } as CaseDefinition;
    expect(faultsOf({ ...bare, homs: { ...entities.homs, cases: [wrong] } }, {})).toEqual([
      "homs/of/others claims LDMP-6.2-12, which does not bind homs",
    ]);
  });

  test("every question of the static review is asked for some statement", () => {
    const asked = new Set(rows.flatMap(({ why }) => (why?.state === "static" ? [why.review] : [])));
    expect(Object.keys(reviews).filter((id) => !asked.has(id as ReviewId))).toEqual([]);
  });

  test("the figures of the matrix add up", () => {
    const figures = matrixOf(rows).map((line) => line.slice(3).map((cell) => Number(cell.replace("·", "0"))));
    const [total = [], ...byLevel] = figures.slice(1).reverse();
    for (const column of total.keys()) {
      const sum = (lines: readonly number[][]) => lines.reduce((all, line) => all + (line[column] ?? 0), 0);
      expect(sum(byLevel.slice(0, 4))).toBe(total[column]);
      expect(sum(byLevel.slice(4))).toBe(total[column]);
    }
    expect(total[0]).toBe(rows.length);
  });

  test("the Markdown form has a row for each statement and product, and says which required ones are not judged", () => {
    const text = coverageMarkdown(rows);
    expect(text.split("\n").filter((line) => /^\| (LDMP|PAMP|HOMP|DS|HP2P)-/.test(line)).length).toBe(
      rows.length + unjudged(rows).length,
    );
    expect(text).toMatch(/\| LDMP-6\.2-05 \| X\.609\.8 6\.2 \| ldmp-source-peer \| ambiguous, E-LDMP-07: /);
  });
});

import { describe, expect, test } from "vitest";
import { errata } from "../../generated/catalogue/errata.js";
import { coverageOf } from "../coverage/coverage.js";
import { reasons } from "../coverage/reasons.js";
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

  test("a written reason stands only where it answers for a missing case", () => {
    const needless = Object.entries(reasons).flatMap(([id, reason]) => {
      const concerned = rows.filter(({ requirement, entity }) => requirement.id === id && entity !== undefined);
      const open = new Set(concerned.filter(({ state }) => state === "open").map(({ entity }) => entity));
      // One sentence for all has to serve at least one product; a sentence for one, that one.
      const unused =
        typeof reason === "string" ? open.size === 0 : Object.keys(reason).some((one) => !open.has(one as EntityId));
      return unused ? [id] : [];
    });
    expect(needless).toEqual([]);
  });

  test("every required statement seen over the wire has a case or a written reason, for each product it concerns", () => {
    const missing = rows.filter(({ state }) => state === "unclassified");
    expect(missing.map(({ requirement, entity }) => `${requirement.id} for ${entity}`)).toEqual([]);
  });

  test("a case for one product does not answer for another", () => {
    const one = everyCase.find(({ one: { requirements } }) => requirements.includes("LDMP-6.2-12"));
    const alone = Object.fromEntries(
      Object.entries(entities).map(([id, entity]) => [id, { ...entity, cases: id === one?.entity ? [one.one] : [] }]),
    ) as unknown as typeof entities;
    const states = coverageOf(alone, {}).filter(({ requirement }) => requirement.id === "LDMP-6.2-12");
    expect(states.map(({ entity, state }) => [entity, state]).sort()).toEqual([
      ["ldmp-data-source", one?.entity === "ldmp-data-source" ? "judged" : "unclassified"],
      ["ldmp-source-peer", one?.entity === "ldmp-source-peer" ? "judged" : "unclassified"],
    ]);
  });

  test("a sentence for one product is not taken for another", () => {
    const bare = Object.fromEntries(
      Object.entries(entities).map(([id, entity]) => [id, { ...entity, cases: [] }]),
    ) as unknown as typeof entities;
    const states = coverageOf(bare, { "LDMP-6.2-12": { "ldmp-data-source": "later" } });
    expect(
      states
        .filter(({ requirement }) => requirement.id === "LDMP-6.2-12")
        .map(({ entity, state, reason }) => [entity, state, reason])
        .sort(),
    ).toEqual([
      ["ldmp-data-source", "open", "later"],
      ["ldmp-source-peer", "unclassified", expect.stringContaining("neither a case nor a reason")],
    ]);
  });

  test("a statement about a client alone says so", () => {
    const row = rows.find(({ requirement }) => requirement.id === "PAMP-REQ-RPT-01");
    expect(row).toMatchObject({ entity: undefined, state: "open", reason: expect.stringContaining("client role") });
  });
});

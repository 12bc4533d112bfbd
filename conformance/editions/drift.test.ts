import { describe, expect, test } from "vitest";
import { requirements } from "../../generated/catalogue/requirements.js";
import type { Edition } from "./edition.js";
import { currentOf, digestOf, readEditions } from "./edition.js";

const editions = readEditions();

/** What the catalogue has otherwise than an edition. */
function drift(edition: Edition): string[] {
  return [...currentOf(edition)].flatMap(([id, [level, digest]]) => {
    const here = requirements.find((one) => one.id === id);
    if (!here || here.doc !== edition.document) return [`${id} is gone`];
    if (level !== here.level) return [`${id} was ${level} and is ${here.level}`];
    return digest === digestOf(here) ? [] : [`${id} means something else`];
  });
}

describe.each(editions)("the requirement set $id", (edition) => {
  test("is what it was, but for its change record (record with tools/freeze-edition.ts --why)", () => {
    expect(drift(edition)).toEqual([]);
  });

  test("gives a reason for every change, and changes what was there", () => {
    for (const { id, why, is } of edition.changes) {
      expect(why, id).toMatch(/\w{3}/);
      expect(is ?? edition.statements[id], id).toBeDefined();
    }
  });
});

test("every statement of the catalogue is in an edition", () => {
  const frozen = new Set(editions.flatMap((edition) => [...currentOf(edition).keys()]));
  expect(requirements.filter(({ id }) => !frozen.has(id)).map(({ id }) => `${id} is new`)).toEqual([]);
});

test("a drifting statement is noticed", () => {
  const [edition] = editions as [Edition];
  const [[id, [level, digest]]] = Object.entries(edition.statements) as [[string, [string, string]]];
  const changed = (is: [string, string]): Edition => ({
    ...edition,
    changes: [...edition.changes, { id, is, why: "for the test" }],
  });
  expect(drift(changed(["optional", digest]))).toEqual([...drift(edition), `${id} was optional and is ${level}`]);
  expect(drift(changed([level, "0"]))).toContain(`${id} means something else`);
  expect(drift({ ...edition, statements: { ...edition.statements, "Q-0-01": [level, digest] } })).toContain(
    "Q-0-01 is gone",
  );
});

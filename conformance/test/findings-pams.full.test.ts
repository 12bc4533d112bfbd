import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import { entities } from "../entities.js";
import { blemishes, judge } from "./pams/judge.js";
import { startReference } from "./pams/reference.js";
import { variants } from "./pams/variants.js";
import type { Serving } from "./servers.js";

let reference: Serving;
beforeAll(async () => {
  reference = await startReference("pams");
});
afterAll(async () => {
  await reference?.close();
});

/** The variant that has to declare a reading. */
function reading(erratum: string, letter: string) {
  const found = variants.find(({ declaration }) => declaration?.readings?.[erratum] === letter);
  if (!found) throw new Error(`no variant declares ${erratum}: ${letter}`);
  return found;
}

describe("a reading that changes how the suite talks is found out, and conforms undeclared", {
  timeout: 240_000,
}, () => {
  test.each([
    ["E-PAMP-01", "C"],
    ["E-PAMP-08", "B"],
    ["E-PAMP-45", "B"],
  ])("%s: %s", async (erratum, letter) => {
    const run = await judge(reference.url, reading(erratum, letter).twist());
    expect(blemishes(run)).toEqual([]);
    expect(run.conclusion).toBe("conforms");
    const inferred = run.review.find(({ item }) => item === `readings.${erratum}`);
    expect(inferred).toMatchObject({ kind: "inferred", breaks: false });
    expect(inferred?.text).toMatch(new RegExp(`^reading ${letter} of ${erratum}, because `));
  });
});

describe("a reading that changes what is expected fails undeclared, with a hint", { timeout: 240_000 }, () => {
  test.each([
    ["E-X-01", "A"],
    ["E-PAMP-28", "B"],
  ])("%s: %s", async (erratum, letter) => {
    const run = await judge(reference.url, reading(erratum, letter).twist());
    const about = entities.pams.cases.filter(({ errata = [] }) => errata.some((one) => one === erratum));
    const failed = run.cases.filter(({ id, verdict }) => verdict === "fail" && about.some((one) => one.id === id));
    expect(failed.length).toBeGreaterThan(0);
    for (const { hint } of failed) expect(hint).toContain(`declare readings.${erratum}: ${letter} if that is how`);
  });
});

test("a reading declared against what the reference does is found, whichever it is", { timeout: 400_000 }, async () => {
  const right = await readDeclaration("conformance/reference/pams.yaml", entities.pams.declaration);
  const readings = { "E-PAMP-27": "B", "E-PAMP-30": "B", "E-PAMP-35": "C", "E-PAMP-45": "B" };
  const run = await judge(reference.url, async (_, forward) => await forward({}), { declaration: { readings } });
  const found = run.review.filter(({ kind }) => kind === "declared-but-absent").map(({ item }) => item);
  expect(found.sort()).toEqual(
    Object.keys(readings)
      .map((one) => `readings.${one}`)
      .sort(),
  );
  const sound = await judge(reference.url, async (_, forward) => await forward({}), { declaration: right });
  expect(sound.review.filter(({ breaks }) => breaks)).toEqual([]);
});

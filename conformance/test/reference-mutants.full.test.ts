import { expect, test } from "vitest";
import { judgeMutants } from "../selftest/mutants.js";
import { renderMutants } from "../selftest/mutants-report.js";
import { mutants } from "./reference-mutants/all.js";

/** One in so many: `npm run conformance:selftest` has them all and takes half an hour. */
const EVERY = 12;

test("of the defects seeded in the reference, a sample is found by the cases that claim the statement", async () => {
  const sample = mutants.filter((_, index) => index % EVERY === 0).map(({ id }) => id);
  const figures = await judgeMutants({ only: sample });
  const text = renderMutants(figures);
  console.info(text);
  // A busy machine keeps a mutant from starting now and then; that counts as not killed.
  expect(figures.killedByClaim / figures.mutants, text).toBeGreaterThanOrEqual(0.85);
  expect(figures.notEquivalent, text).toEqual([]);
}, 1_200_000);

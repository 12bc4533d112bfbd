import { expect, test } from "vitest";
import { judgeMutants } from "../selftest/mutants.js";
import { renderMutants } from "../selftest/mutants-report.js";

/** What the issue of the suite asks for: every mutant that can be told is killed, nearly all by a case that claims what it breaks. */
test("every defect seeded in the reference is found, and by the cases that claim the statement", async () => {
  const figures = await judgeMutants();
  const text = renderMutants(figures);
  console.info(text);
  expect(figures.killed, text).toBe(figures.mutants);
  expect(figures.killedByClaim / figures.mutants, text).toBeGreaterThanOrEqual(0.95);
  expect(figures.notEquivalent, text).toEqual([]);
}, 3_600_000);

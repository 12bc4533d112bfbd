import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blemishes, judge } from "./pams/judge.js";
import { startReference } from "./pams/reference.js";
import { mixtures } from "./pams/variants.js";
import type { Serving } from "./servers.js";

let reference: Serving;
beforeAll(async () => {
  reference = await startReference("pams");
});
afterAll(async () => {
  await reference?.close();
});

// One to two seconds on an idle machine; the bound leaves room for a busy one.
test("a plain PAMS passes every case, in seconds", async () => {
  const run = await judge(reference.url, async (_, forward) => await forward({}));
  expect(blemishes(run)).toEqual([]);
  expect(run.milliseconds).toBeLessThan(20_000);
}, 60_000);

/**
 * Whatever X.609.1 and the readings of its errata leave open may be done either way, and several things at once: no failure, nothing
 * inconclusive, no error of the suite. The full test has each on its own, and those that have to be declared.
 */
describe("a PAMS conforms that", { timeout: 60_000 }, () => {
  test.each(mixtures(3).map((one) => [one.what, one] as const))("%s", async (_, { twist }) => {
    const run = await judge(reference.url, twist());
    expect(blemishes(run)).toEqual([]);
    expect(run.conclusion).toBe("conforms");
  });
});

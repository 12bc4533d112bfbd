import { describe, expect, test } from "vitest";
import { blemishes, judge } from "./homs/judge.js";
import { mixtures } from "./homs/variants.js";

/** All but the cases that wait and those that send hundreds of messages: homs-variants.full.test.ts has these too. */
const quick = [
  ...["syntax", "creation", "query", "modification", "removal", "join", "admission"],
  ...["report", "refresh", "leave", "tickets", "tolerance", "security"],
].map((topic) => `homs/${topic}`);

/**
 * Whatever Q.4103 leaves open may be done either way, and several things at once: no failure, nothing inconclusive, no error of the suite.
 * The full test has each on its own.
 */
describe.concurrent("a HOMS conforms that", () => {
  test.each(mixtures().map((one) => [one.what, one] as const))("%s", async (_, { declaration = {}, ...oddity }) => {
    const run = await judge(oddity, { declaration, only: quick });
    expect(blemishes(run)).toEqual([]);
    expect(run.conclusion).toBe("conforms");
  });
});

test("a plain HOMS passes every case", async () => {
  const run = await judge({});
  expect(blemishes(run)).toEqual([]);
  expect(run.milliseconds).toBeLessThan(10_000);
});

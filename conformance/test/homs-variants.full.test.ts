import { expect, test } from "vitest";
import { blemishes, judge } from "./homs/judge.js";
import { mixtures, variants } from "./homs/variants.js";

/** Every case, those that wait too, against every HOMS that is odd but legal, in one way or in several. */
test.each([...variants, ...mixtures()].map((one) => [one.what, one] as const))(
  "a HOMS conforms that %s",
  { retry: 2 },
  async (_, { declaration = {}, ...oddity }) => {
    const run = await judge(oddity, { declaration: { ...declaration, values: { "short-expires": 2 } } });
    expect(blemishes(run)).toEqual([]);
    expect(run.conclusion).toBe("conforms");
  },
);

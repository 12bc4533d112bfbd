import { afterAll, beforeAll, expect, test } from "vitest";
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

/** Every case against every PAMS that is odd but legal. */
test.each(variants.map((one) => [one.what, one] as const))(
  "a PAMS conforms that %s",
  async (_, { twist, declaration = {} }) => {
    const run = await judge(reference.url, twist(), { declaration });
    expect(blemishes(run)).toEqual([]);
    expect(run.conclusion).toBe("conforms");
  },
);

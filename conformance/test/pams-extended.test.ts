import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { features } from "./pams/extended.js";
import { blemishes, judge } from "./pams/judge.js";
import { proxy } from "./pams/proxy.js";
import { startReference } from "./pams/reference.js";
import type { Serving } from "./servers.js";

let product: Serving;
let stranger: Serving;
let elsewhere: Serving;
beforeAll(async () => {
  [product, stranger] = await Promise.all([startReference("pams"), startReference("pams")]);
  elsewhere = await proxy(product.url, async (_, forward) => await forward({}));
});
afterAll(async () => {
  await elsewhere?.close();
  await Promise.all([product?.close(), stranger?.close()]);
});

describe.each(features.map((one) => [one.what, one] as const))("a PAMS that declares %s", (_, feature) => {
  const { declaration, only, defects } = feature;

  test("is judged by it, and passes if it does it", async () => {
    const run = await judge(product.url, feature.twist(elsewhere.url, stranger.url), { only, declaration });
    expect(blemishes(run)).toEqual([]);
    expect(run.cases.filter(({ verdict }) => verdict === "pass")).not.toEqual([]);
  });

  test.each(defects.map((one) => [one.breaks, one.what, one] as const))(
    "fails on %s: %s",
    async (breaks, _, defect) => {
      const run = await judge(product.url, defect.twist(elsewhere.url, stranger.url), { only, declaration });
      const cited = run.cases
        .flatMap(({ failures }) => failures)
        .filter(({ requirements }) => requirements.includes(breaks));
      expect(cited, JSON.stringify(run.cases.map(({ id, verdict, reason }) => [id, verdict, reason]))).not.toEqual([]);
      expect(run.cases.filter(({ verdict }) => verdict === "error")).toEqual([]);
    },
  );
});

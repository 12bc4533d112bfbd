import { testVariants } from "./ldmp/variant-tests.js";
import { judgeStreaming } from "./streaming/judge.js";
import { streamingVariants } from "./streaming/products.js";

testVariants(
  "a server of X.609.10 conforms that",
  streamingVariants.map((one) => ({ ...one, by: one.entity })),
  2,
  ({ entity, what, declaration }) => judgeStreaming(entity, what, declaration ? { declaration } : {}),
);

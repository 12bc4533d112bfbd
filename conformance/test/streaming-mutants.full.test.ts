import { testMutants } from "./ldmp/mutant-tests.js";
import { judgeStreaming } from "./streaming/judge.js";
import { streamingMutants } from "./streaming/products.js";

testMutants(
  "a server of X.609.10 with one defect fails on the statement that it breaks",
  streamingMutants.map((one) => ({ ...one, what: `${one.entity} ${one.what}`, quirk: one.what })),
  3,
  ({ entity, quirk, breaks }) => judgeStreaming(entity, quirk, { only: [breaks] }),
);

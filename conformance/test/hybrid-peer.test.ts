import { expect, test } from "vitest";
import { judgePeer } from "./hybrid-peer/judge.js";
import { peerMutants } from "./hybrid-peer/mutants.js";
import { testMutants } from "./ldmp/mutant-tests.js";

/** One case per topic: each is a process. The full tests run them all. */
const onePerTopic = [
  "hybrid-peer/join/primary",
  "hybrid-peer/parent/between",
  "hybrid-peer/candidates/switch-cut",
  "hybrid-peer/cache/push-serves",
  "hybrid-peer/scan/node",
];

test("a simple hybrid peer passes", { timeout: 60_000, retry: 2 }, async () => {
  const run = await judgePeer("is plain", { only: onePerTopic });
  expect(run.cases.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual(
    onePerTopic.map((id) => [id, "pass", ""]),
  );
});

const few = ["broadcast/duplicate", "parent/older-hello", "malformed/length-negative"];
testMutants(
  "a hybrid peer with one defect towards others fails on the statement that it breaks",
  peerMutants.filter(({ only }) => few.some((one) => only.endsWith(one))),
  3,
  ({ what, only }) => judgePeer(what, { only: [only] }),
);

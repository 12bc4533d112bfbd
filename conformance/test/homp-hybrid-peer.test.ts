import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readDeclaration } from "../cli/declaration-file.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import { judgeHybridPeer } from "./homp-hybrid-peer/judge.js";
import { hybridPeerMutants } from "./homp-hybrid-peer/mutants.js";
import { testMutants } from "./ldmp/mutant-tests.js";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** One case per primitive: each is a process. The full tests run them all. */
const onePerPrimitive = [
  "homp-hybrid-peer/creation/request",
  "homp-hybrid-peer/query/choice",
  "homp-hybrid-peer/modification/request",
  "homp-hybrid-peer/removal/request",
  "homp-hybrid-peer/recovery/request",
  "homp-hybrid-peer/report/request",
  "homp-hybrid-peer/leave/request",
];

test("the reference hybrid peer, started for each case, conforms", { timeout: 120_000, retry: 2 }, async () => {
  const words = ["--import", path("../../tools/test/run-typescript.mjs"), path("../../impl/cli/main.ts")];
  const command = [process.execPath, ...words].map((word) => `"${word}"`).join(" ");
  const entity = entities["homp-hybrid-peer"];
  const declared = await readDeclaration(path("../reference/homp-hybrid-peer.yaml"), entity.declaration);
  // Source that has to be compiled first takes its time to start on a busy machine.
  const declaration = { ...declared, values: { ...declared.values, "acts-within": 30 } };
  const target = { exec: `exec ${command} hybrid-peer perform --homs {url}` };
  const run = await runConformance({ entity, target, declaration, only: onePerPrimitive });
  expect(
    run.cases.filter(({ verdict }) => verdict !== "pass").map(({ id, verdict, reason }) => [id, verdict, reason]),
  ).toEqual([]);
  expect(run.review.filter(({ breaks }) => breaks)).toEqual([]);
  expect(run.cases).toHaveLength(onePerPrimitive.length);
});

const few = ["joins without address", "recovers without ticket", "leaves with auth", "creates with interval 5"];
testMutants(
  "a hybrid peer with one defect fails on the statement that it breaks",
  hybridPeerMutants.filter(({ what }) => few.includes(what)),
  4,
  ({ breaks, what, only }) => judgeHybridPeer(what, { only: only?.split(",") ?? [breaks] }),
);

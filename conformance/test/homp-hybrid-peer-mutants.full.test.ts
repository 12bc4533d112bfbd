import { judgeHybridPeer } from "./homp-hybrid-peer/judge.js";
import { hybridPeerMutants } from "./homp-hybrid-peer/mutants.js";
import { testMutants } from "./ldmp/mutant-tests.js";

testMutants(
  "a hybrid peer with one defect fails on the statement that it breaks",
  hybridPeerMutants,
  6,
  ({ breaks, what, only }) => judgeHybridPeer(what, { only: only?.split(",") ?? [breaks] }),
);

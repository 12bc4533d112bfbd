import { judgeSourcePeer } from "./ldmp/judge-source-peer.js";
import { testMutants } from "./ldmp/mutant-tests.js";
import { sourcePeerMutants } from "./ldmp/source-peer-mutants.js";

testMutants(
  "a source peer with one defect fails on the statement that it breaks",
  sourcePeerMutants,
  16,
  ({ breaks, quirks }) => judgeSourcePeer(quirks(), { only: [breaks] }),
);

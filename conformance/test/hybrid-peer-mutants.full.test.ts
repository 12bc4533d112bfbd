import { judgePeer } from "./hybrid-peer/judge.js";
import { peerMutants } from "./hybrid-peer/mutants.js";
import { testMutants } from "./ldmp/mutant-tests.js";

testMutants(
  "a hybrid peer with one defect towards others fails on the statement that it breaks",
  peerMutants,
  6,
  ({ what, only }) => judgePeer(what, { only: [only] }),
);

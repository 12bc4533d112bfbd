import { testMutants } from "./ldmp/mutant-tests.js";
import { judgeClient } from "./pamp-client/judge.js";
import { omsMutants } from "./pamp-client/oms.js";
import { peerMutants } from "./pamp-client/peer.js";

testMutants("a peer with one defect fails on the statement that it breaks", peerMutants, 6, ({ breaks, what }) =>
  judgeClient("pamp-peer", what, { only: [breaks] }),
);

testMutants("an OMS with one defect fails on the statement that it breaks", omsMutants, 6, ({ breaks, what }) =>
  judgeClient("pamp-oms", what, { only: [breaks] }),
);

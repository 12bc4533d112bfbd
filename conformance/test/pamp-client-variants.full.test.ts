import { testVariants } from "./ldmp/variant-tests.js";
import { judgeClient } from "./pamp-client/judge.js";
import { omsVariants } from "./pamp-client/oms.js";
import { peerVariants } from "./pamp-client/peer.js";

testVariants("an odd but legal peer fails nothing", peerVariants, 2, ({ what }) => judgeClient("pamp-peer", what));

testVariants("an odd but legal OMS fails nothing", omsVariants, 2, ({ what }) => judgeClient("pamp-oms", what));

import { judgeHybridPeer } from "./homp-hybrid-peer/judge.js";
import { hybridPeerVariants } from "./homp-hybrid-peer/variants.js";
import { testVariants } from "./ldmp/variant-tests.js";

testVariants("an odd but legal hybrid peer fails nothing", hybridPeerVariants, 2, ({ what, declaration }) =>
  judgeHybridPeer(what, declaration ? { declaration } : {}),
);

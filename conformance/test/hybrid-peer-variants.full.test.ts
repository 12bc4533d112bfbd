import { judgePeer } from "./hybrid-peer/judge.js";
import { peerVariants } from "./hybrid-peer/variants.js";
import { testVariants } from "./ldmp/variant-tests.js";

testVariants("an odd but legal hybrid peer fails nothing towards others", peerVariants, 1, ({ what, declaration }) =>
  judgePeer(what, declaration ? { declaration } : {}),
);

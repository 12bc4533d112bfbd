import { judgeSourcePeer } from "./ldmp/judge-source-peer.js";
import { sourcePeerVariants } from "./ldmp/source-peer-variants.js";
import { testVariants } from "./ldmp/variant-tests.js";

testVariants("an odd but legal source peer fails nothing", sourcePeerVariants, 3, ({ quirks, declaration }) =>
  judgeSourcePeer(quirks(), declaration === undefined ? {} : { declaration }),
);

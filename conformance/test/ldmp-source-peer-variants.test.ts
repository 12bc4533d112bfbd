import { judgeSourcePeer } from "./ldmp/judge-source-peer.js";
import { sourcePeerVariants } from "./ldmp/source-peer-variants.js";
import { testVariants } from "./ldmp/variant-tests.js";

/** Those that differ most; all of them are in the full tests. */
const quick = [
  "over TCP, octet by octet",
  "reading B of T, strictly: nothing else is answered",
  "Length always, strictly: 8 octets are no message",
  "refuses everything with 4.06",
  "answers with Message IDs of its own, declared",
  "refuses a data source that is registered already",
];
const plain = { what: "as the text has it", by: "clauses 7 to 9", quirks: () => ({}), declaration: undefined };

testVariants(
  "an odd but legal source peer fails nothing",
  [plain, ...sourcePeerVariants.filter(({ what }) => quick.includes(what))],
  3,
  ({ quirks, declaration }) => judgeSourcePeer(quirks(), declaration === undefined ? {} : { declaration }),
);

import type { Classification } from "./classification.js";
import { description, inside, permission, review, undecided } from "./classification.js";

/**
 * X.609.10 sets requirements on thirteen reference points and defines no message. R1 and R2 are PAMP and R11 is LDMP: what it asks for there is
 * judged by the cases of those. For the others each product has a protocol of its own, and the suite none.
 */
export const x60910: Classification = {
  // Terms and the whole service [3, 6, 7.1].
  "DS-3.2-01": description(
    "it says what a data source is; its registration and its data are judged where LDMP defines them",
  ),
  "DS-3.2-02": description(
    "it says what a source peer is; its dealings with a data source are judged where LDMP defines them",
  ),
  "DS-5-01": review("strengths", "the three phrases grade what a conformance statement lists"),
  "DS-6-01": {
    "data-source": undecided("E-DS-21", "LDMP has no message that asks for a session; taken as the first Registration"),
    "source-peer": undecided("E-DS-21", "what starts a session is not said, and what follows shows on R5 and R6 only"),
  },
  "DS-6-03": { "source-peer": permission("slicing and not slicing are both allowed") },
  "DS-6-04": { "source-peer": permission("merging and not merging are both allowed") },
  "DS-6-07": { "data-source": permission("pushing to a cache server and not doing so are both allowed") },
  "DS-6-09": review("reference-points", "which dotted reference points are left out is told, not shown"),
  "DS-6-10": description(
    "that each datum can be used by itself is a property of the service, told by what an application does with it",
  ),
  "DS-7.1-01": review("phases", "the phases are those of a whole service, of which a product shows its own part only"),
  "DS-7.1.1-01": {
    "data-source": undecided(
      "E-DS-21",
      "LDMP has no command for a session; taken as the first Registration, which is judged",
    ),
  },
  "DS-7.1.1-04": review("resources", "a provider's registration of resources is an act of administration"),
  "DS-7.1.3-01": {
    "data-source": undecided("E-DS-20", "LDMP has no command that ends a session; taken as Release, which is judged"),
  },
  "DS-7.1.3-05": { peer: permission("leaving and staying are both allowed at any time") },

  // Entities [7.2].
  "DS-7.2.4-03": { oms: permission("dealing with other servers and not doing so are both allowed") },

  // Reference points without a protocol of their own [8, 8.2 to 8.9].
  "DS-8-01": review("bindings", "any protocol will do that has an operation for each required item"),
  "DS-8.2-02": {
    pams: undecided("E-DS-15", "PAMP has no message that asks a peer for its status; taken as the report interval"),
  },
  "DS-8.9-01": { peer: permission("any transport and several are allowed") },
  "DS-8.9-d": { peer: permission("WebRTC and no WebRTC are both allowed") },

  // R11 as far as LDMP does not show it, R12 and R13 [8.10 to 8.12].
  "DS-8.10-01": { "data-source": inside("where the data come from shows in front of the data source, not on R11") },
};

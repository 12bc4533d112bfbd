import type { Classification } from "./classification.js";
import { description, inside, noMessage, permission, review, undecided } from "./classification.js";

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
  "DS-7.1.1-05": {
    oms: noMessage("R5 and R8", "the wish would have to come on the one and the allocation to go out on the other"),
  },
  "DS-7.1.3-01": {
    "data-source": undecided("E-DS-20", "LDMP has no command that ends a session; taken as Release, which is judged"),
  },
  "DS-7.1.3-05": { peer: permission("leaving and staying are both allowed at any time") },

  // Entities [7.2].
  "DS-7.2.2-02": { oms: noMessage("R8", "allocation and release would have to be ordered there") },
  "DS-7.2.4-03": { oms: permission("dealing with other servers and not doing so are both allowed") },
  "DS-7.2.4-04": { oms: noMessage("R8", "orders to join and leave would have to be sent there") },

  // Reference points without a protocol of their own [8, 8.2 to 8.9].
  "DS-8-01": review("bindings", "any protocol will do that has an operation for each required item"),
  "DS-8.2-02": {
    pams: undecided("E-DS-15", "PAMP has no message that asks a peer for its status; taken as the report interval"),
  },
  "DS-8.3-01": { oms: noMessage("R3", "the peers of the overlay network would have to be sent there") },
  "DS-8.3-b": { oms: noMessage("R3", "a second question would have to stay away there") },
  "DS-8.3-c": { oms: noMessage("R3", "questions would have to come an interval apart there") },
  "DS-8.5-g": { oms: noMessage("R5", "lists for users of two classes would have to be compared there") },
  "DS-8.7-01": { oms: noMessage("R7", "a question for a user's rights would have to be asked there") },
  "DS-8.7-b": {
    oms: noMessage("R7", "the question would have to be asked again after the validity period there"),
  },
  "DS-8.8-a": {
    oms: noMessage("R8", "allocation and release would have to follow the load there"),
  },
  "DS-8.8-b": {
    oms: noMessage("R8", "the PAMS's address would have to be in its request there"),
  },
  "DS-8.8-c": { oms: noMessage("R8", "a priority would have to be in its request there") },
  "DS-8.9-01": { peer: permission("any transport and several are allowed") },
  "DS-8.9-d": { peer: permission("WebRTC and no WebRTC are both allowed") },

  // R11 as far as LDMP does not show it, R12 and R13 [8.10 to 8.12].
  "DS-8.10-01": { "data-source": inside("where the data come from shows in front of the data source, not on R11") },
};

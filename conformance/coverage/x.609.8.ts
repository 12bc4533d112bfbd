import type { Classification } from "./classification.js";
import { beyond, review, undecided } from "./classification.js";

/** LDMP: what shows in documents only, and the two functions of the list that no exchange belongs to. */
export const x6098: Classification = {
  "LDMP-1-01": review(
    "topics",
    "the scope promises five topics; what the product does on each stands in its documents",
  ),
  "LDMP-5-01": review("strengths", "the three phrases grade what a conformance statement lists"),
  "LDMP-6.1-02": review("networks", "every case runs over one link; that others would do stands in the documents"),
  "LDMP-6.2-05": undecided(
    "E-LDMP-07",
    "no exchange registers a source peer; taken as its dealings with MP2P servers, which are outside LDMP",
  ),
  "LDMP-6.2-08": undecided(
    "E-LDMP-07",
    "no exchange de-registers a source peer; taken as its dealings with MP2P servers, which are outside LDMP",
  ),
  "LDMP-6.3-01": review("transport", "which layer the protocol sits in is a matter of the stack, not of its messages"),
  "LDMP-8.1-14": {
    "source-peer": beyond(
      "the first number after a start shows once, and a source peer reached by its address is not started anew by the suite",
    ),
  },
};

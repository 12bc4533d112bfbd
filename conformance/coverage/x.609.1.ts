import type { Classification } from "./classification.js";
import { beyond, description, inside, noMessage, permission, review, undecided } from "./classification.js";

/** PAMP: what lies outside R1 and R2, and what a server does with what it was told. */
export const x6091: Classification = {
  "PAMP-3.2-01": description("it says what a leech is; what a leech reports is judged where a report is defined"),
  "PAMP-3.2-02": description("it says what a seed is; what a seed reports is judged where a report is defined"),
  "PAMP-5-01": review("strengths", "the three phrases grade what a conformance statement lists"),
  "PAMP-6-02": review(
    "reference-points",
    "both ends use the same kind of message; which of them a product is shows in its role",
  ),
  "PAMP-6-07": { oms: noMessage("R5", "a list would have to be handed to a peer, in another order than the PAMS's") },
  "PAMP-6-11": { peer: noMessage("R10", "connections would have to be made to the peers of a list there") },
  "PAMP-9.1.3-04": {
    cs: beyond("delegation to a cache server comes over R8, for which the text defines no message"),
  },

  // Requirements [7].
  "PAMP-REQ-GEN-02": {
    pams: review("several-pams", "load shows on the machines of the PAMSs, which no message tells of"),
  },
  "PAMP-REQ-SEC-01": {
    oms: review("tls", "the suite's stand-in for a PAMS speaks plain HTTP"),
    peer: review("tls", "the suite's stand-in for a PAMS speaks plain HTTP"),
  },
  "PAMP-REQ-TRANS-01": {
    oms: review("tls", "a client uses TLS where its PAMS's address begins with https"),
    peer: review("tls", "a client uses TLS where its PAMS's address begins with https"),
  },
  "PAMP-REQ-RPT-04N": {
    pams: review(
      "reports",
      "what is done with a report before use leaves no trace in an answer that is bound to be there",
    ),
  },
  "PAMP-REQ-RPT-06g": {
    peer: undecided(
      "E-PAMP-25",
      "the element of a report has no member for the type of a connected peer; none is expected",
    ),
  },

  // Discovery by DHT [8.2.1].
  "PAMP-8.2.1-02": {
    pams: inside("how PAMSs find one another's addresses is between them; the text leaves it out of PAMP"),
  },
  "PAMP-8.2.1-03": { pams: inside("the key is an input of a hash that no message carries") },
  "PAMP-8.2.1-10": { pams: review("several-pams", "PAMSs are added and removed by an operator, as load demands") },
  "PAMP-8.2.1-11": { pams: review("several-pams", "the text asks for a division of work and leaves out of PAMP how") },

  // Complex query [8.2.2].
  "PAMP-8.2.2-01": { peer: noMessage("R5", "the request would have to name the fragments that the peer cannot get") },
  "PAMP-8.2.2-05": { oms: permission("leaving peers out and leaving them in are both allowed") },

  // Reorganizing [8.2.3].
  "PAMP-8.2.3-04": {
    pams: inside("how poor service is detected is an example; its outcome, helpers in a list, is judged"),
  },
  "PAMP-8.2.3-05": { pams: inside("the quotient is a step of a calculation whose result no message carries") },
  "PAMP-8.2.3-09": {
    oms: permission("ordering helpers to send is another way, left open for push-based overlay networks"),
  },

  // Rarest fragments [8.2.4].

  // Differentiated live streaming [8.2.5].
  "PAMP-8.2.5-00": { oms: permission("spreading peers by class and not doing so are both allowed") },
  "PAMP-8.2.5-09": { pams: permission("which of the four inputs are used is left to the PAMS") },

  // Signed reports [8.2.6].
  "PAMP-8.2.6-01": { peer: permission("signing reports is one way to protect them, and nobody has to") },
  "PAMP-8.2.6-10": {
    peer: inside("the check of a receipt shows in nothing but what is or is not confirmed afterwards"),
  },
  "PAMP-8.2.6-11": { peer: permission("going on without receipts and stopping are both allowed") },
  "PAMP-8.2.6-12": { peer: permission("keeping the connection without a receipt and closing it are both allowed") },
};

import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { EntityId } from "../engine/entity.js";

/** One sentence for every product that a statement concerns, or one for each. */
export type Reasons = { readonly [id in RequirementId]?: string | { readonly [entity in EntityId]?: string } };

/**
 * Why a statement that could be seen over the wire has no case yet. An entry goes when a case comes: a test refuses a
 * reason for a statement that a case judges, and one for a product that the statement does not concern.
 */
export const reasons: Reasons = {
  // The extended operations of a PAMS [X.609.1 8.2].
  "PAMP-8.2.1-05":
    "discovery by DHT needs several PAMSs declared as one set: a later issue, with the extended operations",
  "PAMP-8.2.1-08":
    "discovery by DHT needs several PAMSs declared as one set: a later issue, with the extended operations",
  "PAMP-8.2.3-06":
    "the choice of helper peers is free; it is judged by extreme cases in a later issue, with the extended operations",
  "PAMP-8.2.4-05": "advice on rare fragments comes with the extended operations, in a later issue",
  "PAMP-8.2.4-06": "advice on rare fragments comes with the extended operations, in a later issue",
  "PAMP-8.2.5-07": "how lists suit live streaming is the PAMS's own; it is judged where declared, in a later issue",
  "PAMP-8.2.5-12": "how lists suit live streaming is the PAMS's own; it is judged where declared, in a later issue",
  "PAMP-8.2.6-04": "signed reports have no element of their own; they are judged where declared, in a later issue",

  // LDMP names codes whose cause it leaves open, and what shows in a product that the suite would have to restart.
  "LDMP-8.1-14": {
    "ldmp-source-peer":
      "a source peer is reached by its address; the suite does not restart it to compare first numbers",
  },
  "LDMP-8.1-08": {
    "ldmp-data-source":
      "how a data source codes its readings is its own choice; a binary payload passes wherever one is due",
  },
  "LDMP-8.2-15": {
    "ldmp-data-source": "nothing says which GET or PUT lacks authorisation; 4.01 passes wherever an error is due",
  },
  "LDMP-8.2-16": {
    "ldmp-data-source": "nothing says which GET or PUT is forbidden; 4.03 passes wherever an error is due",
  },
  "LDMP-8.2-19": {
    "ldmp-source-peer":
      "no request to a source peer carries a value that it could refuse; 4.06 passes wherever an error is due",
  },
  "LDMP-8.2-20": {
    "ldmp-source-peer":
      "no request to a source peer has a payload of fixed format; 4.15 passes wherever an error is due",
  },
};

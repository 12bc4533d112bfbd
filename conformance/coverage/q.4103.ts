import type { Classification } from "./classification.js";
import { description, inside, noMessage, permission, review } from "./classification.js";

/** HOMP: what shows between hybrid peers only, for which the text points to Q.4101 and Q.4102, and what a HOMS concludes. */
export const q4103: Classification = {
  "HOMP-6.1.7-03": {
    "hybrid-peer": description("it says what the password is good for; who asks for it does so on HP2P-R2"),
  },
  "HOMP-6.1.8-01": {
    "hybrid-peer": noMessage("HP2P-R2", "caching and recovery by the policy would have to show there"),
  },
  "HOMP-6.1.8-02": {
    "hybrid-peer": noMessage("HP2P-R2", "the last mN_Cache messages would have to be had from the peer there"),
  },
  "HOMP-6.1.8-03": { "hybrid-peer": noMessage("HP2P-R2", "no recovery would have to be asked for there") },
  "HOMP-6.1.8-04": {
    "hybrid-peer": noMessage("HP2P-R2", "a datum of that age would have to be had from the peer there"),
  },
  "HOMP-6.2-01": review(
    "reference-points",
    "HOMP messages look the same wherever they run; the label is the architecture's",
  ),
  "HOMP-7.1.4-05": { "hybrid-peer": permission("leaving and staying are both allowed") },
  "HOMP-7.2.4-01": {
    "hybrid-peer": noMessage(
      "HP2P-R2",
      "relations to other peers would have to be seen released before the leave there",
    ),
  },
  "HOMP-7.2.4-05": {
    "hybrid-peer": noMessage("HP2P-R2", "a neighbour would have to fall silent, and new paths to be sought, there"),
  },
  "HOMP-7.2.2-04": { homs: inside("what is concluded from reports no message gives to anybody") },
};

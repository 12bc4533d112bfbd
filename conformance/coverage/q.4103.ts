import type { Classification } from "./classification.js";
import { description, inside, permission, review } from "./classification.js";

/** HOMP: what shows in no message of its own, and what a HOMS concludes. What shows between hybrid peers is demonstrated by `../hybrid-peer`. */
export const q4103: Classification = {
  "HOMP-6.1.7-03": {
    "hybrid-peer": description("it says what the password is good for; who asks for it does so on HP2P-R2"),
  },
  "HOMP-6.2-01": review(
    "reference-points",
    "HOMP messages look the same wherever they run; the label is the architecture's",
  ),
  "HOMP-7.1.4-05": { "hybrid-peer": permission("leaving and staying are both allowed") },
  "HOMP-7.2.2-04": { homs: inside("what is concluded from reports no message gives to anybody") },
};

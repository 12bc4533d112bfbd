import type { Classification } from "./classification.js";
import { description, inside, noMessage, permission, review, undecided } from "./classification.js";

/**
 * Q.4100 describes functional entities and three reference points, and defines no message. HP2P-R1 is HOMP: what is described there is judged by
 * the cases of that. HP2P-R2 has formats in Q.4101 and Q.4102, which are not at hand: what is described there is demonstrated in the declared
 * profile of the field (E-HP2P-10). HP2P-R3 is a matter of the application.
 */
export const q4100: Classification = {
  "HP2P-3.2-01": description("it says what a hybrid overlay network is"),
  "HP2P-5-01": review("parts", "solid and dashed lines say which functions are needed"),

  // Paths [6].
  "HP2P-6-04": { "hybrid-peer": noMessage("HP2P-R3", "core data would have to reach the SubMesh by one peer only") },

  // The hybrid peer [7.2].
  "HP2P-7.1-02": {
    homs: undecided(
      "E-HP2P-01",
      "to whom a join to a mesh is forwarded is not clear; taken as answered by the HOMS itself, which is judged",
    ),
  },
  "HP2P-7.2.1-01": { "hybrid-peer": inside("the division of the peer into functions is its maker's") },
  "HP2P-7.2.1.3-01": { "hybrid-peer": inside("which functional entity decides is the product's own affair") },
  "HP2P-7.2.3-01": { "hybrid-peer": inside("the division of data management into three is its maker's") },
  "HP2P-7.2.5-01": { "hybrid-peer": inside("the division into two interfaces is its maker's") },

  // The HOMS [7.3].
  "HP2P-7.3.1-01": { homs: inside("the division of the HOMS into functional entities is its maker's") },
  "HP2P-7.3.1.3-02": { homs: inside("the view of an administrator is an interface of the product's own") },
  "HP2P-7.3.1.4-03": {
    homs: noMessage("HP2P-R2", "whether the peers of a list are good to connect to would have to be tried there"),
  },
  "HP2P-7.3.2-01": {
    homs: inside("network data and preferences have no member in HOMP; the address, which has, is judged"),
  },
  "HP2P-7.3.2.2-01": { homs: inside("what is known from reports HOMP gives to nobody") },

  // Reference points [8].
  "HP2P-8.3-01": { "hybrid-peer": noMessage("HP2P-R3", "core data would have to come out in a sub overlay") },
  "HP2P-8.3-02": { "hybrid-peer": review("composition", "the application decides how overlays are tied together") },

  // Example services [9].
  "HP2P-9.1-02": {
    "hybrid-peer": permission("what a SubMesh keeps and a SubTree updates depends on the implementation"),
  },
  "HP2P-9.1-05": {
    "hybrid-peer": noMessage("HP2P-R2 and R3", "a reading would have to pass the one and then the other"),
  },
  "HP2P-9.2-01": { "hybrid-peer": noMessage("HP2P-R2", "transactions and blocks would have to be told apart there") },
  "HP2P-9.2-02": { "hybrid-peer": description("it says who is who in an example service") },
  "HP2P-9.2-04": { "hybrid-peer": noMessage("HP2P-R3", "a block would have to come out in a SubMesh") },
  "HP2P-9.2-06": { "hybrid-peer": noMessage("HP2P-R2 and R3", "a transaction and a block would have to pass them") },
  "HP2P-9.3-01": { "hybrid-peer": noMessage("HP2P-R3", "a stream would have to come out in SubTree and SubMesh") },
  "HP2P-9.3-02": {
    peer: noMessage("HP2P-R3", "X.609.3 and X.609.4 have the formats, which are other Recommendations"),
  },
  "HP2P-9.3-05": {
    "hybrid-peer": noMessage("HP2P-R3", "a stream would have to be fed into a sub overlay that is there already"),
  },
};

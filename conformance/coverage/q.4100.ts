import type { Classification } from "./classification.js";
import { description, inside, noMessage, permission, review, undecided } from "./classification.js";

/**
 * Q.4100 describes functional entities and three reference points, and defines no message. HP2P-R1 is HOMP: what is described there is judged by
 * the cases of that. HP2P-R2 has formats in Q.4101 and Q.4102; HP2P-R3 is a matter of the application.
 */
export const q4100: Classification = {
  "HP2P-3.2-01": description("it says what a hybrid overlay network is"),
  "HP2P-3.2-02": description("it says what a hybrid peer is"),
  "HP2P-5-01": review("parts", "solid and dashed lines say which functions are needed"),

  // Paths [6].
  "HP2P-6-01": { "hybrid-peer": noMessage("HP2P-R2", "data would have to be broadcast from each core peer there") },
  "HP2P-6-02": { "hybrid-peer": noMessage("HP2P-R3", "core data would have to reach the SubTree by one peer only") },
  "HP2P-6-03": { "hybrid-peer": noMessage("HP2P-R2", "data would have to pass down a chain of SubTree peers there") },
  "HP2P-6-04": { "hybrid-peer": noMessage("HP2P-R3", "core data would have to reach the SubMesh by one peer only") },
  "HP2P-6-05": { "hybrid-peer": noMessage("HP2P-R2", "data would have to be pulled from another mesh peer there") },
  "HP2P-6-07": {
    "hybrid-peer": noMessage("HP2P-R2", "a primary path would have to be cut, and recovery to begin, there"),
  },
  "HP2P-6-08": { "hybrid-peer": noMessage("HP2P-R2", "a candidate path would have to stay free of data there") },
  "HP2P-6-09": { "hybrid-peer": noMessage("HP2P-R2", "an idle candidate path would have to stay up there") },
  "HP2P-6-10": {
    "hybrid-peer": noMessage("HP2P-R2", "a candidate path would have to take the place of a primary one there"),
  },

  // The hybrid peer [7.2].
  "HP2P-7.1-02": {
    homs: undecided(
      "E-HP2P-01",
      "to whom a join to a mesh is forwarded is not clear; taken as answered by the HOMS itself, which is judged",
    ),
  },
  "HP2P-7.2-02": { "hybrid-peer": noMessage("HP2P-R2", "two peers would have to connect there") },
  "HP2P-7.2.1-01": { "hybrid-peer": inside("the division of the peer into functions is its maker's") },
  "HP2P-7.2.1.2-01": { "hybrid-peer": inside("applications ask through an interface of the product's own") },
  "HP2P-7.2.1.3-01": { "hybrid-peer": inside("which functional entity decides is the product's own affair") },
  "HP2P-7.2.2-01": { "hybrid-peer": inside("the watch over paths shows in what becomes of them on HP2P-R2") },
  "HP2P-7.2.2.2-02": { "hybrid-peer": noMessage("HP2P-R2", "new candidate paths would have to be opened there") },
  "HP2P-7.2.2.2-03": { "hybrid-peer": noMessage("HP2P-R2", "no new path would have to be opened there") },
  "HP2P-7.2.2.2-04": {
    "hybrid-peer": noMessage("HP2P-R2", "one candidate path too many would have to be refused there"),
  },
  "HP2P-7.2.2.3-01": { "hybrid-peer": noMessage("HP2P-R2", "heartbeats would have to come on every path there") },
  "HP2P-7.2.2.3-02": { "hybrid-peer": noMessage("HP2P-R2", "heartbeats would have to come on TCP connections too") },
  "HP2P-7.2.2.3-03": { "hybrid-peer": inside("what one functional entity tells another stays in the product") },
  "HP2P-7.2.2.3-04": { "hybrid-peer": noMessage("HP2P-R2", "a primary path would have to be cut there") },
  "HP2P-7.2.3-01": { "hybrid-peer": inside("the division of data management into three is its maker's") },
  "HP2P-7.2.3.1-01": { "hybrid-peer": inside("what is cached shows only when somebody asks for it on HP2P-R2") },
  "HP2P-7.2.3.1-02": { "hybrid-peer": inside("what was overwritten shows only when somebody asks for it on HP2P-R2") },
  "HP2P-7.2.3.1-03": { "hybrid-peer": noMessage("HP2P-R2", "a buffermap would have to be given there") },
  "HP2P-7.2.3.1-04": { "hybrid-peer": noMessage("HP2P-R2", "a cached datum would have to be given there") },
  "HP2P-7.2.3.2-01": { "hybrid-peer": noMessage("HP2P-R2", "the ends of a broken chain would have to connect there") },
  "HP2P-7.2.3.2-02": { "hybrid-peer": noMessage("HP2P-R2", "data missed would have to be asked for there") },
  "HP2P-7.2.3.3-01": {
    "hybrid-peer": noMessage("HP2P-R2", "an application's data would have to leave on every primary path"),
  },
  "HP2P-7.2.3.3-02": {
    "hybrid-peer": noMessage("HP2P-R2", "data would have to leave on every primary path but the one of arrival"),
  },
  "HP2P-7.2.3.3-03": {
    "hybrid-peer": inside("caching by the way shows only when somebody asks for the datum on HP2P-R2"),
  },
  "HP2P-7.2.4.1-02": { "hybrid-peer": inside("what is stored for later shows in no message now") },
  "HP2P-7.2.4.2-02": {
    "hybrid-peer": inside("how many peers are enough is the product's own, and no message tells of it"),
  },
  "HP2P-7.2.5-01": { "hybrid-peer": inside("the division into two interfaces is its maker's") },
  "HP2P-7.2.5.1-01": {
    "hybrid-peer": noMessage("HP2P-R2", "tree set-up, broadcasting and recovery would have to come there"),
  },

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
  "HP2P-8.2-01": { "hybrid-peer": noMessage("HP2P-R2", "the tree would have to be seen to form there") },
  "HP2P-8.2-02": { "hybrid-peer": noMessage("HP2P-R2", "the tree would have to be reshaped by a join there") },
  "HP2P-8.2-03": { "hybrid-peer": noMessage("HP2P-R2", "the tree would have to heal after a leave there") },
  "HP2P-8.2-04": { "hybrid-peer": noMessage("HP2P-R2", "probes would have to come there") },
  "HP2P-8.2-05": {
    "hybrid-peer": noMessage("HP2P-R2", "one copy of a broadcast would have to reach every peer there"),
  },
  "HP2P-8.2-06": { "hybrid-peer": noMessage("HP2P-R2", "data that were lost would have to be had from others there") },
  "HP2P-8.3-01": { "hybrid-peer": noMessage("HP2P-R3", "core data would have to come out in a sub overlay") },
  "HP2P-8.3-02": { "hybrid-peer": review("composition", "the application decides how overlays are tied together") },

  // Example services [9].
  "HP2P-9.1-01": {
    "hybrid-peer": noMessage("HP2P-R2", "the streams of two sources would have to reach a third peer there"),
  },
  "HP2P-9.1-02": {
    "hybrid-peer": permission("what a SubMesh keeps and a SubTree updates depends on the implementation"),
  },
  "HP2P-9.1-04": {
    "hybrid-peer": noMessage("HP2P-R2", "two peers would have to turn their relation into a primary path there"),
  },
  "HP2P-9.1-05": {
    "hybrid-peer": noMessage("HP2P-R2 and R3", "a reading would have to pass the one and then the other"),
  },
  "HP2P-9.2-01": { "hybrid-peer": noMessage("HP2P-R2", "transactions and blocks would have to be told apart there") },
  "HP2P-9.2-02": { "hybrid-peer": description("it says who is who in an example service") },
  "HP2P-9.2-03": {
    "hybrid-peer": noMessage("HP2P-R2", "transactions and blocks would have to reach all producers there"),
  },
  "HP2P-9.2-04": { "hybrid-peer": noMessage("HP2P-R3", "a block would have to come out in a SubMesh") },
  "HP2P-9.2-06": { "hybrid-peer": noMessage("HP2P-R2 and R3", "a transaction and a block would have to pass them") },
  "HP2P-9.3-01": { "hybrid-peer": noMessage("HP2P-R3", "a stream would have to come out in SubTree and SubMesh") },
  "HP2P-9.3-02": {
    peer: noMessage("HP2P-R3", "X.609.3 and X.609.4 have the formats, which are other Recommendations"),
  },
  "HP2P-9.3-04": { "hybrid-peer": noMessage("HP2P-R2", "streams would have to pass both ways there") },
  "HP2P-9.3-05": {
    "hybrid-peer": noMessage("HP2P-R3", "a stream would have to be fed into a sub overlay that is there already"),
  },
};

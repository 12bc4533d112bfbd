export { createDistances, type Distances, type DistancesOptions, type RankedPeer } from "./distances.js";

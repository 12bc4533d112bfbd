export { createSwarm } from "./swarm.js";

import { contend } from "../contender.js";
import { startGossipsub } from "../gossipsub.js";

/** At its best, in a shape that it does not make by itself. */
await contend(() => startGossipsub(true));

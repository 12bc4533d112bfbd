import { contend } from "../contender.js";
import { startGossipsub } from "../gossipsub.js";

/** As it is used: all know each other, and it makes its mesh. */
await contend(() => startGossipsub(false));

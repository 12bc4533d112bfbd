import { contend } from "../contender.js";
import { startRawTree } from "../raw-tree.js";

/** The limit: one write for all that came in one piece. */
await contend(() => startRawTree(true));

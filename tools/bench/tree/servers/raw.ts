import { contend } from "../contender.js";
import { startRawTree } from "../raw-tree.js";

/** What one writes by hand first: a write for each message and child. */
await contend(() => startRawTree(false));

import { homsOwnerMutants } from "./homs-owners.js";
import { homsPeerMutants } from "./homs-peers.js";
import type { Mutant } from "./mutant.js";

/** Every defect that the reference system can be started with. */
export const mutants: readonly Mutant[] = [...homsOwnerMutants, ...homsPeerMutants];

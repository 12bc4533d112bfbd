import { homsMutants } from "./homs.js";
import type { Mutant } from "./mutant.js";

/** Every defect that the reference system can be started with. */
export const mutants: readonly Mutant[] = [...homsMutants];

import type { CaseDefinition } from "../engine/case.js";
import type { PamsTest } from "./case.js";
import { overlayRegistrationCases } from "./overlay-registration.js";

/** Every case against a PAMS, in the order of the clauses. */
export const pamsCases: readonly CaseDefinition<PamsTest>[] = [...overlayRegistrationCases];

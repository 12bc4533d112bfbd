import type { CaseDefinition } from "../engine/case.js";
import type { OmsTest } from "./case.js";
import { overlayRegistrationCases } from "./overlay-registration.js";

/** Every case against an OMS as PAMP client, in the order of the clauses. */
export const omsCases: readonly CaseDefinition<OmsTest>[] = [...overlayRegistrationCases];

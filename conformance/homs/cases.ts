import type { CaseDefinition } from "../engine/case.js";
import type { HomsTest } from "./case.js";
import { creationCases } from "./creation.js";

/** Every case against a HOMS, in the order of the clauses. */
export const homsCases: readonly CaseDefinition<HomsTest>[] = [...creationCases];

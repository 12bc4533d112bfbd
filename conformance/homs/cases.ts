import type { CaseDefinition } from "../engine/case.js";
import type { HomsTest } from "./case.js";
import { creationCases } from "./creation.js";
import { creationRefusalCases } from "./creation-refusals.js";
import { modificationCases } from "./modification.js";
import { queryCases } from "./query.js";

/** Every case against a HOMS, in the order of the clauses. */
export const homsCases: readonly CaseDefinition<HomsTest>[] = [
  ...creationCases,
  ...creationRefusalCases,
  ...queryCases,
  ...modificationCases,
];

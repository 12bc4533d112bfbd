import type { CaseDefinition } from "../engine/case.js";
import { admissionCases } from "./admission.js";
import type { HomsTest } from "./case.js";
import { creationCases } from "./creation.js";
import { creationRefusalCases } from "./creation-refusals.js";
import { expiryCases } from "./expiry.js";
import { joinCases } from "./join.js";
import { leaveCases } from "./leave.js";
import { lifeCycleCases } from "./life-cycle.js";
import { memberRefusalCases } from "./member-refusals.js";
import { modificationCases } from "./modification.js";
import { ownerRefusalCases } from "./owner-refusals.js";
import { queryCases } from "./query.js";
import { refreshCases } from "./refresh.js";
import { removalCases } from "./removal.js";
import { reportCases } from "./report.js";
import { robustnessCases } from "./robustness.js";
import { securityCases } from "./security.js";
import { syntaxCases } from "./syntax.js";
import { ticketCases } from "./tickets.js";
import { toleranceCases } from "./tolerance.js";

/** Every case against a HOMS: the whole, then in the order of the clauses. */
export const homsCases: readonly CaseDefinition<HomsTest>[] = [
  ...lifeCycleCases,
  ...syntaxCases,
  ...creationCases,
  ...creationRefusalCases,
  ...queryCases,
  ...modificationCases,
  ...removalCases,
  ...ownerRefusalCases,
  ...joinCases,
  ...admissionCases,
  ...reportCases,
  ...refreshCases,
  ...leaveCases,
  ...memberRefusalCases,
  ...ticketCases,
  ...expiryCases,
  ...toleranceCases,
  ...robustnessCases,
  ...securityCases,
];

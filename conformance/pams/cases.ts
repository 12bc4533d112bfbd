import type { CaseDefinition } from "../engine/case.js";
import { adviceCases } from "./advice.js";
import { authenticationCases } from "./authentication.js";
import type { PamsTest } from "./case.js";
import { discoveryCases } from "./discovery.js";
import { elementCases } from "./elements.js";
import { extensibilityCases } from "./extensibility.js";
import { helperCases } from "./helpers.js";
import { lifeCycleCases } from "./life-cycle.js";
import { listFragmentCases } from "./list-fragments.js";
import { listOrderingCases } from "./list-ordering.js";
import { listQueryCases } from "./list-query.js";
import { overlayDeregistrationCases } from "./overlay-deregistration.js";
import { overlayRegistrationCases } from "./overlay-registration.js";
import { pathCases } from "./paths.js";
import { peerDeregistrationCases } from "./peer-deregistration.js";
import { peerInfoQueryCases } from "./peer-info-query.js";
import { peerRegistrationCases } from "./peer-registration.js";
import { privacyCases } from "./privacy.js";
import { robustnessCases } from "./robustness.js";
import { signedReportCases } from "./signed-reports.js";
import { statusReportCases } from "./status-report.js";
import { transportCases } from "./transport.js";

/** Every case against a PAMS: the whole, the elements, the seven operations in the order of the clauses, the extended ones, what runs through all of them. */
export const pamsCases: readonly CaseDefinition<PamsTest>[] = [
  ...lifeCycleCases,
  ...elementCases,
  ...overlayRegistrationCases,
  ...overlayDeregistrationCases,
  ...peerRegistrationCases,
  ...peerDeregistrationCases,
  ...statusReportCases,
  ...listQueryCases,
  ...listOrderingCases,
  ...listFragmentCases,
  ...peerInfoQueryCases,
  ...discoveryCases,
  ...helperCases,
  ...adviceCases,
  ...signedReportCases,
  ...pathCases,
  ...authenticationCases,
  ...privacyCases,
  ...extensibilityCases,
  ...transportCases,
  ...robustnessCases,
];

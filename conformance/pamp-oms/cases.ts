import type { CaseDefinition } from "../engine/case.js";
import type { OmsTest } from "./case.js";
import { discoveryCases } from "./discovery.js";
import { keepAliveCases } from "./keep-alive.js";
import { messageCases } from "./messages.js";
import { overlayDeregistrationCases } from "./overlay-deregistration.js";
import { overlayRegistrationCases } from "./overlay-registration.js";
import { queryCases } from "./query.js";

/** Every case against an OMS as PAMP client, in the order of the clauses. */
export const omsCases: readonly CaseDefinition<OmsTest>[] = [
  ...overlayRegistrationCases,
  ...keepAliveCases,
  ...overlayDeregistrationCases,
  ...discoveryCases,
  ...queryCases,
  ...messageCases,
];

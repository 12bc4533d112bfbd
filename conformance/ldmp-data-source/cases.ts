import type { CaseDefinition } from "../engine/case.js";
import { everyMessageCases } from "../ldmp/every-message.js";
import { acquisitionCases } from "./acquisition.js";
import type { DataSourceTest } from "./case.js";
import { defineCase } from "./case.js";
import { codeCases } from "./codes.js";
import { configurationCases } from "./configuration.js";
import { connectionCases } from "./connection.js";
import { deregistrationCases } from "./deregistration.js";
import { messageIdCases } from "./message-id.js";
import { postCases } from "./post.js";
import { registrationCases } from "./registration.js";
import { resetCases } from "./reset.js";
import { robustnessCases } from "./robustness.js";
import { transportCases } from "./transport.js";

/** Every case against an LDMP data source, in the order of the clauses. */
export const dataSourceCases: readonly CaseDefinition<DataSourceTest>[] = [
  ...registrationCases,
  ...deregistrationCases,
  ...connectionCases,
  ...postCases,
  ...acquisitionCases,
  ...configurationCases,
  ...resetCases,
  ...transportCases,
  ...messageIdCases,
  ...codeCases,
  ...robustnessCases,
  ...everyMessageCases("ldmp-data-source", defineCase),
];

import type { CaseDefinition } from "../engine/case.js";
import { everyMessageCases } from "../ldmp/every-message.js";
import type { SourcePeerTest } from "./case.js";
import { defineCase } from "./case.js";
import { codeCases } from "./codes.js";
import { connectionCases } from "./connection.js";
import { deregistrationCases } from "./deregistration.js";
import { messageIdCases } from "./message-id.js";
import { operationCases } from "./operations.js";
import { postCases } from "./post.js";
import { registrationCases } from "./registration.js";
import { resetCases } from "./reset.js";
import { robustnessCases } from "./robustness.js";
import { transportCases } from "./transport.js";

/** Every case against an LDMP source peer, in the order of the clauses. */
export const sourcePeerCases: readonly CaseDefinition<SourcePeerTest>[] = [
  ...registrationCases,
  ...deregistrationCases,
  ...connectionCases,
  ...postCases,
  ...operationCases,
  ...resetCases,
  ...transportCases,
  ...messageIdCases,
  ...codeCases,
  ...robustnessCases,
  ...everyMessageCases("ldmp-source-peer", defineCase),
];

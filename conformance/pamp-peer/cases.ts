import type { CaseDefinition } from "../engine/case.js";
import { activityCases } from "./activity.js";
import { answerCases } from "./answers.js";
import type { PeerTest } from "./case.js";
import { deregistrationCases } from "./deregistration.js";
import { messageCases } from "./messages.js";
import { registrationCases } from "./registration.js";
import { reportCases } from "./report.js";

/** Every case against a peer as PAMP client, in the order of the clauses. */
export const peerCases: readonly CaseDefinition<PeerTest>[] = [
  ...registrationCases,
  ...reportCases,
  ...activityCases,
  ...deregistrationCases,
  ...answerCases,
  ...messageCases,
];

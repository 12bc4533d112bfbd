import type { CaseDefinition } from "../engine/case.js";
import { answerCases } from "./answers.js";
import type { PeerTest } from "./case.js";
import { registrationCases } from "./registration.js";

/** Every case against a peer as PAMP client, in the order of the clauses. */
export const peerCases: readonly CaseDefinition<PeerTest>[] = [...registrationCases, ...answerCases];

import type { CaseDefinition } from "../engine/case.js";
import { answerCases } from "./answers.js";
import type { HybridPeerTest } from "./case.js";
import { creationCases } from "./creation.js";
import { joinCases } from "./join.js";
import { leaveCases } from "./leave.js";
import { messageCases } from "./messages.js";
import { oddAnswerCases } from "./odd-answers.js";
import { ownerCases } from "./owner.js";
import { queryCases } from "./query.js";
import { recoveryCases } from "./recovery.js";
import { refreshCases } from "./refresh.js";
import { reportCases } from "./report.js";

/** Every case against a hybrid peer as HOMP client, in the order of the clauses. */
export const hybridPeerCases: readonly CaseDefinition<HybridPeerTest>[] = [
  ...creationCases,
  ...queryCases,
  ...ownerCases,
  ...joinCases,
  ...recoveryCases,
  ...reportCases,
  ...refreshCases,
  ...leaveCases,
  ...answerCases,
  ...oddAnswerCases,
  ...messageCases,
];

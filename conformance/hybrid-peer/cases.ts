import type { CaseDefinition } from "../engine/case.js";
import { broadcastCases } from "./broadcast.js";
import { cacheCases } from "./cache.js";
import { candidateCases } from "./candidates.js";
import type { PeerTest } from "./case.js";
import { everyMessageCases } from "./every-message.js";
import { heartbeatCases } from "./heartbeat.js";
import { joinCases } from "./join.js";
import { parentCases } from "./parent.js";
import { recoveryCases } from "./recovery.js";
import { robustnessCases } from "./robustness.js";
import { scanCases } from "./scan.js";
import { subCases } from "./sub.js";

/** Every case against a hybrid peer towards other peers. */
export const peerCases: readonly CaseDefinition<PeerTest>[] = [
  ...joinCases,
  ...parentCases,
  ...candidateCases,
  ...heartbeatCases,
  ...broadcastCases,
  ...cacheCases,
  ...recoveryCases,
  ...scanCases,
  ...subCases,
  ...robustnessCases,
  ...everyMessageCases,
];

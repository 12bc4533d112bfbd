import type { CaseDefinition } from "../engine/case.js";
import type { PeerTest } from "./case.js";
import { exchangeCases } from "./exchange.js";
import { misbehaviourCases } from "./misbehaviour.js";
import { receiptCases } from "./receipts.js";
import { serverCases } from "./servers.js";

/** Every case against a peer: what it asks the servers for, fragments, what others do wrong, keys and receipts. */
export const peerCases: readonly CaseDefinition<PeerTest>[] = [
  ...serverCases,
  ...exchangeCases,
  ...misbehaviourCases,
  ...receiptCases,
];

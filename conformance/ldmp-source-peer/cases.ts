import type { CaseDefinition } from "../engine/case.js";
import type { SourcePeerTest } from "./case.js";
import { connectionCases } from "./connection.js";

/** Every case against an LDMP source peer, in the order of the clauses. */
export const sourcePeerCases: readonly CaseDefinition<SourcePeerTest>[] = [...connectionCases];

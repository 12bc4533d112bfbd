import type { CaseDefinition } from "../engine/case.js";
import type { SourcePeerTest } from "./case.js";
import { fragmentCases } from "./fragments.js";
import { lifeCases } from "./life.js";

/** Every case against a source peer: its session at OMS and IXS, and the fragments that it distributes. */
export const sourcePeerCases: readonly CaseDefinition<SourcePeerTest>[] = [...lifeCases, ...fragmentCases];

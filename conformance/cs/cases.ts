import type { CaseDefinition } from "../engine/case.js";
import { allocationCases } from "./allocation.js";
import type { CsTest } from "./case.js";
import { sessionCases } from "./session.js";

/** Every case against a CS: allocations for an OMS, sessions of data sources, and what is no message. */
export const csCases: readonly CaseDefinition<CsTest>[] = [...allocationCases, ...sessionCases];

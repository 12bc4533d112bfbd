import type { CaseDefinition } from "../engine/case.js";
import type { DataSourceTest } from "./case.js";

/** Every case against an LDMP data source, in the order of the clauses. */
export const dataSourceCases: readonly CaseDefinition<DataSourceTest>[] = [];

import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { omsDeclaration } from "./declaration.js";

/** What a case of this folder gets: `t.http`, and the declaration with its names checked. */
export interface OmsTest extends HttpTest {
  readonly declared: Declaration<typeof omsDeclaration>;
}

/** Overlay networks take several exchanges to be set up. */
const BUDGET_MS = 10_000;

export function defineCase(definition: CaseDefinition<OmsTest>): CaseDefinition<OmsTest> {
  const errata = [...new Set([...(definition.errata ?? []), "E-X-04" as const])];
  return define({ budgetMs: BUDGET_MS, ...definition, errata });
}

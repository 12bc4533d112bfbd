import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { unisDeclaration } from "./declaration.js";

/** What a case of this folder gets: `t.http`, and the declaration with its names checked. */
export interface UnisTest extends HttpTest {
  readonly declared: Declaration<typeof unisDeclaration>;
}

export function defineCase(definition: CaseDefinition<UnisTest>): CaseDefinition<UnisTest> {
  const errata = [...new Set([...(definition.errata ?? []), "E-X-04" as const, "E-DS-01" as const])];
  return define({ ...definition, errata });
}

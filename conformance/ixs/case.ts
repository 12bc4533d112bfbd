import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { ixsDeclaration } from "./declaration.js";

/** What a case of this folder gets: `t.http`, and the declaration with its names checked. */
export interface IxsTest extends HttpTest {
  readonly declared: Declaration<typeof ixsDeclaration>;
}

export function defineCase(definition: CaseDefinition<IxsTest>): CaseDefinition<IxsTest> {
  return define({ ...definition, errata: [...new Set([...(definition.errata ?? []), "E-X-04" as const])] });
}

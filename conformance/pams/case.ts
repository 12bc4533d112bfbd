import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { pamsDeclaration } from "./declaration.js";

/** What a case of this folder gets: `t.http`, and the declaration with its names checked. */
export interface PamsTest extends HttpTest {
  readonly declared: Declaration<typeof pamsDeclaration>;
}

export function defineCase(definition: CaseDefinition<PamsTest>): CaseDefinition<PamsTest> {
  return define(definition);
}

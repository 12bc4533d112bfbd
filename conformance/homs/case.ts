import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { homsDeclaration } from "./declaration.js";
import type { Dialect } from "./dialect.js";

/** What a case of this folder gets: `t.http`, the declaration with its names checked, and the spellings the product takes. */
export interface HomsTest extends HttpTest {
  readonly declared: Declaration<typeof homsDeclaration>;
  readonly dialect: Dialect;
}

export function defineCase(definition: CaseDefinition<HomsTest>): CaseDefinition<HomsTest> {
  return define(definition);
}

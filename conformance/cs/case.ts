import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { Http } from "../engine/http.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { WallClock } from "../streaming/clock.js";
import type { csDeclaration } from "./declaration.js";

/** What a case of this folder gets: `t.http` speaks as an OMS, `t.source` as a data source. */
export interface CsTest extends HttpTest {
  readonly declared: Declaration<typeof csDeclaration>;
  readonly source: Http;
  readonly clock: WallClock;
}

export function defineCase(definition: CaseDefinition<CsTest>): CaseDefinition<CsTest> {
  return define({ ...definition, errata: [...new Set([...(definition.errata ?? []), "E-X-04" as const])] });
}

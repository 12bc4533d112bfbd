import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { Http } from "../engine/http.js";
import type { HttpTest } from "../engine/http-entity.js";
import type { WallClock } from "../streaming/clock.js";
import type { umsDeclaration } from "./declaration.js";

/** What a case of this folder gets: `t.http` speaks as an OMS, `t.admin` as an administrator, `t.user` as nobody in particular. */
export interface UmsTest extends HttpTest {
  readonly declared: Declaration<typeof umsDeclaration>;
  readonly admin: Http;
  readonly user: Http;
  readonly clock: WallClock;
}

export function defineCase(definition: CaseDefinition<UmsTest>): CaseDefinition<UmsTest> {
  const errata = [...new Set([...(definition.errata ?? []), "E-X-04" as const, "E-DS-17" as const])];
  return define({ budgetMs: 10_000, ...definition, errata });
}

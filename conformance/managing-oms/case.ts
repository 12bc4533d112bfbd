import type { StandIn } from "../client/stand-in.js";
import type { CaseDefinition } from "../engine/case.js";
import { defineCase as define } from "../engine/case.js";
import type { Declaration } from "../engine/declaration.js";
import type { Test } from "../engine/test.js";
import type { OmsTest } from "../oms/case.js";
import type { WallClock } from "../streaming/clock.js";
import type { managingOmsDeclaration } from "./declaration.js";

/** What a case of this folder gets. */
export interface ManagingOmsTest extends Test {
  readonly declared: Declaration<typeof managingOmsDeclaration>;
  readonly clock: WallClock;
  /** PAMS, UNIS, UMS and CS in one: script it before `serve`. */
  readonly servers: StandIn;
  readonly actsWithinMs: number;
  /** Starts the product: what then speaks R5 with it. */
  serve(): Promise<OmsTest>;
}

export function defineCase(definition: CaseDefinition<ManagingOmsTest>): CaseDefinition<ManagingOmsTest> {
  const errata = [...new Set([...(definition.errata ?? []), "E-X-04" as const, "E-DS-24" as const])];
  return define({
    budgetMs: (declared) => 25_000 + 3000 * Number(declared.value("acts-within")),
    ...definition,
    errata,
  });
}

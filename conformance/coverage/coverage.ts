import type { Actor, Requirement, RequirementId } from "../../generated/catalogue/requirements.js";
import { requirements } from "../../generated/catalogue/requirements.js";
import type { CaseDefinition } from "../engine/case.js";
import type { EntityId, EntityUnderTest } from "../engine/entity.js";
import { reasons } from "./reasons.js";

/** judged: at least one case; open: none, for the reason given; unclassified: neither case nor reason, which is a fault of the suite. */
export type CoverageState = "judged" | "open" | "not observable" | "no case" | "unclassified";

export interface CoverageRow {
  readonly requirement: Requirement;
  readonly state: CoverageState;
  readonly cases: readonly string[];
  readonly reason: string;
}

/** Clauses in which every required over-the-wire statement has a case or a written reason. */
const pledged: readonly { readonly doc: string; readonly clause: RegExp }[] = [
  { doc: "X.609.1", clause: /^(7|8\.1|9)(\.|$| )/ },
  { doc: "Q.4103", clause: /^/ },
  { doc: "X.609.8", clause: /^/ },
];

export function isPledged({ doc, clause, level, observable }: Requirement): boolean {
  const named = pledged.some((one) => one.doc === doc && one.clause.test(clause));
  return named && level === "required" && observable === "over-the-wire";
}

/** Every statement of the catalogue with the cases that judge it, or why none does. */
export function coverageOf(entities: Readonly<Record<EntityId, EntityUnderTest>>): CoverageRow[] {
  const judgedBy = new Map<RequirementId, string[]>();
  for (const { cases } of Object.values(entities)) {
    for (const one of cases as readonly CaseDefinition[]) {
      for (const id of one.requirements) judgedBy.set(id, [...(judgedBy.get(id) ?? []), one.id]);
    }
  }
  const actors = Object.values(entities).map(({ actor }) => actor);
  return requirements.map((requirement) => {
    const cases = judgedBy.get(requirement.id) ?? [];
    if (cases.length > 0) return { requirement, state: "judged", cases, reason: "" };
    return { requirement, cases, ...uncovered(requirement, actors) };
  });
}

function uncovered(requirement: Requirement, judged: readonly Actor[]): { state: CoverageState; reason: string } {
  const { id, observable, actor, alsoJudged = [] } = requirement;
  if (observable === "internal") return { state: "not observable", reason: "it shows inside the product only" };
  if (observable === "design")
    return { state: "not observable", reason: "it is about the product's design; review its documents" };
  const written = reasons[id];
  if (written !== undefined) return { state: "open", reason: written };
  const bound = [actor, ...alsoJudged];
  if (!bound.some((one) => one === "any" || judged.includes(one))) {
    return { state: "open", reason: `it binds the ${bound.join(", ")}, which the suite does not judge yet` };
  }
  if (isPledged(requirement))
    return { state: "unclassified", reason: "neither a case nor a written reason: a fault of the suite" };
  return { state: "no case", reason: "no case written yet" };
}

import type { Requirement, RequirementId } from "../../generated/catalogue/requirements.js";
import { requirements } from "../../generated/catalogue/requirements.js";
import type { CaseDefinition } from "../engine/case.js";
import type { EntityId, EntityUnderTest } from "../engine/entity.js";
import type { Reasons } from "./reasons.js";
import { reasons as written } from "./reasons.js";

/**
 * judged: at least one case; open: none, for the reason given; not observable: it cannot be seen over the wire; no case: none, and no
 * promise either; unclassified: neither case nor reason where there has to be one, which is a fault of the suite.
 */
export type CoverageState = "judged" | "open" | "not observable" | "no case" | "unclassified";

/** One statement as it concerns one kind of product. */
export interface CoverageRow {
  readonly requirement: Requirement;
  /** Undefined: the statement concerns none of the products that the suite judges. */
  readonly entity: EntityId | undefined;
  readonly state: CoverageState;
  readonly cases: readonly string[];
  /** Empty where a case judges. */
  readonly reason: string;
}

type Entities = Readonly<Record<EntityId, EntityUnderTest>>;

/** Clauses in which every required over-the-wire statement has a case or a written reason. */
const pledged: readonly { readonly doc: string; readonly clause: RegExp }[] = [
  { doc: "X.609.1", clause: /^(7|8\.1|9)(\.|$| )/ },
  { doc: "Q.4103", clause: /^/ },
  { doc: "X.609.8", clause: /^/ },
];

function isPledged({ doc, clause, level, observable }: Requirement): boolean {
  const named = pledged.some((one) => one.doc === doc && one.clause.test(clause));
  return named && level === "required" && observable === "over-the-wire";
}

/** Every statement of the catalogue, once for each product it concerns, with the cases that judge it, or why none does. */
export function coverageOf(entities: Entities, reasons: Reasons = written): CoverageRow[] {
  const claims = Object.values(entities).map((entity) => ({ entity, claimed: casesByStatement(entity) }));
  return requirements.flatMap((requirement) => {
    const concerned = claims.filter(({ entity, claimed }) => binds(requirement, entity) || claimed.has(requirement.id));
    if (concerned.length === 0) return [{ requirement, entity: undefined, cases: [], ...elsewhere(requirement) }];
    return concerned.map(({ entity: { id }, claimed }): CoverageRow => {
      const cases = claimed.get(requirement.id) ?? [];
      if (cases.length > 0) return { requirement, entity: id, state: "judged", cases, reason: "" };
      return { requirement, entity: id, cases, ...uncovered(requirement, id, reasons) };
    });
  });
}

function casesByStatement({ cases }: EntityUnderTest): Map<RequirementId, string[]> {
  const found = new Map<RequirementId, string[]>();
  for (const one of cases as readonly CaseDefinition[]) {
    for (const id of one.requirements) found.set(id, [...(found.get(id) ?? []), one.id]);
  }
  return found;
}

function binds({ doc, actor, alsoJudged = [] }: Requirement, entity: EntityUnderTest): boolean {
  return entity.documents.includes(doc) && [actor, ...alsoJudged].some((one) => one === "any" || one === entity.actor);
}

type Uncovered = Pick<CoverageRow, "state" | "reason">;

function uncovered(requirement: Requirement, entity: EntityId, reasons: Reasons): Uncovered {
  const hidden = unobservable(requirement);
  if (hidden) return hidden;
  const reason = reasonFor(reasons, requirement.id, entity);
  if (reason !== undefined) return { state: "open", reason };
  if (isPledged(requirement))
    return { state: "unclassified", reason: "neither a case nor a reason: a fault of the suite" };
  return { state: "no case", reason: "no case written yet" };
}

/** Statements about the other end of the exchange, or of Recommendations that no product under test is judged by. */
function elsewhere(requirement: Requirement): Uncovered {
  const hidden = unobservable(requirement);
  if (hidden) return hidden;
  const { doc, actor, alsoJudged = [] } = requirement;
  const bound = [actor, ...alsoJudged].join(", ");
  if (!pledged.some((one) => one.doc === doc)) {
    return { state: "open", reason: `a later version of the suite judges by ${doc}` };
  }
  return { state: "open", reason: `it binds the ${bound}: the client role is judged by a later version of the suite` };
}

function unobservable({ observable }: Requirement): Uncovered | undefined {
  if (observable === "internal") return { state: "not observable", reason: "it shows inside the product only" };
  if (observable === "design") {
    return { state: "not observable", reason: "it is about the product's design; review its documents" };
  }
  return undefined;
}

function reasonFor(reasons: Reasons, id: RequirementId, entity: EntityId): string | undefined {
  const reason = reasons[id];
  return typeof reason === "string" ? reason : reason?.[entity];
}

import type { Level, Requirement, RequirementId } from "../../generated/catalogue/requirements.js";
import { requirements } from "../../generated/catalogue/requirements.js";
import { SuiteError } from "./outcome.js";

const byId = new Map<string, Requirement>(requirements.map((one) => [one.id, one]));

/** Strongest first; the first two decide whether a product conforms. */
export const levels: readonly Level[] = ["required", "definition", "recommended", "optional"];

export function requirement(id: RequirementId): Requirement {
  const found = byId.get(id);
  if (!found) throw new SuiteError(`the catalogue has no requirement ${id}`);
  return found;
}

export function isRequirement(id: string): id is RequirementId {
  return byId.has(id);
}

/** `Q.4103 6.2.1 Table 6-10` */
export function clauseOf(id: RequirementId): string {
  const { doc, clause } = requirement(id);
  return `${doc} ${clause}`;
}

export function strongest(ids: readonly RequirementId[]): Level {
  const found = ids.map((id) => requirement(id).level);
  return levels.find((level) => found.includes(level)) ?? "optional";
}

/** A product does not conform if it breaks a statement of this level. */
export function isMandatory(level: Level): boolean {
  return level === "required" || level === "definition";
}

import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { EntityId } from "../../engine/entity.js";

/** A statement that no defect of the reference can break so that a failure shows it. */
export interface Unbreakable {
  readonly entity: EntityId;
  readonly requirement: RequirementId;
  readonly reason: string;
}

export const unbreakable: readonly Unbreakable[] = [];

import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import { requirements } from "../../../generated/catalogue/requirements.js";
import type { EntityId } from "../../engine/entity.js";
import { entities } from "../../entities.js";
import { mutants } from "./all.js";
import { unbreakable } from "./unbreakable.js";

export { unbreakable };

/** Entities of which definitions are owed a defect each as well; of the others, what the Recommendations require. */
const definitionsToo: ReadonlySet<EntityId> = new Set(["pams", "homs", "ldmp-source-peer", "ldmp-data-source"]);

/** Statements that a defect has to break: those that bind, judged by a case, as far as they show over the wire. */
function owed(entity: EntityId): RequirementId[] {
  const claimed = new Set<string>(entities[entity].cases.flatMap(({ requirements }) => requirements));
  return requirements
    .filter(({ id, level, observable }) => {
      const binds = level === "required" || (level === "definition" && definitionsToo.has(entity));
      return binds && observable === "over-the-wire" && claimed.has(id);
    })
    .map(({ id }) => id);
}

function brokenOf(entity: EntityId): Set<RequirementId> {
  const real = mutants.filter((one) => one.entity === entity && one.equivalent === undefined);
  return new Set(real.flatMap(({ breaks }) => breaks));
}

const reasoned = (entity: EntityId, id: RequirementId): boolean =>
  unbreakable.some((one) => one.entity === entity && one.requirement === id);

/** `entity statement` for each without a defect that an observer can see, and without a reason. */
export function missing(): string[] {
  return (Object.keys(entities) as EntityId[]).flatMap((entity) => {
    const broken = brokenOf(entity);
    return owed(entity)
      .filter((id) => !broken.has(id) && !reasoned(entity, id))
      .map((id) => `${entity} ${id}`);
  });
}

/** Reasons that a defect gainsays, or that speak of what no case claims. */
export function stale(): string[] {
  return unbreakable
    .filter(({ entity, requirement }) => brokenOf(entity).has(requirement) || !owed(entity).includes(requirement))
    .map(({ entity, requirement }) => `${entity} ${requirement}`);
}

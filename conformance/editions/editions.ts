import { isRequirement, requirement } from "../engine/catalogue.js";
import type { Edition } from "./edition.js";
import { currentOf, readEditions } from "./edition.js";

/** By what a product is judged: one edition of each Recommendation. */
export class RequirementSet {
  readonly editions: readonly Edition[];
  readonly #statements: ReadonlySet<string>;

  constructor(editions: readonly Edition[]) {
    this.editions = editions;
    this.#statements = new Set(editions.flatMap((one) => [...currentOf(one).keys()]));
  }

  /** The statements among these that the editions do not have; a Recommendation that none of them is of has no say. */
  missing(ids: readonly string[]): string[] {
    const documents = new Set(this.editions.map(({ document }) => document));
    return ids.filter((id) => isRequirement(id) && documents.has(requirement(id).doc) && !this.#statements.has(id));
  }

  /** Those of some Recommendations, for reports. */
  of(documents: readonly string[]): Edition[] {
    return this.editions.filter(({ document }) => documents.includes(document));
  }
}

/**
 * The newest edition of each Recommendation, or the one asked for.
 *
 * @throws RangeError for an edition that is not there, in words for the command line
 */
export function requirementSet(
  wanted: readonly string[] = [],
  all: readonly Edition[] = readEditions(),
): RequirementSet {
  const byDocument = new Map(all.map((one) => [one.document, one]));
  for (const id of wanted) {
    const found = all.find((one) => one.id === id);
    if (!found) throw new RangeError(`no edition ${id}; there are ${all.map((one) => one.id).join(", ")}`);
    byDocument.set(found.document, found);
  }
  return new RequirementSet([...byDocument.values()]);
}

import { nameOf } from "../editions/edition.js";
import { requirementSet } from "../editions/editions.js";
import type { EntityUnderTest } from "../engine/entity.js";
import { form, table } from "./markdown.js";

/** The Recommendations that a document of X.290 is about, with their editions and the digests of their requirement sets. */
export function protocols({ documents }: Pick<EntityUnderTest, "documents">): string[] {
  const rows = requirementSet()
    .of(documents)
    .map((edition) => [edition.document, nameOf(edition).title, edition.id, nameOf(edition).digest]);
  return table(["Recommendation", "edition", "requirement set", "digest"], rows);
}

/** What the supplier of a product fills in first. */
export function supplier(): string[] {
  return form([
    "Date of the statement",
    "Supplier, address, contact",
    "Implementation under test: name, version",
    "System under test: machine, operating system",
    "Other information",
  ]);
}

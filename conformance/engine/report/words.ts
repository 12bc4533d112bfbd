import type { Finding } from "../../declare/finding.js";
import { entities } from "../../entities.js";
import type { EntityUnderTest } from "../entity.js";

const known: { readonly [id: string]: EntityUnderTest | undefined } = entities;

/** `Hybrid overlay management server (HOMS)`; the id where this release does not know the entity. */
export function entityTitle(id: string): string {
  return known[id]?.title ?? id;
}

/** `HOMS`, `LDMP source peer`: what people call it. */
export function entityName(id: string): string {
  const title = entityTitle(id);
  return /\(([^)]+)\)$/.exec(title)?.[1] ?? title;
}

/** The Recommendations that the entity is judged by. */
export function entityDocuments(id: string): readonly string[] {
  return known[id]?.documents ?? [];
}

/** What a finding of the declaration's review is called. */
export const findingWords: Readonly<Record<Finding["kind"], string>> = {
  rule: "breaks a rule",
  "declared-but-absent": "declared but absent",
  "undeclared-but-answering": "undeclared but answering",
  inferred: "inferred",
};

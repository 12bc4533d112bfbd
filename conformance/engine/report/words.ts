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

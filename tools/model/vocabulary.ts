/** The words the generator understands, by place; a word outside is a problem, since a typo would silently lose a rule. */
import type { Cursor } from "./cursor.js";

export const extensions = {
  document: ["x-document"],
  operation: [
    "x-clause",
    "x-errata",
    "x-accept",
    "x-query",
    "x-fallback",
    "x-idempotent",
    "x-secret",
    "x-requirements",
  ],
  pathItem: ["x-clause", "x-errata"],
  parameter: ["x-clause", "x-errata", "x-accept", "x-secret"],
  body: ["x-clause", "x-errata", "x-accept"],
  schema: ["x-clause", "x-source", "x-errata", "x-accept", "x-document", "x-element", "x-secret", "x-known-values"],
} as const;

export const accepts = {
  operation: ["paths", "trailing-slash", "routes", "query", "no-body", "success", "erratum"],
  body: ["no-body", "erratum"],
  parameter: ["names", "types", "erratum"],
  schema: ["trim-names", "ignore-case", "unwrapped", "places", "erratum"],
  property: [
    "names",
    "conflict",
    "types",
    "member",
    "null-absent",
    "round",
    "nested",
    "wrapped-items",
    "trim-names",
    "ignore-case",
    "unwrapped",
    "places",
    "erratum",
  ],
} as const;

/** JSON Schema 2020-12 words that bind. */
export const constraints = [
  "$ref",
  "type",
  "enum",
  "const",
  "properties",
  "required",
  "additionalProperties",
  "minProperties",
  "maxProperties",
  "items",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "allOf",
  "anyOf",
  "oneOf",
] as const;

/** JSON Schema words that only tell; `format` is among them, as JSON Schema 2020-12 has it. */
export const annotations = [
  "$schema",
  "$id",
  "$comment",
  "$defs",
  "title",
  "description",
  "default",
  "examples",
  "example",
  "deprecated",
  "readOnly",
  "writeOnly",
  "format",
  "discriminator",
] as const;

/** Reports every key of an object that is not among the known ones, with the nearest known one as advice. */
export function checkWords(cursor: Cursor, known: readonly string[], what: string): void {
  for (const key of cursor.keys()) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const advice = near === undefined ? `Remove it; known here: ${known.join(", ")}.` : `Did you mean ${near}?`;
    cursor.get(key).problem(`${what} ${key} is not known here. ${advice}`);
  }
}

/** Checks only the `x-` keys of an object. */
export function checkExtensions(cursor: Cursor, known: readonly string[]): void {
  for (const key of cursor.keys()) {
    if (!key.startsWith("x-") || known.includes(key)) continue;
    const near = nearest(key, known);
    const advice = near === undefined ? `Remove it; known here: ${known.join(", ")}.` : `Did you mean ${near}?`;
    cursor.get(key).problem(`extension ${key} is not known here. ${advice}`);
  }
}

/** The word at the smallest edit distance, if it is near enough to be a typo. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(word, candidate);
    if (best === undefined || distance < best.distance) best = { word: candidate, distance };
  }
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.word : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

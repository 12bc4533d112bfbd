import { afterAll, describe, expect, it } from "vitest";
import { loadSpec } from "../model/load.js";
import { emit, openapi, removeFolders, specFolder } from "../test/spec-folder.js";
import { typesEmitter } from "./types.js";

afterAll(removeFolders);

/** Wanted output first: schemas of components, and types.ts without its head. */
const table: [construct: string, schemas: string, wanted: string][] = [
  [
    "an interface with clauses, constraints, examples and errata",
    `    Peer:
      description: A peer.
      x-clause: "9.1.3"
      x-errata: [E-2, E-1]
      type: object
      required: [id]
      properties:
        id: { description: Its name., x-clause: "9.1.3", type: string, minLength: 1, maxLength: 256, examples: [p1] }
        up-time: { description: Seconds., x-clause: "9.1.4", type: integer, minimum: 0, default: 0 }
        key: { type: string, x-secret: true, x-known-values: [A, B] }`,
    `/** A peer. Errata: E-1, E-2. [X.1 9.1.3] */
export interface Peer {
  /** Known words: A, B, secret. */
  key?: string;
  /**
   * Its name. 1 to 256 characters. [9.1.3]
   * @example "p1"
   */
  id: string;
  /** Seconds. At least 0, an integer, default 0. [9.1.4] */
  "up-time"?: number;
}`,
  ],
  [
    "references by name, arrays, nullables, maps and unions",
    `    A: { type: array, maxItems: 3, items: { $ref: '#/components/schemas/B' } }
    B: { type: [string, 'null'] }
    C: { type: object, additionalProperties: { type: number } }
    D: { type: object, properties: { a: { oneOf: [{ $ref: '#/components/schemas/A' }, { type: boolean }] } } }
    E: { type: object }
    F: {}`,
    `/** At most 3 items. [X.1] */
export type A = B[];

/** [X.1] */
export type B = string | null;

/** [X.1] */
export type C = {
    [key: string]: number;
};

/** [X.1] */
export interface D {
  a?: A | boolean;
}

/** [X.1] */
export type E = {
    [key: string]: unknown;
};

/** [X.1] */
export type F = unknown;`,
  ],
  [
    "enumerations, also as values",
    `    Kind: { type: string, enum: [tree, mesh-2], x-clause: "7" }
    Policy: { type: object, properties: { recovery-by: { type: string, enum: [push, pull], x-clause: "8" } } }`,
    `/** [X.1 7] */
export type Kind = "tree" | "mesh-2";

/** [X.1] */
export interface Policy {
  /** [8] */
  "recovery-by"?: "push" | "pull";
}

/** The words of {@link Kind}. [X.1 7] */
export const Kind = {
  tree: "tree",
  "mesh-2": "mesh-2",
} as const;

/** The words of recovery-by in {@link Policy}. [X.1 8] */
export const PolicyRecoveryBy = {
  push: "push",
  pull: "pull",
} as const;
export type PolicyRecoveryBy = (typeof PolicyRecoveryBy)[keyof typeof PolicyRecoveryBy];`,
  ],
  [
    "a narrowed reference, whose type stays the reference",
    `    Status: { type: object, properties: { a: {}, b: {} } }
    Report: { type: object, properties: { status: { $ref: '#/components/schemas/Status', anyOf: [{ required: [a] }, { required: [b] }] } } }`,
    `/** [X.1] */
export interface Report {
  /** At least one of: with a; with b. */
  status?: Status;
}

/** [X.1] */
export interface Status {
  a?: unknown;
  b?: unknown;
}`,
  ],
];

describe("types", () => {
  it.each(table)("of %s", async (_construct, schemas, wanted) => {
    const spec = await loadSpec(specFolder({ "p/openapi.yaml": openapi(schemas) }));
    const files = await emit(spec, { openapi: [typesEmitter] });
    const [, ...body] = files.get("p/types.ts")?.split("\n\n") ?? [];
    expect(body.join("\n\n").trimEnd()).toBe(wanted);
  });
});

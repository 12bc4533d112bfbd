import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSpec } from "../model/load.js";
import type { Protocol, Spec } from "../model/model.js";
import { arbitraryOf } from "../test/arbitrary.js";
import { emit, loadGenerated, loadProtocol, openapi, removeFolders, specFolder } from "../test/spec-folder.js";
import { typesEmitter } from "./types.js";
import { validatorsEmitter } from "./validators.js";

interface Issue {
  member: string;
  clause: string;
  message: string;
}
type Validate = (value: unknown) => readonly Issue[] | undefined;
type Module = Readonly<Record<string, unknown>>;

afterAll(removeFolders);

/** ajv over the schemas as written: references resolve against the files' names. */
function oracle(spec: Spec, protocol: Protocol): (name: string) => (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false, ownProperties: true });
  const base = "https://spec.invalid/";
  for (const file of spec.files) {
    const usable = protocol.schemas.some(({ source }) => source === file.path);
    if (usable) ajv.addSchema({ ...structuredClone(file.value as object), $id: base + file.path });
  }
  return (name) => {
    const schema = protocol.schemas.find((one) => one.name === name);
    const path = schema?.source.endsWith("openapi.yaml")
      ? `${schema.source}#/components/schemas/${name}`
      : schema?.source;
    const compiled = ajv.getSchema(base + path);
    if (compiled === undefined) throw new Error(`no schema ${name}`);
    return (value) => compiled(value) === true;
  };
}

function validator(module: Module, name: string): Validate {
  const found = module[`validate${name}`];
  if (typeof found !== "function") throw new Error(`no validator ${name}`);
  return found as Validate;
}

describe.each(["pamp", "homp"])("validators of %s", (name) => {
  let spec: Spec;
  let protocol: Protocol;
  let module: Module;
  beforeAll(async () => {
    ({ spec, protocol } = await loadProtocol(name));
    module = await loadGenerated(spec, { openapi: [typesEmitter, validatorsEmitter] }, `${name}/validators.js`);
  });

  it("accept exactly what ajv accepts", () => {
    const ajv = oracle(spec, protocol);
    let [accepted, refused] = [0, 0];
    for (const { name: type, type: model } of protocol.schemas) {
      const expected = ajv(type);
      const validate = validator(module, type);
      fc.assert(
        fc.property(arbitraryOf(protocol, model), (value) => {
          const verdict = expected(value);
          if (verdict) accepted++;
          else refused++;
          expect(validate(value) === undefined).toBe(verdict);
        }),
        { numRuns: 60, seed: 20 },
      );
    }
    // Neither verdict may be the only one met, or the comparison says nothing.
    expect(Math.min(accepted, refused)).toBeGreaterThan(300);
  });
});

/** One schema, called T, and the issues its validator finds: `member clause: message`. */
const cases: [title: string, schema: string, table: [value: unknown, issues: string[]][]][] = [
  [
    "strings",
    "{ type: string, minLength: 2, maxLength: 3, pattern: '^a/', x-clause: '1.1' }",
    [
      ["a/b", []],
      ["", [" X.1 1.1: must have at least 2 characters"]],
      ["😀", [" X.1 1.1: must have at least 2 characters"]],
      ["a/😀", []],
      ["abcd", [" X.1 1.1: must have at most 3 characters"]],
      ["b/", [" X.1 1.1: must match ^a/"]],
      [1, [" X.1 1.1: must be a string, not a number"]],
      [null, [" X.1 1.1: must be a string, not null"]],
      [undefined, [" X.1 1.1: must be a string, not absent"]],
    ],
  ],
  [
    "numbers",
    "{ type: number, exclusiveMinimum: 0, maximum: 10, multipleOf: 0.5 }",
    [
      [0.5, []],
      [0, [" X.1: must be more than 0"]],
      [10.5, [" X.1: must be at most 10"]],
      [0.7, [" X.1: must be a multiple of 0.5"]],
      [Number.NaN, [" X.1: must be a number, not a number without a JSON form"]],
    ],
  ],
  [
    "integers",
    "{ type: integer, minimum: -1 }",
    [
      [3.0, []],
      [2.5, [" X.1: must be an integer, not a number"]],
      [-2, [" X.1: must be at least -1"]],
    ],
  ],
  [
    "members",
    "{ type: object, required: [a], properties: { a: { type: boolean, x-clause: '2' }, b-c: { const: 7 }, constructor: { type: 'null' } } }",
    [
      [{ a: true }, []],
      [{ a: true, other: 1 }, []],
      [{}, ["/a X.1 2: is missing"]],
      [{ a: undefined }, ["/a X.1 2: is missing"]],
      [{ a: 1, "b-c": 8 }, ["/b-c X.1: must be 7", "/a X.1 2: must be true or false, not a number"]],
      [{ a: true, constructor: 1 }, ["/constructor X.1: must be null, not a number"]],
      [[], [" X.1: must be an object, not an array"]],
    ],
  ],
  [
    "other members",
    "{ type: object, properties: { a: {} }, additionalProperties: { type: string } }",
    [
      [{ a: 1, b: "x" }, []],
      [{ "b/~": 1 }, ["/b~1~0 X.1: must be a string, not a number"]],
    ],
  ],
  [
    "no other members",
    "{ type: object, properties: { a: {} }, additionalProperties: false, minProperties: 1 }",
    [
      [{ a: 1 }, []],
      [{ b: 1 }, ["/b X.1: is not a member of this object"]],
      [{}, [" X.1: must have at least 1 member"]],
    ],
  ],
  [
    "items",
    "{ type: array, minItems: 1, maxItems: 3, uniqueItems: true, items: { type: array, items: { type: integer } } }",
    [
      [[[1], [2, 3]], []],
      [[], [" X.1: must have at least 1 item"]],
      [[[], [1], [2], [3]], [" X.1: must have at most 3 items"]],
      [[[1], [1]], [" X.1: must not have two equal items"]],
      [
        [[1, "x"], [null]],
        ["/0/1 X.1: must be an integer, not a string", "/1/0 X.1: must be an integer, not null"],
      ],
    ],
  ],
  [
    "enumerations",
    "{ enum: [push, 3, null] }",
    [
      ["push", []],
      [3, []],
      [null, []],
      ["pull", [" X.1: must be push"]],
    ],
  ],
  [
    "one of several",
    "{ oneOf: [{ type: integer }, { type: number, minimum: 5 }] }",
    [
      [4, []],
      [5.5, []],
      [6, [" X.1: fits more than one of the forms allowed"]],
      ["x", [" X.1: must be an integer, not a string"]],
    ],
  ],
  [
    "alternatives of required members",
    "{ type: object, properties: { a: {}, b: {} }, anyOf: [{ required: [a] }, { required: [b] }] }",
    [
      [{ a: 1 }, []],
      [{ b: 1 }, []],
      [{}, [" X.1: must have a or b"]],
    ],
  ],
];

describe("a validator", () => {
  it.each(cases)("says what is wrong: %s", async (_title, schema, table) => {
    const spec = await loadSpec(specFolder({ "p/openapi.yaml": openapi(`    T: ${schema}`) }));
    const validate = validator(await loadGenerated(spec, { openapi: [validatorsEmitter] }, "p/validators.js"), "T");
    for (const [value, issues] of table) {
      const said = (validate(value) ?? []).map(({ member, clause, message }) => `${member} ${clause}: ${message}`);
      expect(said, JSON.stringify(value)).toEqual(issues);
    }
  });

  it("stops at twenty issues, however many there are", async () => {
    const spec = await loadSpec(
      specFolder({ "p/openapi.yaml": openapi("    T: { type: array, items: { type: string } }") }),
    );
    const validate = validator(await loadGenerated(spec, { openapi: [validatorsEmitter] }, "p/validators.js"), "T");
    expect(validate(new Array(100_000).fill(1))).toHaveLength(20);
  });

  it("reads well", async () => {
    const schema =
      "    T: { type: object, x-clause: '9.1', required: [id], properties: { id: { type: string, x-clause: '9.1' }, to: { $ref: '#/components/schemas/U' } } }\n    U: { type: boolean }";
    const spec = await loadSpec(specFolder({ "p/openapi.yaml": openapi(schema) }));
    const files = await emit(spec, { openapi: [validatorsEmitter] });
    expect(files.get("p/validators.ts")).toContain(`  const id = value.id;
  if (id === undefined) {
  issues = missing(issues, "/id", "X.1 9.1");
  }
  else
  if (typeof id !== "string") {
  issues = wrongType(issues, "/id", "X.1 9.1", "a string", id);
  }`);
  });
});

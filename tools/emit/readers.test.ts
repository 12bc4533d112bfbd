import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSpec } from "../model/load.js";
import type { Protocol } from "../model/model.js";
import { arbitraryOf } from "../test/arbitrary.js";
import {
  emit,
  loadGenerated,
  loadProtocol,
  openapi,
  problemsOf,
  removeFolders,
  specFolder,
} from "../test/spec-folder.js";
import { readersEmitter } from "./readers.js";
import { validatorsEmitter } from "./validators.js";

interface Context {
  query?: Readonly<Record<string, readonly string[]>>;
  issues: { member: string; clause: string; message: string }[];
}
type Read = (value: unknown, context: Context) => unknown;
type Module = Readonly<Record<string, unknown>>;

afterAll(removeFolders);

function reader(module: Module, name: string): Read {
  const found = module[`read${name}`];
  if (typeof found !== "function") throw new Error(`no reader ${name}`);
  return found as Read;
}

/** Reads what JSON text says, as a server does. */
function readJson(read: Read, json: string, query?: Context["query"]): { value: unknown; issues: string[] } {
  const context: Context = { issues: [], ...(query === undefined ? {} : { query }) };
  const value = read(JSON.parse(json), context);
  return { value, issues: context.issues.map(({ member, clause, message }) => `${member} ${clause}: ${message}`) };
}

const schemas: Readonly<Record<string, string>> = {
  Renamed: "{ type: object, properties: { pams_url: { type: string, x-accept: { names: [pam_url, url] } } } }",
  Refusing:
    "{ type: object, properties: { admin_key: { type: string, x-clause: '6.1', x-accept: { names: [admin-key], conflict: refuse } } } }",
  Outer: "{ type: object, properties: { auth: { type: array, items: { $ref: '#/components/schemas/Refusing' } } } }",
  Trimmed: "{ type: object, x-accept: { trim-names: true }, properties: { peer_status: {}, constructor: {} } }",
  Cased: "{ type: object, x-accept: { ignore-case: [address] }, properties: { address: {} } }",
  Wrapper:
    "{ type: object, required: [overlay], x-accept: { unwrapped: true }, properties: { overlay: { x-accept: { names: [overlay_info] }, $ref: '#/components/schemas/Inner' } } }",
  Inner: "{ type: object, properties: { title: { type: string, x-accept: { names: [name] } } } }",
  List: "{ type: object, required: [overlay], x-accept: { unwrapped: true }, properties: { overlay: { type: array, x-accept: { wrapped-items: true }, items: { $ref: '#/components/schemas/Inner' } } } }",
  Converted: `{ type: object, properties: {
      text: { type: string, x-accept: { types: [number, boolean] } },
      count: { type: integer, x-accept: { types: [string], round: up } },
      amount: { type: number, x-accept: { types: [string] } },
      flag: { type: boolean, x-accept: { types: [string, number] } },
      ids: { type: array, items: { type: integer }, x-accept: { types: [string] } },
      peers: { type: array, items: { type: string }, x-accept: { types: [object], member: peer-id } },
      gone: { type: string, x-accept: { null-absent: true } } } }`,
  Nested:
    "{ type: object, properties: { status: { x-accept: { nested: true }, $ref: '#/components/schemas/Inner' } } }",
  Placed: `{ type: object, x-accept: { places: { /overlay/ticket: ["/peer/ticket", "?ticket-id"], /overlay/recovery: ["?recovery"] } }, properties: {
      overlay: { $ref: '#/components/schemas/Ticket' }, peer: { $ref: '#/components/schemas/Ticket' } } }`,
  Ticket: "{ type: object, properties: { ticket: { type: string }, recovery: { type: boolean } } }",
};

const table: [schema: string, json: string, value: unknown, issues?: string[], query?: Context["query"]][] = [
  ["Renamed", '{"pam_url":"a"}', { pams_url: "a" }],
  ["Renamed", '{"url":"b","pam_url":"a"}', { pams_url: "a" }],
  ["Renamed", '{"pams_url":"declared","url":"other"}', { pams_url: "declared" }],
  ["Renamed", '{"unknown":1}', { unknown: 1 }],
  ["Renamed", "[1]", [1]],
  ["Renamed", "null", null],
  ["Refusing", '{"admin-key":"k"}', { admin_key: "k" }],
  ["Refusing", '{"admin-key":"k","admin_key":"k"}', { admin_key: "k" }],
  [
    "Refusing",
    '{"admin-key":"k","admin_key":"l"}',
    { admin_key: "l" },
    ["/admin_key X.1 6.1: has another value than admin-key, which means the same"],
  ],
  [
    "Outer",
    '{"auth":[{},{"admin-key":{"a":[1]},"admin_key":{"a":[2]}}]}',
    { auth: [{}, { admin_key: { a: [2] } }] },
    ["/auth/1/admin_key X.1 6.1: has another value than admin-key, which means the same"],
  ],
  ["Trimmed", '{" peer_status ":1," other ":2}', { peer_status: 1, " other ": 2 }],
  ["Trimmed", '{"peer_status":1,"peer_status ":2}', { peer_status: 1 }],
  ["Cased", '{"Address":"h"}', { address: "h" }],
  ["Cased", '{"ADDRESS":"h","address":"i"}', { ADDRESS: "h", address: "i" }],
  ["Wrapper", '{"overlay":{"name":"t"}}', { overlay: { title: "t" } }],
  ["Wrapper", '{"overlay_info":{"title":"t"}}', { overlay: { title: "t" } }],
  ["Wrapper", '{"name":"t","x":1}', { overlay: { title: "t", x: 1 } }],
  ["Wrapper", '{"x":1}', { x: 1 }],
  ["Wrapper", "{}", {}],
  ["List", '[{"overlay":{"name":"t"}},{"title":"u"}]', { overlay: [{ title: "t" }, { title: "u" }] }],
  ["List", '{"overlay":[]}', { overlay: [] }],
  [
    "Converted",
    '{"text":12.5,"count":"7","amount":"0.5","flag":"true"}',
    { text: "12.5", count: 7, amount: 0.5, flag: true },
  ],
  ["Converted", '{"text":1e21,"count":"2.1","flag":1}', { text: "1000000000000000000000", count: 3, flag: true }],
  [
    "Converted",
    '{"text":-0,"count":1.2,"amount":"1e5","flag":"yes"}',
    { text: "0", count: 2, amount: "1e5", flag: "yes" },
  ],
  [
    "Converted",
    '{"text":1e-7,"count":"9007199254740993","amount":" 5 "}',
    { text: 1e-7, count: "9007199254740993", amount: 5 },
  ],
  ["Converted", '{"text":true,"ids":["1",2,"x",null],"gone":null}', { text: "true", ids: [1, 2, "x", null] }],
  ["Converted", '{"peers":[{"peer-id":"a","x":1},"b",{}]}', { peers: ["a", "b", {}] }],
  ["Nested", '{"status":{"status":{"name":"t"}}}', { status: { title: "t" } }],
  ["Nested", '{"status":{"status":"text"}}', { status: { status: "text" } }],
  ["Placed", '{"overlay":{},"peer":{"ticket":"t"}}', { overlay: { ticket: "t" }, peer: { ticket: "t" } }],
  [
    "Placed",
    '{"overlay":{}}',
    { overlay: { ticket: "q", recovery: true } },
    [],
    { "ticket-id": ["q"], recovery: ["true"] },
  ],
  [
    "Placed",
    '{"overlay":{"ticket":"own"},"peer":{"ticket":"t"}}',
    { overlay: { ticket: "own" }, peer: { ticket: "t" } },
  ],
  ["Placed", '{"peer":{"ticket":"t"}}', { peer: { ticket: "t" } }],
];

describe("a reader", () => {
  let module: Module;
  beforeAll(async () => {
    const text = Object.entries(schemas).map(([name, schema]) => `    ${name}: ${schema}`);
    const spec = await loadSpec(specFolder({ "p/openapi.yaml": openapi(text.join("\n")) }));
    module = await loadGenerated(spec, { openapi: [readersEmitter] }, "p/readers.js");
  });

  it.each(table)("%s: %s", (schema, json, value, issues = [], query = undefined) => {
    expect(readJson(reader(module, schema), json, query)).toEqual({ value, issues });
  });

  it.each([
    ["Trimmed", '{" __proto__ ":{"polluted":1},"__proto__":{"polluted":1}," constructor ":1}'],
    ["Cased", '{"__PROTO__":{"polluted":1}}'],
    ["Wrapper", '{"__proto__":{"title":"t"},"title":"x"}'],
    ["Placed", '{"overlay":{},"peer":{"__proto__":{"ticket":"t"}}}'],
    ["Nested", '{"status":{"__proto__":{"polluted":1}}}'],
  ])("leaves every prototype alone: %s %s", (schema, json) => {
    const { value } = readJson(reader(module, schema), json);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect({}.constructor).toBe(Object);
  });
});

describe.each(["pamp", "homp"])("readers of %s", (name) => {
  let protocol: Protocol;
  let readers: Module;
  let validators: Module;
  beforeAll(async () => {
    const { spec, protocol: found } = await loadProtocol(name);
    protocol = found;
    readers = await loadGenerated(spec, { openapi: [readersEmitter] }, `${name}/readers.js`);
    validators = await loadGenerated(spec, { openapi: [validatorsEmitter] }, `${name}/validators.js`);
  });

  it("never throw, settle at once, and leave what is in order as it is", () => {
    for (const { name: type, type: model } of protocol.schemas) {
      const read = reader(readers, type);
      const validate = validators[`validate${type}`] as (value: unknown) => unknown;
      fc.assert(
        fc.property(arbitraryOf(protocol, model), (value) => {
          const json = JSON.stringify(value) ?? "null";
          const valid = validate(JSON.parse(json)) === undefined;
          const { value: once } = readJson(read, json);
          const text = JSON.stringify(once);
          if (valid) expect(validate(once)).toBeUndefined();
          expect(JSON.stringify(readJson(read, text).value)).toBe(text);
        }),
        { numRuns: 40, seed: 7 },
      );
    }
  });
});

describe("the readers emitter", () => {
  it("leaves schemas without tolerance as they are", async () => {
    const spec = await loadSpec(specFolder({ "p/openapi.yaml": openapi("    T: { type: string }") }));
    const files = await emit(spec, { openapi: [readersEmitter] });
    expect(files.get("p/readers.ts")).toContain("export const readT: Reader = asIs;");
  });

  it.each([
    [
      "{ type: object, x-accept: { unwrapped: true }, properties: { a: { type: object }, b: { type: object } } }",
      "unwrapped: T has no single wrapper member.",
    ],
    [
      "{ type: object, properties: { a: { type: string, x-accept: { types: [array] } } } }",
      "types: [array] has no conversion to string.",
    ],
    [
      "{ type: object, properties: { constructor: { type: string, x-accept: { names: [ctor] } } } }",
      "constructor is a name that every object has: it cannot be read tolerantly.",
    ],
  ])("refuses what it cannot read: %s", async (schema, message) => {
    const spec = await loadSpec(specFolder({ "p/openapi.yaml": openapi(`    T: ${schema}`) }));
    await expect(emit(spec, { openapi: [readersEmitter] })).rejects.toThrow(message);
    expect(await problemsOf({ "p/openapi.yaml": openapi(`    T: ${schema}`) })).toEqual([]);
  });
});

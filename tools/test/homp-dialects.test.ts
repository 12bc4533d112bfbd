import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { hompOperations } from "../../generated/homp/operations.js";
import { describeIssues, type ValidationIssue } from "../../generated/runtime/validation.js";

interface Exchange {
  readonly id: string;
  readonly primitive: keyof typeof hompOperations;
  readonly request: { method: string; path: string; query?: Record<string, string>; body?: unknown };
  readonly response: { status: number; body: unknown; departs?: readonly string[] };
  readonly refused?: boolean;
  readonly needs?: Record<string, string>;
  readonly keep?: Record<string, string>;
}
interface Dialect {
  readonly dialect: string;
  readonly reading: string;
  readonly exchanges: readonly Exchange[];
}

const spec = join(import.meta.dirname, "../../spec");
const folder = join(spec, "homp/dialects");
const read = (name: string): unknown => parse(readFileSync(join(folder, name), "utf8"));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

/** Values of a run, in the types that the field has. */
const values: Readonly<Record<string, unknown>> = { "ticket-id": 7 };
const filled = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one) => {
    const name = typeof one === "string" ? /^\$\{(.+)\}$/.exec(one)?.[1] : undefined;
    return name === undefined ? one : (values[name] ?? name.replaceAll("-", ""));
  });

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
}

type Body = NonNullable<(typeof hompOperations)["HybridOverlayJoin"]["request"]>;

/** What remains to be said against a message once it has been read as the errata allow. */
function objections({ read: tolerate, validate }: Pick<Body, "read" | "validate">, value: unknown, query = {}) {
  const issues: ValidationIssue[] = [];
  const canonical = tolerate(filled(value), { issues, query });
  return [...issues, ...(validate(canonical) ?? [])];
}

test("every dialect is a reading of E-HOMP-75", () => {
  const errata = parse(readFileSync(join(spec, "errata.yaml"), "utf8")) as { id: string; readings: string[] }[];
  const readings = errata.find(({ id }) => id === "E-HOMP-75")?.readings ?? [];
  const named = files.map((name) => read(name) as Dialect).map(({ dialect, reading }) => `${reading}: ${dialect} (`);
  expect(named.sort()).toEqual(readings.slice(1).map((text) => text.slice(0, text.indexOf("(") + 1)));
});

describe.each(files)("dialect %s", (name) => {
  const dialect = read(name) as Dialect;

  test("is written as the schema says", () => {
    const schema = JSON.parse(readFileSync(join(folder, "dialect.schema.json"), "utf8")) as AnySchema;
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    validate(dialect);
    expect(validate.errors ?? []).toEqual([]);
    expect(new Set(dialect.exchanges.map(({ primitive }) => primitive))).toEqual(new Set(Object.keys(hompOperations)));
  });

  test.each(dialect.exchanges)("$id: a server of the text understands the client", (exchange) => {
    const operation = hompOperations[exchange.primitive];
    expect([exchange.request.method, exchange.request.path]).toEqual([operation.method, operation.path]);
    if (operation.request === undefined) return;
    const query = Object.fromEntries(
      Object.entries(exchange.request.query ?? {}).map(([key, value]) => [key, [value]]),
    );
    expect(describeIssues(objections(operation.request, exchange.request.body, query))).toBe("");
  });

  test.each(dialect.exchanges.filter(({ refused }) => refused !== true))(
    "$id: a client of the text understands the server",
    ({ primitive, response }) => {
      const operation = hompOperations[primitive];
      expect([200, ...operation.success]).toContain(response.status);
      const success = operation.responses.find(({ status }) => status === 200)?.body;
      const found = success === undefined ? [] : objections(success, response.body);
      expect(found.map(({ member }) => member)).toEqual(response.departs ?? []);
    },
  );

  test("the field's server gives its own client what that needs, refusals aside", () => {
    for (const { id, response, needs, keep, refused } of dialect.exchanges) {
      if (refused === true) continue;
      const body = filled(response.body);
      for (const [pointer, kind] of Object.entries(needs ?? {})) {
        const found = at(body, pointer);
        const type = Array.isArray(found) ? "array" : Number.isInteger(found) ? "integer" : typeof found;
        expect(type, `${id} ${pointer}`).toBe(kind);
      }
      for (const pointer of Object.values(keep ?? {})) expect(at(body, pointer)).toBeDefined();
    }
  });
});

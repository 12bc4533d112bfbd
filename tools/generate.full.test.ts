import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate } from "./generate.js";
import { openapi, removeFolders, specFolder } from "./test/spec-folder.js";

const packageRoot = join(import.meta.dirname, "..");

/** Every construct the generator knows, under names that get in the way. */
const awkward = openapi(
  `    Awkward:
      description: "Ends a comment */ early, and {@link nothing}."
      x-clause: "1"
      x-accept: { trim-names: true, ignore-case: [class], places: { /to: ["/from", "?to"] }, erratum: E-1 }
      type: object
      required: [class, default, constructor]
      minProperties: 1
      maxProperties: 50
      properties:
        class: { type: string, minLength: 2, maxLength: 9, pattern: '^[a-z/"\`\${}]+$', examples: ["*/"] }
        default: { type: integer, exclusiveMinimum: 0, exclusiveMaximum: 10, multipleOf: 2 }
        constructor: { type: boolean }
        flag: { type: boolean, x-accept: { types: [string, number], names: [fl-ag], conflict: refuse, erratum: E-1 } }
        value: { type: number, x-accept: { types: [string], round: up, null-absent: true, erratum: E-1 } }
        issues: { enum: [a, 1, true, null] }
        i: { const: only }
        of: { type: array, uniqueItems: true, minItems: 1, maxItems: 4, items: { type: array, items: { type: object, properties: { a-b: { type: string } } } } }
        to: { type: [string, 'null'], format: uri }
        from: { oneOf: [{ $ref: '#/components/schemas/Words' }, { type: object, required: [x], properties: { x: { type: number } } }] }
        fromMember: { $ref: '#/components/schemas/Awkward', anyOf: [{ required: [to] }, { required: [from] }] }
        peer-id: { type: string, x-accept: { types: [object, number], member: id, erratum: E-1 } }
        peer_id: { type: string }
        "quote\\"d": { type: 'null' }
        list: { type: array, x-accept: { wrapped-items: true, types: [string], erratum: E-1 }, items: { type: integer } }
        self: { x-accept: { nested: true, erratum: E-1 }, $ref: '#/components/schemas/Awkward' }
        map: { type: object, additionalProperties: { type: integer } }
        closed: { type: object, properties: { a: {} }, additionalProperties: false }
        many: { type: string, enum: [q, w, e, r, t, y, u, i, o, p] }
        all: { allOf: [{ $ref: '#/components/schemas/Words' }, { maxLength: 5 }] }
    Words: { type: string, enum: [class, new, "x-y", "1st"], x-clause: "2" }
    Anything: {}
    Wrapper: { type: object, required: [awkward], x-accept: { unwrapped: true, erratum: E-1 }, properties: { awkward: { $ref: '#/components/schemas/Awkward' } } }`,
  `  /things/{class}:
    parameters: [{ name: class, in: path, required: true, schema: { type: string } }]
    put:
      operationId: PUT_IT
      x-clause: "3"
      parameters: [{ name: x-y, in: query, schema: { type: array, items: { type: integer } } }]
      requestBody: { required: false, content: { application/json: { schema: { $ref: '#/components/schemas/Wrapper' } } } }
      responses:
        "200": { description: "Done */", content: { application/json: { schema: { $ref: '#/components/schemas/Awkward' } } } }
        default: { description: Other. }`,
);

afterAll(removeFolders);

describe("output for a stranger's spec", () => {
  let out: string;
  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), "mp2p-strict-"));
    await generate({ spec: specFolder({ "toy/openapi.yaml": awkward }), out, check: false, packageRoot });
    writeFileSync(join(out, "package.json"), '{ "type": "module" }');
    symlinkSync(join(packageRoot, "node_modules"), join(out, "node_modules"));
    const { compilerOptions } = JSON.parse(readFileSync(join(packageRoot, "tsconfig.json"), "utf8")) as {
      compilerOptions: Record<string, unknown>;
    };
    const options = { ...compilerOptions, rootDir: ".", noEmit: true, incremental: false, tsBuildInfoFile: undefined };
    writeFileSync(join(out, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["**/*.ts"] }));
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it("compiles under the strictest options", () => {
    const tsc = join(packageRoot, "node_modules/typescript/bin/tsc");
    const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: out, encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  it("passes this repository's lint", () => {
    const biome = join(packageRoot, "node_modules/@biomejs/biome/bin/biome");
    const config = JSON.parse(readFileSync(join(packageRoot, "biome.json"), "utf8")) as Record<string, unknown>;
    writeFileSync(
      join(out, "biome.json"),
      JSON.stringify({ ...config, $schema: undefined, vcs: undefined, overrides: [] }),
    );
    const args = [biome, "check", "--colors=off", "toy", "runtime"];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: out, encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
  });
});

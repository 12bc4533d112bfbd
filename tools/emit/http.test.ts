/** The HTTP emitters over specs that are not this project's own: what third parties may write, and what they may not. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSpec } from "../model/load.js";
import { SpecError } from "../model/problem.js";
import { emit, openapi, removeFolders, specFolder } from "../test/spec-folder.js";
import { registry } from "./registry.js";
import { runtimeEmitter } from "./runtime.js";

const repository = join(import.meta.dirname, "../..");
const schemas = `    Toy: { type: object, x-clause: "1", required: [name], properties: { name: { type: string, maxLength: 9, x-clause: "1" } } }
    ToyId: { type: string, x-clause: "1", minLength: 1, maxLength: 8, pattern: "^[a-z/]+$" }`;

const toy = "{ application/json: { schema: { $ref: '#/components/schemas/Toy' } } }";
const paths = `  /toys/{ID}:
    put:
      operationId: putToy
      summary: Keep a toy
      x-clause: "2.1"
      x-accept: { paths: ["/toy/{ID}/"], trailing-slash: true, routes: ["POST /toys/{ID}/keep"], success: [201], erratum: E-1 }
      x-fallback: [{ after: [404], path: "/toy/{ID}", erratum: E-1 }, { after: [400], rename: { name: title }, erratum: E-2 }]
      parameters:
        - { name: ID, in: path, required: true, x-clause: "2", description: Which., schema: { $ref: '#/components/schemas/ToyId' } }
      requestBody: { required: true, x-clause: "2.1", content: ${toy} }
      responses:
        "200": { description: Kept, x-clause: "2.2", content: ${toy} }
        "404": { description: "No such toy", x-clause: "2.2" }
  /toys/{ID}/picture:
    put:
      operationId: putPicture
      x-clause: "2.3"
      parameters:
        - { name: ID, in: path, required: true, x-clause: "2", description: Which., schema: { $ref: '#/components/schemas/ToyId' } }
      requestBody: { required: true, x-clause: "2.3", content: { application/octet-stream: { schema: { type: string, format: binary } } } }
      responses:
        "200": { description: Kept, x-clause: "2.3" }
  /shelf:
    get:
      operationId: LIST_TOYS
      x-clause: "3"
      x-idempotent: false
      parameters:
        - { name: colour, in: query, schema: { type: string, enum: [red, "light blue"] } }
        - { name: size, in: query, required: true, schema: { type: integer, minimum: 1 } }
        - { name: tag, in: query, schema: { type: array, items: { type: string } } }
      responses:
        "200": { description: Found, content: ${toy} }
        "401": { description: Who are you, headers: { WWW-Authenticate: { required: true, schema: { type: string } } } }
        default: { description: Else, content: { application/problem+json: { schema: { $ref: '#/components/schemas/Toy' } } } }`;

afterAll(removeFolders);

describe("the output", () => {
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    files = await emit(await loadSpec(specFolder({ "toy/openapi.yaml": openapi(schemas, paths) })), {
      ...registry,
      spec: [runtimeEmitter(join(repository, "tools/runtime"))],
    });
  });
  /** Layout is Biome's business. */
  const text = (path: string) => files.get(path)?.replaceAll(/\s+/g, " ") ?? "";

  test.each([
    [
      "toy/client.ts",
      "export function putToy( client: HttpClient, request: PutToyClientRequest, options?: CallOptions)",
    ],
    ["toy/client.ts", "| SuccessResult<200, Toy>"],
    ["toy/client.ts", "/** 404: No such toy. [2.2] */ | FailureResult<404>"],
    ["toy/client.ts", '| FailureResult<401, ProblemDetails | undefined, "www-authenticate">'],
    [
      "toy/client.ts",
      'readonly colour?: "red" | "light blue" | undefined; readonly size: number; readonly tag?: readonly string[] | undefined;',
    ],
    ["toy/client.ts", "return createHttpClient(options);"],
    ["toy/client.ts", "/** * Keep a toy. * * `PUT /toys/{ID}` [X.1 2.1]"],
    [
      "toy/server.ts",
      'readonly colour?: "red" | "light blue"; readonly size: number; readonly tag?: readonly string[];',
    ],
    [
      "toy/server.ts",
      '| { readonly status: 401; readonly headers: ResponseHeaders & { readonly "WWW-Authenticate": string } }',
    ],
    ["toy/server.ts", "| OtherProblem<200 | 401>"],
    [
      "toy/server.ts",
      "LIST_TOYS(request: ListToysServerRequest, context: RequestContext): MaybePromise<ListToysServerResult>;",
    ],
    [
      "toy/operations.ts",
      'alternatives: [{ method: "PUT", path: "/toy/{ID}/", errata: ["E-1"] }, { method: "POST", path: "/toys/{ID}/keep", errata: ["E-1"] }],',
    ],
    ["toy/operations.ts", "constraints: { minLength: 1, maxLength: 8, pattern: /^[a-z\\/]+$/u }"],
    [
      "toy/operations.ts",
      'fallbacks: [{ after: [404], path: "/toy/{ID}", errata: ["E-1"] }, { after: [400], rename: { name: "title" }, errata: ["E-2"] }],',
    ],
    ["toy/operations.ts", "idempotent: false, };"],
    [
      "toy/operations.ts",
      "export const toyOperations = { putToy: putToyOperation, putPicture: putPictureOperation, LIST_TOYS: listToysOperation, } as const",
    ],
    ["toy/express.ts", "export function createToyRouter(handlers: ToyHandlers,"],
  ])("%s has %s", (path, expected) => {
    expect(text(path).replaceAll("( ", "(")).toContain(expected.replaceAll("( ", "("));
  });

  test("compiles under the strictest settings", { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "mp2p-strict-"));
    try {
      symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      for (const [path, content] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      const program = ts.createProgram(
        [...files.keys()].map((path) => join(folder, path)),
        {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.NodeNext,
          moduleResolution: ts.ModuleResolutionKind.NodeNext,
          lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
          types: ["node"],
          typeRoots: [join(repository, "node_modules/@types")],
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          noPropertyAccessFromIndexSignature: false,
          noImplicitOverride: true,
          noImplicitReturns: true,
          noUnusedLocals: true,
          noUnusedParameters: true,
          verbatimModuleSyntax: true,
          isolatedModules: true,
          erasableSyntaxOnly: true,
          skipLibCheck: true,
          noEmit: true,
        },
      );
      const found = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
        return `${file?.fileName.slice(folder.length)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      });
      expect(found).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("a spec that cannot be generated", () => {
  const operation = (rest: string) => `  /toys/{ID}:
    put:
      operationId: PUT_TOY
      x-clause: "2"
${rest}`;
  const id = "{ name: ID, in: path, required: true, schema: { type: string } }";
  const fine = '      responses: { "200": { description: Kept. } }';
  const cases: [string, string, RegExp][] = [
    [
      "a header parameter",
      `      parameters: [${id}, { name: X-Toy, in: header, schema: { type: string } }]\n${fine}`,
      /openapi\.yaml:\d+:\d+: header parameter X-Toy is not generated\. Leave it out/,
    ],
    [
      "a path parameter that is no string",
      `      parameters: [{ name: ID, in: path, required: true, schema: { type: integer } }]\n${fine}`,
      /openapi\.yaml:\d+:\d+: parameter ID has a type that no URL can carry\. Make it a string/,
    ],
    [
      "a query parameter that is an object",
      `      parameters: [${id}, { name: q, in: query, schema: { $ref: '#/components/schemas/Toy' } }]\n${fine}`,
      /openapi\.yaml:\d+:\d+: parameter q has a type that no URL can carry/,
    ],
    [
      "a body without a name",
      `      parameters: [${id}]
      requestBody: { required: true, content: { application/json: { schema: { type: object } } } }\n${fine}`,
      /openapi\.yaml:\d+:\d+: a body of PUT_TOY is described in place\. Put it in a file/,
    ],
    [
      "a query carrier for an object",
      `      parameters: [${id}]
      x-query: { box: /box }
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Box' } } } }\n${fine}`,
      /openapi\.yaml:\d+:\d+: x-query box: no URL can carry its type\. Leave it out/,
    ],
  ];
  test.each(["delete", "put-toy", "1st"])("an operation named %s", async (name) => {
    const path = `  /toys:\n    put:\n      operationId: ${name}\n      x-clause: "2"\n${fine}`;
    const spec = await loadSpec(specFolder({ "toy/openapi.yaml": openapi(schemas, path) }));
    await expect(emit(spec, registry)).rejects.toThrow(`operationId ${name} cannot name a function. Use letters`);
  });

  const box = `${schemas}
    Box: { type: object, x-clause: "1", properties: { box: { $ref: '#/components/schemas/Toy' } } }`;
  test.each(cases)("%s", async (_name, rest, expected) => {
    const spec = await loadSpec(specFolder({ "toy/openapi.yaml": openapi(box, operation(rest)) }));
    const failure: unknown = await emit(spec, registry).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SpecError);
    expect((failure as SpecError).message).toMatch(expected);
    expect((failure as SpecError).message.split("\n")).toHaveLength(1);
  });
});

/** Request bodies of octets, from the spec to what is generated. How they travel: tools/test/http/octets.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareFacts } from "../diff/compare.js";
import { factsOf } from "../diff/facts.js";
import { loadSpec } from "../model/load.js";
import { emit, loadProtocol, openapi, problemsOf, removeFolders, specFolder } from "../test/spec-folder.js";
import { referenceEmitter } from "./reference/reference.js";
import { registry } from "./registry.js";

const schemas = `    Box: { type: object, x-clause: "1", properties: { name: { type: string, maxLength: 9, x-clause: "1" } } }`;
const octets = "application/octet-stream: { schema: { type: string, format: binary } }";
const json = "application/json: { schema: { $ref: '#/components/schemas/Box' } }";

interface Parts {
  readonly method?: string;
  readonly content?: string;
  readonly rest?: string;
  readonly answer?: string;
}

const paths = ({ method = "put", content = octets, rest = "", answer = json }: Parts = {}) => `  /boxes/{ID}:
    ${method}:
      operationId: FILL_BOX
      summary: Fill a box
      x-clause: "2.1"
${rest === "" ? "" : `      ${rest}\n`}      parameters:
        - { name: ID, in: path, required: true, x-clause: "2", description: Which., schema: { type: string } }
        - { name: offset, in: query, schema: { type: integer, minimum: 0 } }
      requestBody: { required: true, description: What is in it., x-clause: "2.2", content: { ${content} } }
      responses:
        "200": { description: Full., x-clause: "2.1", content: { ${answer} } }`;

const folderOf = (parts: Parts = {}) => ({ "box/openapi.yaml": openapi(schemas, paths(parts)) });

afterAll(removeFolders);

describe("the output", () => {
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const spec = await loadSpec(specFolder(folderOf()));
    files = await emit(spec, { ...registry, spec: [referenceEmitter([])] });
  });
  const text = (path: string) => files.get(path)?.replaceAll(/\s+/g, " ") ?? "";

  test.each([
    ["box/client.ts", 'import type { OctetSource } from "../runtime/http-source.js";'],
    ["box/client.ts", "/** What is in it. [2.2] */ readonly body: OctetSource; }"],
    ["box/client.ts", "readonly query?: { readonly offset?: number | undefined; };"],
    ["box/client.ts", "if the octets can be had anew."],
    ["box/server.ts", "readonly body: OctetStream; }"],
    ["box/server.ts", "MaybePromise, OctetStream, Refusal,"],
    ["box/operations.ts", 'request: /* @__PURE__ */ octetsBody("2.2"),'],
    ["box/express.ts", "createFrontServer(createBoxListener(handlers, options), { ...options, streams: true });"],
    ["box/index.ts", 'export type { OctetSource } from "../runtime/http-source.js";'],
    ["reference/box.md", "Request body: octets as `application/octet-stream`. What is in it. [2.2]"],
  ])("%s has %s", (path, expected) => {
    expect(text(path)).toContain(expected);
  });

  test("a protocol without octets says nothing of them", async () => {
    const spec = await loadSpec(specFolder(folderOf({ content: json })));
    for (const [path, content] of await emit(spec, registry)) {
      expect(`${path}: ${/octet|streams/i.exec(content)?.[0] ?? "nothing"}`).toBe(`${path}: nothing`);
    }
  });

  test("octets in the place of JSON break others", async () => {
    const [before, after] = await Promise.all(
      [folderOf({ content: json }), folderOf()].map(async (folder) => factsOf(await loadSpec(specFolder(folder)))),
    );
    const changes = compareFacts(before ?? {}, after ?? {});
    expect(changes.some(({ severity }) => severity === "breaking")).toBe(true);
  });
});

describe("octets that cannot be generated", () => {
  test.each<[string, Parts, RegExp]>([
    [
      "another schema",
      { content: "application/octet-stream: { schema: { $ref: '#/components/schemas/Box' } }" },
      /application\/octet-stream has one schema\. Write schema: \{ type: string, format: binary \}/,
    ],
    [
      "a bound, which streams have none of",
      { content: "application/octet-stream: { schema: { type: string, format: binary, maxLength: 9 } }" },
      /application\/octet-stream has one schema/,
    ],
    ["an answer", { content: json, answer: octets }, /octets are read in requests only\. Answer with JSON/],
    ["a GET", { method: "get" }, /octets do not go with GET\. Use PUT, POST or PATCH/],
    [
      "a repetition",
      { rest: "x-fallback: [{ after: [404], path: '/box/{ID}' }]" },
      /x-fallback does not go with octets/,
    ],
    ["a query carrier", { rest: "x-query: { name: /name }" }, /x-query does not go with octets/],
    ["an absent body", { rest: "x-accept: { no-body: true }" }, /x-accept no-body does not go with octets/],
    ["JSON beside them", { content: `${octets}, ${json}` }, /one content type per body is read\. Keep one/],
  ])("%s", async (_, parts, expected) => {
    const problems = await problemsOf(folderOf(parts));
    expect(problems.some((line) => expected.test(line) && /^\S+openapi\.yaml:\d+:\d+: /.test(line))).toBe(true);
  });
});

test("this project's own octets are those of R12", async () => {
  const { protocol } = await loadProtocol("cs");
  const all = protocol.operations.filter(({ requestBody }) => requestBody?.octets);
  expect(all.map(({ id, idempotent }) => [id, idempotent])).toEqual([["CS_DATA_UPLOAD", false]]);
});

import { afterAll, describe, expect, it } from "vitest";
import { openapi, problemsOf, removeFolders, type SpecFiles, specFolder } from "../test/spec-folder.js";
import { loadSpec } from "./load.js";
import type { SpecError } from "./problem.js";

afterAll(removeFolders);

const operation = (id: string, more = ""): string => `  /x:
    get:
      operationId: ${id}
      responses: { "200": { description: fine } }
${more}`;

/** Each faulty spec, and exactly what is said about it. */
const faults: [fault: string, files: SpecFiles, said: string[]][] = [
  [
    "no YAML",
    { "p/openapi.yaml": "openapi: 3.1.0\npaths: [" },
    [
      "spec/p/openapi.yaml:2:9: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. Correct the syntax here.",
    ],
  ],
  [
    "a key written twice",
    { "p/openapi.yaml": openapi("    T: { type: string, type: number }") },
    ["spec/p/openapi.yaml:7:24: not YAML: Map keys must be unique. Correct the syntax here."],
  ],
  [
    "another OpenAPI",
    { "p/openapi.yaml": openapi().replace("3.1.0", "3.0.3") },
    ["spec/p/openapi.yaml:1:1: the generator reads OpenAPI 3.1. Write openapi: 3.1.0."],
  ],
  [
    "a reference to no file",
    {
      "p/openapi.yaml": openapi("    PeerInfo: { $ref: schemas/PeerInf.yaml }"),
      "p/schemas/PeerInfo.yaml": "type: object",
    },
    ["spec/p/openapi.yaml:7:17: $ref schemas/PeerInf.yaml leads to no file. Did you mean PeerInfo.yaml?"],
  ],
  [
    "a reference to nothing in a file",
    { "p/openapi.yaml": openapi("    T: { $ref: '#/components/schemas/U' }") },
    [
      "spec/p/openapi.yaml:7:10: $ref #/components/schemas/U: spec/p/openapi.yaml has nothing at #/components/schemas/U. Correct the part after #.",
    ],
  ],
  [
    "a reference to another machine",
    { "p/openapi.yaml": openapi("    T: { $ref: 'https://example.com/T.yaml' }") },
    [
      "spec/p/openapi.yaml:7:10: $ref https://example.com/T.yaml leaves this machine. Copy the file into the spec folder and refer to the copy.",
    ],
  ],
  [
    "a reference to a schema without a name",
    {
      "p/openapi.yaml": openapi(
        "    T: { type: object, properties: { a: { type: string } } }\n    U: { $ref: '#/components/schemas/T/properties/a' }",
      ),
    },
    [
      "spec/p/openapi.yaml:8:10: $ref #/components/schemas/T/properties/a leads to a schema without a name. Move that schema to a file of its own.",
    ],
  ],
  [
    "a component under another name",
    { "p/openapi.yaml": openapi("    T: { $ref: schemas/U.yaml }"), "p/schemas/U.yaml": "type: string" },
    ["spec/p/openapi.yaml:7:5: component T refers to a schema named U. Name it U too."],
  ],
  [
    "two schemas with one name",
    {
      "p/openapi.yaml": openapi(),
      "p/schemas/T.yaml": "type: string",
      "p/messages/T.yaml": "type: number",
    },
    [
      "spec/p/messages/T.yaml:1:1: two schemas are named T: this one and spec/p/schemas/T.yaml. Rename one of the files.",
    ],
  ],
  [
    "a file that is no type name",
    { "p/openapi.yaml": openapi(), "p/schemas/peer-info.yaml": "type: string" },
    [
      "spec/p/schemas/peer-info.yaml:1:1: peer-info is no type name. Name the file in PascalCase, such as PeerInformation.yaml.",
    ],
  ],
  [
    "a type that only refers to itself",
    {
      "p/openapi.yaml": openapi("    T: { $ref: '#/components/schemas/U' }\n    U: { $ref: '#/components/schemas/T' }"),
    },
    [
      "spec/p/openapi.yaml:7:5: T is defined by nothing but itself. Give it a type.",
      "spec/p/openapi.yaml:8:5: U is defined by nothing but itself. Give it a type.",
    ],
  ],
  [
    "files that only refer to each other",
    {
      "p/openapi.yaml": openapi(),
      "p/schemas/T.yaml": "$ref: U.yaml",
      "p/schemas/U.yaml": "$ref: T.yaml",
    },
    [
      "spec/p/schemas/T.yaml:1:1: T is defined by nothing but itself. Give it a type.",
      "spec/p/schemas/U.yaml:1:1: U is defined by nothing but itself. Give it a type.",
    ],
  ],
  [
    "an operationId taken",
    {
      "p/openapi.yaml": openapi(
        "",
        `${operation("A")}  /y:\n    put: { operationId: A, responses: { "200": { description: fine } } }\n`,
      ),
    },
    [
      "spec/p/openapi.yaml:10:12: operationId A is taken by the operation at spec/p/openapi.yaml:6. Give each operation its own.",
    ],
  ],
  [
    "names that code needs for itself",
    { "p/openapi.yaml": openapi("    Set: { type: string }") },
    [
      "spec/p/openapi.yaml:7:5: Set is the name of a type that generated code uses. Choose another, such as SetElement.",
    ],
  ],
  [
    "an operation without a name or responses",
    { "p/openapi.yaml": openapi("", "  /x: { get: { summary: x } }") },
    [
      "spec/p/openapi.yaml:5:9: operation  declares no responses. Add responses with at least one status.",
      "spec/p/openapi.yaml:5:9: the operation has no operationId. Name it as its primitive is named.",
    ],
  ],
  [
    "path parameters that do not match",
    {
      "p/openapi.yaml": openapi(
        "",
        `  /x/{NID}:
    parameters: [{ name: PID, in: path, required: true, schema: { type: string } }]
    get: { operationId: A, responses: { "299": { description: fine } } }`,
      ),
    },
    [
      "spec/p/openapi.yaml:7:5: path /x/{NID} has {NID}, which no parameter declares. Add it to parameters, in: path.",
      "spec/p/openapi.yaml:7:5: path parameter PID is not in the path /x/{NID}. Write {PID} there, or remove the parameter.",
    ],
  ],
  [
    "no status",
    { "p/openapi.yaml": openapi("", '  /x: { get: { operationId: A, responses: { "2XX": { description: x } } } }') },
    ["spec/p/openapi.yaml:5:45: 2XX is no status. Write a number from 100 to 599 in quotes, or default."],
  ],
  [
    "an unknown extension",
    { "p/openapi.yaml": openapi("    T: { type: string, x-claus: '1' }", operation("A", "      x-acept: {}\n")) },
    [
      "spec/p/openapi.yaml:9:7: extension x-acept is not known here. Did you mean x-accept?",
      "spec/p/openapi.yaml:13:24: keyword x-claus is not known here. Did you mean x-clause?",
    ],
  ],
  [
    "an unknown tolerance",
    {
      "p/openapi.yaml": openapi(
        "    T: { type: object, properties: { a: { type: string, x-accept: { name: [b] } } } }",
        operation("A", "      x-accept: { path: [/y] }\n"),
      ),
    },
    [
      "spec/p/openapi.yaml:9:19: x-accept key path is not known here. Did you mean paths?",
      "spec/p/openapi.yaml:13:69: x-accept key name is not known here. Did you mean names?",
    ],
  ],
  [
    "an unknown keyword",
    { "p/openapi.yaml": openapi("    T: { type: object, patternProperties: {} }\n    U: { typ: string }") },
    [
      expect.stringMatching(
        /^spec\/p\/openapi\.yaml:7:24: keyword patternProperties is not known here\. Remove it; known here: \$ref, type, .*\.$/,
      ) as unknown as string,
      "spec/p/openapi.yaml:8:10: keyword typ is not known here. Did you mean type?",
    ],
  ],
  [
    "types that do not exist or do not fit",
    {
      "p/openapi.yaml": openapi(
        "    T: { type: text }\n    U: { type: string, maximum: 3 }\n    V: { type: string, maxLength: long }",
      ),
    },
    [
      "spec/p/openapi.yaml:7:10: text is no JSON type. Use one of string, number, integer, boolean, object, array, null.",
      "spec/p/openapi.yaml:8:24: maximum says nothing about type string. Remove it, or correct type.",
      "spec/p/openapi.yaml:9:24: a number is meant here.",
    ],
  ],
  [
    "a pattern that is none",
    { "p/openapi.yaml": openapi("    T: { type: string, pattern: '(' }") },
    [
      "spec/p/openapi.yaml:7:24: pattern is no regular expression: /(/u: Unterminated group. Mend it; it is read with the flag u.",
    ],
  ],
  [
    "required without a property",
    { "p/openapi.yaml": openapi("    T: { type: object, required: [a] }") },
    ["spec/p/openapi.yaml:7:24: required names a, which properties does not have. Declare it there."],
  ],
  [
    "a clause that YAML takes for a number",
    { "p/openapi.yaml": openapi("    T: { type: string, x-clause: 9.1 }") },
    ['spec/p/openapi.yaml:7:24: a number where text is meant. Put it in quotes: "9.1".'],
  ],
  [
    "a query carrier that leads nowhere",
    {
      "p/openapi.yaml": openapi(
        "    T: { type: object, properties: { a: { type: string } } }",
        `  /x:
    get:
      operationId: A
      x-query: { a: /a, b: /b }
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/T' } } } }
      responses: { "200": { description: fine } }`,
      ),
    },
    ["spec/p/openapi.yaml:8:25: x-query b: the request body has no member /b. Correct the pointer."],
  ],
  [
    "nothing at all",
    { "README.md": "" },
    ["1:1: nothing to generate from. Put an openapi.yaml or a .ksy file into a folder below it, one per protocol."],
  ],
];

describe("a faulty spec", () => {
  it.each(faults)("is pointed at: %s", async (_fault, files, said) => {
    const problems = (await problemsOf(files)).map((line) => line.replace(/^\/.*?:/, ""));
    expect(problems.sort()).toEqual([...said].sort());
  });

  it("gives all its problems in one run, in order of place", async () => {
    const problems = await problemsOf({
      "a/openapi.yaml": openapi("    T: { typ: string }"),
      "b/openapi.yaml": openapi("    T: { $ref: T.yaml }\n    U: { type: text }"),
    });
    expect(problems.map((line) => line.split(": ")[0])).toEqual([
      "spec/a/openapi.yaml:7:10",
      "spec/b/openapi.yaml:7:10",
      "spec/b/openapi.yaml:8:10",
    ]);
  });

  it("may be no folder", async () => {
    await expect(loadSpec("/nowhere/spec")).rejects.toThrow(
      "/nowhere/spec:1:1: there is no such folder. Name the spec folder with --spec DIR.",
    );
  });

  it("never ends in a stack", async () => {
    const error = (await loadSpec(specFolder({ "p/openapi.yaml": "- 1" })).catch(
      (caught: unknown) => caught,
    )) as SpecError;
    expect(error.name).toBe("SpecError");
    expect(error.message).toBe(
      "spec/p/openapi.yaml:1:1: an OpenAPI document is meant here. Begin it with openapi: 3.1.0.",
    );
  });
});

describe("a sound spec", () => {
  it("keeps names, clauses, positions and order", async () => {
    const spec = await loadSpec(
      specFolder({
        "p/openapi.yaml": openapi(
          "    Peer: { $ref: schemas/Peer.yaml }",
          `  /b: { $ref: item.yaml }
  /a:
    get: { operationId: FIRST_ONE, x-clause: "9.2", responses: { default: { description: x }, "404": { description: x }, "200": { description: x } } }`,
        ),
        "p/item.yaml": 'put: { operationId: SECOND, x-clause: "9.10", responses: { "200": { description: x } } }',
        "p/schemas/Peer.yaml":
          'x-clause: "9.1"\ntype: object\nproperties:\n  b: { x-clause: "9.1.10", type: string }\n  a: { x-clause: "9.1.9", $ref: ../../common/Name.yaml }\n',
        "common/Name.yaml": "x-document: RFC 1\ntype: string",
      }),
    );
    const [protocol] = spec.protocols;
    expect(protocol).toMatchObject({ name: "p", prefix: "P", document: "X.1", clauses: "9.1-9.10" });
    expect(
      protocol?.operations.map(({ id, typeName, method, idempotent }) => [id, typeName, method, idempotent]),
    ).toEqual([
      ["FIRST_ONE", "FirstOne", "GET", true],
      ["SECOND", "Second", "PUT", true],
    ]);
    expect(protocol?.operations[0]?.responses.map(({ status }) => status)).toEqual([200, 404, "default"]);
    expect(protocol?.schemas.map(({ name, document, position }) => [name, document, position])).toEqual([
      ["Name", "RFC 1", { file: "spec/common/Name.yaml", line: 1, column: 1 }],
      ["Peer", "X.1", { file: "spec/p/schemas/Peer.yaml", line: 1, column: 1 }],
    ]);
    const peer = protocol?.schemas[1]?.type;
    expect(peer?.kind === "object" && peer.members.map(({ name, position }) => [name, position.line])).toEqual([
      ["a", 5],
      ["b", 4],
    ]);
  });
});

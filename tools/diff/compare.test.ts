import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSpec } from "../model/load.js";
import { openapi, removeFolders, specFolder } from "../test/spec-folder.js";
import { compareFacts, formatChanges } from "./compare.js";
import { type Facts, factsOf } from "./facts.js";

afterAll(removeFolders);

const files = {
  "p/openapi.yaml": openapi(
    "",
    `  /peers/{ID}:
    put:
      operationId: PUT_PEER
      x-clause: "8"
      x-accept: { trailing-slash: true, success: [201] }
      parameters: [{ name: ID, in: path, required: true, schema: { type: string, maxLength: 9 } }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: schemas/Request.yaml } } } }
      responses:
        "200": { description: Kept., content: { application/json: { schema: { $ref: schemas/Response.yaml } } } }
        "404": { description: Unknown. }`,
  ),
  "p/schemas/Request.yaml": `description: Sent.
type: object
required: [id]
properties:
  id: { type: string, minLength: 1, maxLength: 20 }
  kind: { type: string, enum: [a, b], x-accept: { names: [type], erratum: E-1 } }
  both: { $ref: Both.yaml }
`,
  "p/schemas/Response.yaml": `description: Received.
type: object
required: [id]
properties:
  id: { type: string, minLength: 1, maxLength: 20 }
  kind: { type: string, enum: [a, b] }
  both: { $ref: Both.yaml }
`,
  "p/schemas/Both.yaml": "type: array\nmaxItems: 5\nitems: { type: integer, minimum: 0 }\n",
  "q/q.ksy": `meta: { id: q, title: Q, endian: be }
doc: A message.
seq:
  - { id: version, type: b2, doc: Two bits. }
  - { id: code, type: b6, enum: code }
enums:
  code: { 1: get, 2: put }
`,
} as const;

type File = keyof typeof files;

/** A change of one file, and what is said of it. */
const table: [what: string, file: File, from: string, to: string, said: string][] = [
  ["nothing, in another layout", "p/schemas/Both.yaml", "items:", "# a comment\nitems:", ""],
  [
    "a description",
    "p/schemas/Both.yaml",
    "type: array",
    "type: array\ndescription: x",
    "documentation (1)\n  p schema Both: description, clause, errata or examples changed",
  ],
  [
    "a clause",
    "p/openapi.yaml",
    '"8"',
    '"9"',
    "documentation (1)\n  p operation PUT_PEER: description, clause, errata or examples changed",
  ],
  [
    "the path",
    "p/openapi.yaml",
    "/peers/",
    "/peer/",
    "breaking (1)\n  p operation PUT_PEER: route PUT /peers/{ID} → PUT /peer/{ID}",
  ],
  [
    "the name of an operation",
    "p/openapi.yaml",
    "PUT_PEER",
    "SET_PEER",
    "breaking (1)\n  p operation PUT_PEER: removed\nadditive (1)\n  p operation SET_PEER: added",
  ],
  [
    "one status fewer",
    "p/openapi.yaml",
    '        "404": { description: Unknown. }',
    "",
    "breaking (1)\n  p operation PUT_PEER response 404: removed",
  ],
  [
    "one status more",
    "p/openapi.yaml",
    '"404"',
    '"409": { description: x }\n        "404"',
    "additive (1)\n  p operation PUT_PEER response 409: added",
  ],
  [
    "less tolerance",
    "p/openapi.yaml",
    "trailing-slash: true, ",
    "",
    "breaking (1)\n  p operation PUT_PEER: no longer accepts trailing slash",
  ],
  [
    "more tolerance",
    "p/openapi.yaml",
    "[201]",
    "[201, 204]",
    "additive (1)\n  p operation PUT_PEER: now also accepts status 204",
  ],
  [
    "another name of a member",
    "p/schemas/Request.yaml",
    "[type]",
    "[tipe]",
    "breaking (1)\n  p schema Request member kind: no longer accepts name type\nadditive (1)\n  p schema Request member kind: now also accepts name tipe",
  ],
  [
    "a shorter parameter",
    "p/openapi.yaml",
    "maxLength: 9",
    "maxLength: 8",
    "breaking (1)\n  p operation PUT_PEER path parameter ID: maxLength 9 → 8",
  ],
  [
    "a required member in a request",
    "p/schemas/Request.yaml",
    "required: [id]",
    "required: [id, kind]",
    "breaking (1)\n  p schema Request member kind: now required",
  ],
  [
    "a required member in a response",
    "p/schemas/Response.yaml",
    "required: [id]",
    "required: [id, kind]",
    "additive (1)\n  p schema Response member kind: now required",
  ],
  [
    "an optional member in a request",
    "p/schemas/Request.yaml",
    "required: [id]\n",
    "",
    "additive (1)\n  p schema Request member id: no longer required",
  ],
  [
    "an optional member in a response",
    "p/schemas/Response.yaml",
    "required: [id]\n",
    "",
    "breaking (1)\n  p schema Response member id: no longer required",
  ],
  [
    "a new optional member",
    "p/schemas/Request.yaml",
    "  both:",
    "  more: { type: boolean }\n  both:",
    "additive (1)\n  p schema Request member more: added",
  ],
  [
    "a member gone",
    "p/schemas/Response.yaml",
    "  both: { $ref: Both.yaml }\n",
    "",
    "breaking (1)\n  p schema Response member both: removed",
  ],
  [
    "a wider request",
    "p/schemas/Request.yaml",
    "minLength: 1, maxLength: 20",
    "maxLength: 30",
    "additive (2)\n  p schema Request member id: maxLength 20 → 30\n  p schema Request member id: minLength 1 removed",
  ],
  [
    "a wider response",
    "p/schemas/Response.yaml",
    "maxLength: 20",
    "maxLength: 30",
    "breaking (1)\n  p schema Response member id: maxLength 20 → 30",
  ],
  [
    "a narrower request",
    "p/schemas/Request.yaml",
    "minLength: 1",
    "minLength: 2",
    "breaking (1)\n  p schema Request member id: minLength 1 → 2",
  ],
  [
    "a narrower response",
    "p/schemas/Response.yaml",
    "minLength: 1",
    "minLength: 2",
    "additive (1)\n  p schema Response member id: minLength 1 → 2",
  ],
  [
    "a bound of what travels both ways",
    "p/schemas/Both.yaml",
    "maxItems: 5",
    "maxItems: 6",
    "breaking (1)\n  p schema Both: maxItems 5 → 6",
  ],
  [
    "a bound of items",
    "p/schemas/Both.yaml",
    "minimum: 0",
    "minimum: 1",
    "breaking (1)\n  p schema Both: items.minimum 0 → 1",
  ],
  [
    "a word more in a request",
    "p/schemas/Request.yaml",
    "[a, b]",
    "[a, b, c]",
    "additive (1)\n  p schema Request member kind: word added: c",
  ],
  [
    "a word more in a response",
    "p/schemas/Response.yaml",
    "[a, b]",
    "[a, b, c]",
    "breaking (1)\n  p schema Response member kind: word added: c",
  ],
  [
    "a word fewer in a request",
    "p/schemas/Request.yaml",
    "[a, b]",
    "[a]",
    "breaking (1)\n  p schema Request member kind: word removed: b",
  ],
  [
    "another type",
    "p/schemas/Both.yaml",
    "type: integer",
    "type: number",
    "breaking (1)\n  p schema Both: type array of integer → array of number",
  ],
  ["a width in octets", "q/q.ksy", "type: b2", "type: b3", "breaking (1)\n  q layout seq 1 version: type b2 → b3"],
  [
    "a new field",
    "q/q.ksy",
    "enums:",
    "  - { id: more, type: u1 }\nenums:",
    "breaking (1)\n  q layout seq 3 more: added",
  ],
  [
    "a new code",
    "q/q.ksy",
    "2: put",
    "2: put, 3: { id: post, doc: x }",
    "additive (1)\n  q layout enums code 3: added",
  ],
  ["a code of another meaning", "q/q.ksy", "2: put", "2: post", "breaking (1)\n  q layout enums code: 2 put → post"],
  [
    "a doc",
    "q/q.ksy",
    "Two bits.",
    "The version.",
    "documentation (1)\n  q layout seq 1 version: description, clause, errata or examples changed",
  ],
];

describe("the difference of two specs", () => {
  let before: Facts;
  beforeAll(async () => {
    before = factsOf(await loadSpec(specFolder(files)));
  });

  it.each(table)("%s", async (_what, file, from, to, said) => {
    expect(files[file]).toContain(from);
    const after = factsOf(await loadSpec(specFolder({ ...files, [file]: files[file].replace(from, to) })));
    expect(formatChanges(compareFacts(before, after))).toBe(said);
  });

  it("a new required member", async () => {
    const text = files["p/schemas/Request.yaml"]
      .replace("[id]", "[id, more]")
      .replace("  both:", "  more: { type: boolean }\n  both:");
    const after = factsOf(await loadSpec(specFolder({ ...files, "p/schemas/Request.yaml": text })));
    expect(formatChanges(compareFacts(before, after))).toBe(
      "breaking (1)\n  p schema Request member more: added, and required in requests",
    );
  });
});

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatProblems } from "../model/problem.js";
import { lintSpec } from "./lint-spec.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lint-"));
  cpSync("tools/lint/fixtures", root, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

/** What the linter says of the copy, one line per problem, without the folder's name. */
function complaints(): string[] {
  const text = formatProblems(lintSpec(root).problems);
  return text === "" ? [] : text.replaceAll(`${root}/`, "").split("\n");
}

function edit(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(join(root, path), "utf8");
  expect(text).toMatch(from);
  writeFileSync(
    join(root, path),
    text.replace(from, () => to),
  );
}

const API = "demo/openapi.yaml";
const THING = "demo/schemas/Thing.yaml";
const PART = "demo/messages/DemoPutRequestThing.yaml";
const REQUEST = "demo/messages/DemoPutRequest.yaml";
const KSY = "demo/frame.ksy";
const INDEX = "demo/examples/index.yaml";

test("the fixture is sound, and so is the project's own spec", () => {
  expect(complaints()).toEqual([]);
  expect(formatProblems(lintSpec("spec").problems)).toBe("");
});

test("octets as they are need no schema of their own", () => {
  const json = "application/json:\n            schema: { $ref: messages/DemoPutRequest.yaml }\n";
  edit(API, json, "application/octet-stream:\n            schema: { type: string, format: binary }\n");
  edit(API, / {6}x-query:\n.*\n/, "");
  expect(complaints()).toEqual([]);
});

describe("a fault in openapi.yaml", () => {
  test.each([
    ["no document", "x-document: Z.1\n", "", /^demo\/openapi.yaml:1:1: x-document is missing/],
    ["no clause", /(a thing\.\n) {6}x-clause: "9.1"\n/, "a thing.\n", /:8:5: DEMO_PUT has no x-clause/],
    ["a clause without a number", 'x-clause: "9.2"', "x-clause: here", /:47:7: the x-clause of Problem is no clause/],
    ["no description", "          description: Put.\n", "", /:25:9: response 200 of DEMO_PUT has no description/],
    ["no operationId", "      operationId: DEMO_PUT\n", "", /:8:5: the operation has no operationId/],
    ["an optional body", "        required: true\n        content", "        content", /:17:7: .*may be left out/],
    ["no 400", / {8}"400": .*\n/, "", /:24:7: DEMO_PUT does not declare 400/],
    ["no default", / {8}default: .*\n/, "", /:24:7: DEMO_PUT does not declare default/],
    [
      "a response that is not there",
      'default: { $ref: "#/components/responses/Problem"',
      'default: { $ref: "#/components/responses/None"',
      /:34:9: response default of DEMO_PUT refers to nothing/,
    ],
    [
      "an unbounded parameter",
      /schema: \{ type: string, maxLength: 64 \}\n {2}resp/,
      "schema: { type: string }\n  resp",
      /:43:7: parameter ID is a string without a maximum/,
    ],
    [
      "an unbounded header",
      /schema: \{ type: string, maxLength: 64 \}\n {8}"400"/,
      'schema: { type: string }\n        "400"',
      /:32:15: header ETag of .* without a maximum/,
    ],
    ["an uncited parameter", "      description: The thing addressed.\n", "", /:37:5: parameter ID has no description/],
    [
      "a body without a name",
      "schema: { $ref: messages/DemoPutRequest.yaml }\n",
      "schema: { type: object }\n",
      /:23:13: .* has a schema without a name/,
    ],
    [
      "octets with another schema",
      "application/json:\n            schema: { $ref: messages/DemoPutRequest.yaml }\n",
      "application/octet-stream:\n            schema: { type: string, format: binary, maxLength: 9 }\n",
      /:23:13: .* has a schema without a name/,
    ],
    [
      "a parameter that is octets",
      "schema: { type: string, maxLength: 64 }\n  resp",
      "schema: { type: string, maxLength: 64, format: binary }\n  resp",
      /:43:\d+: parameter ID cannot be octets/,
    ],
    [
      "another path with other parameters",
      'paths: ["/thing/{ID}"]',
      'paths: ["/thing/{id}"]',
      /:12:27: \/thing\/\{id\} has other parameters/,
    ],
    ["a route without a method", 'routes: ["POST ', 'routes: ["', /:12:52: a route of DEMO_PUT is no "METHOD/],
    [
      "a carrier that leads nowhere",
      "name: /thing/name",
      "name: /thing/title",
      /:16:9: name of DEMO_PUT leads to no member/,
    ],
    ["a secret in a URL", "name: /thing/name", "key: /thing/key", /:16:9: key of DEMO_PUT is a secret/],
    ["a schema that is not listed", / {4}Name: .*\n/, "", /:48:3: demo\/schemas\/Name.yaml is not listed/],
    ["a schema under another name", "    Name: {", "    Title: {", /:50:5: Title refers to Name/],
    [
      "a fallback without an erratum",
      'path: "/thing/{ID}", erratum: E-DEMO-01',
      'path: "/thing/{ID}"',
      /:14:11: x-fallback names no erratum/,
    ],
  ])("%s", (_, from, to, expected) => {
    edit(API, from, to);
    expect(complaints()).toEqual([expect.stringMatching(expected)]);
  });
});

describe("a fault in a schema", () => {
  test.each([
    ["no title", THING, "title: thing\n", "", /:1:1: Thing has no title/],
    [
      "no clause",
      THING,
      /description: A thing\.\nx-clause: "9.0"/,
      "description: A thing.",
      /:1:1: Thing has no x-clause/,
    ],
    ["an uncited property", THING, "    description: Its size.\n", "", /:11:3: Thing.size has no description/],
    [
      "an anonymous object",
      THING,
      "$ref: Name.yaml\n  size",
      "type: object\n  size",
      /:7:3: Thing.name is an object without a name/,
    ],
    [
      "anonymous items",
      THING,
      "items: { $ref: Name.yaml }",
      "items: { type: object }",
      /:22:5: Thing.tags \(items\) is an object without/,
    ],
    [
      "a string without a maximum",
      PART,
      "    maxLength: 64\n",
      "",
      /:12:3: DemoPutRequestThing.key is a string without/,
    ],
    ["an array without a maximum", THING, "    maxItems: 8\n", "", /:17:3: Thing.tags is an array without a maximum/],
    ["a number without a minimum", THING, "    minimum: 0\n", "", /:11:3: Thing.size is a number without a minimum/],
    ["an unsafe integer", THING, "9007199254740991", "9007199254740992", /:16:5: the maximum of Thing.size is unsafe/],
    [
      "a closed object",
      THING,
      "type: object",
      "type: object\nadditionalProperties: false",
      /:5:1: Thing refuses unknown members/,
    ],
    [
      "a required member that is not there",
      THING,
      "required: [name]",
      "required: [name, colour]",
      /:5:18: Thing requires colour/,
    ],
    [
      "a reference into a file",
      THING,
      "$ref: Name.yaml\n",
      "$ref: Name.yaml#/x\n",
      /:10:5: \$ref Name.yaml#\/x leads into a file/,
    ],
    [
      "a reference to nothing",
      THING,
      "items: { $ref: Name.yaml }",
      "items: { $ref: Nam.yaml }",
      /:22:14: \$ref Nam.yaml leads to no file/,
    ],
    ["an unknown element", PART, "x-element: Thing", "x-element: Thong", /:4:1: there is no element Thong/],
    ["a member the element has not", PART, "    x-errata: [E-DEMO-01]\n", "", /:12:3: Thing has no member key/],
    [
      "a member of another type",
      PART,
      "    $ref: ../schemas/Name.yaml",
      "    enum: [a]",
      /:8:3: name differs from that of Thing/,
    ],
    [
      "an unknown erratum",
      REQUEST,
      "x-errata: [E-DEMO-01]",
      "x-errata: [E-DEMO-09]",
      /:10:16: errata.yaml has no entry E-DEMO-09/,
    ],
    [
      "an unknown erratum of a tolerance",
      REQUEST,
      "erratum: [E-DEMO-01]",
      "erratum: E-DEMO-09",
      /:11:32: errata.yaml has no entry E-DEMO-09/,
    ],
    ["a tolerance without an erratum", REQUEST, ", erratum: [E-DEMO-01]", "", /:11:5: x-accept names no erratum/],
    ["no YAML", THING, "title: thing", "title: [", /^demo\/schemas\/Thing.yaml:\d+:\d+: not YAML/],
  ])("%s", (_, file, from, to, expected) => {
    edit(file, from, to);
    const found = complaints().filter((line) => line.startsWith(file));
    expect(found[0]).toMatch(expected);
    expect(found).toHaveLength(1);
  });
});

describe("a fault in a .ksy file", () => {
  test.each([
    ["no document", "  -document: Z.2\n", "", /:1:1: meta has no -document/],
    ["an attribute without doc", "    doc: What it is.\n", "", /:7:5: frame.kind has no doc/],
    ["an attribute without a clause", /( {4}-clause: "8.1"\n) {4}-errata.*\n/, "", /:7:5: frame.kind has no -clause/],
    ["an instance without doc", "    doc: Whether nothing follows.\n", "", /:14:3: frame.short has no doc/],
    ["an enum value without a clause", ', -clause: "8.2"', "", /:20:5: kind::none has no -clause/],
    ["a bare enum value", /0: .*/, "0: none", /:20:5: kind::0 is a bare name/],
    ["an unknown erratum", "E-DEMO-01", "E-DEMO-02", /:12:15: errata.yaml has no entry E-DEMO-02/],
  ])("%s", (_, from, to, expected) => {
    edit(KSY, from, to);
    expect(complaints()).toEqual([expect.stringMatching(expected)]);
  });
});

describe("a fault in an example", () => {
  test.each([
    [
      "a read form that breaks the schema",
      "demo/examples/put.json",
      '"name": "n"',
      '"name": 1',
      /\/thing\/name must be string/,
    ],
    ["a read form that is no JSON", "demo/examples/put.json", "{ ", "", /the read form of put is no JSON/],
    ["a printed form that is JSON after all", "demo/examples/put.txt", /.*/, "{}", /end its name in .json/],
    ["a missing file", INDEX, "put.json", "pot.json", /put has no read form/],
    ["an unknown message", INDEX, "DEMO_PUT", "DEMO_GET", /there is no message DemoGetRequest/],
    ["no clause", INDEX, '  clause: "9.1"\n', "", /put has no clause/],
  ])("%s", (_, file, from, to, expected) => {
    edit(file, from, to);
    expect(complaints()).toEqual([expect.stringMatching(expected)]);
  });
});

test("without errata.yaml the errata are not checked, and the linter says so", () => {
  rmSync(join(root, "errata.yaml"));
  edit(REQUEST, "x-errata: [E-DEMO-01]", "x-errata: [E-DEMO-09]");
  expect(complaints()).toEqual([]);
  expect(lintSpec(root).notes).toEqual([expect.stringContaining("errata were not checked")]);
});

/** A catalogue of two requirements of one clause. */
function addCatalogue(): void {
  cpSync("spec/errata.schema.json", join(root, "errata.schema.json"));
  cpSync("spec/requirements/requirements.schema.json", join(root, "requirements/requirements.schema.json"));
  const entry = (id: string, clause: string) => `- id: ${id}
  doc: X.609.10
  clause: "${clause}"
  level: required
  actor: ums
  statement: "It does ${id}."
  observable: over-the-wire
  how_to_test: "Look."
  depends_on_errata: []
`;
  const all = entry("DS-8.12-01", "8.12") + entry("DS-8.12-a", "8.12 a)") + entry("DS-8.1-a", "8.1 a)");
  writeFileSync(join(root, "requirements/x.609.10.yaml"), all);
}

/** What the linter says, the errata aside: the fixture's are not the catalogue's. */
const complaintsOfIds = () => complaints().filter((line) => !line.startsWith("errata.yaml"));

const carry = (ids: string) =>
  edit(
    API,
    '      x-clause: "9.1"\n      x-accept',
    `      x-clause: "9.1"\n      x-requirements: ${ids}\n      x-accept`,
  );

test("requirements that something carries are in the catalogue", () => {
  carry("DS-1");
  expect(complaints()).toEqual([expect.stringMatching(/:12:7: a list of requirement ids is meant here/)]);
  addCatalogue();
  edit(API, "x-requirements: DS-1", "x-requirements: [DS-8.12-a, DS-8.12-z]");
  edit(KSY, "seq:", "-requirements: [DS-8.12-y]\nseq:");
  expect(complaintsOfIds()).toEqual([
    expect.stringMatching(/^demo\/frame.ksy:\d+:\d+: requirements\/ has no entry DS-8.12-y/),
    expect.stringMatching(/^demo\/openapi.yaml:12:35: requirements\/ has no entry DS-8.12-z/),
  ]);
});

describe("requirements of traced clauses", () => {
  const elsewhere = "  elsewhere: [{ id: DS-8.12-01, reason: A choice of the provider. }]\n";
  test.each<[string, string, string, RegExp[]]>([
    ["all accounted for", "[DS-8.12-a]", elsewhere, []],
    ["one that nothing carries", "[DS-8.1-a]", elsewhere, [/^trace.yaml:1:3: nothing carries DS-8.12-a /]],
    ["one that is carried after all", "[DS-8.12-a, DS-8.12-01]", elsewhere, [/:3:15: DS-8.12-01 is carried after all/]],
    [
      "one of another clause",
      "[DS-8.12-a, DS-8.12-01]",
      "  elsewhere: [{ id: DS-8.1-a, reason: None. }]\n",
      [/:3:15: DS-8.1-a is not among the requirements of X.609.10 8.12/],
    ],
    ["no reason", "[DS-8.12-a]", "  elsewhere: [{ id: DS-8.12-01 }]\n", [/:3:15: DS-8.12-01 has no reason/]],
    [
      "no such clause",
      "[DS-8.12-a, DS-8.12-01]",
      "- { doc: X.609.10, clause: '8.99' }\n",
      [/:3:3: X.609.10 8.99 has no requirement/],
    ],
  ])("%s", (_, ids, rest, expected) => {
    addCatalogue();
    carry(ids);
    writeFileSync(join(root, "trace.yaml"), `- doc: X.609.10\n  clause: "8.12"\n${rest}`);
    expect(complaintsOfIds()).toEqual(expected.map((one) => expect.stringMatching(one)));
  });
});

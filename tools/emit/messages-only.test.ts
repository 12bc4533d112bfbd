import { afterAll, expect, test } from "vitest";
import { compareFacts } from "../diff/compare.js";
import { factsOf } from "../diff/facts.js";
import { loadSpec } from "../model/load.js";
import { emit, problemsOf, removeFolders, type SpecFiles, specFolder } from "../test/spec-folder.js";
import { registry } from "./registry.js";

afterAll(removeFolders);

const schema = (property: string): string => `
title: PING
description: Asks for a sign of life.
x-clause: "8.2"
x-source: field
type: object
required: [number]
properties:
  number: { description: Which one it is., x-clause: "8.2", x-source: project, type: integer, minimum: 0, maximum: ${property} }
`;
const files = (
  maximum = "9",
  entry = 'x-document: X.1\ninfo: { title: Peers, version: "1", description: What peers say. }',
): SpecFiles => ({
  "talk/protocol.yaml": entry,
  "talk/messages/Ping.yaml": schema(maximum),
});

test("a protocol without operations has types and validators, and nothing that speaks HTTP", async () => {
  const output = await emit(await loadSpec(specFolder(files())), { openapi: registry.openapi });
  expect([...output.keys()].filter((path) => path.startsWith("talk/"))).toEqual([
    "talk/index.ts",
    "talk/types.ts",
    "talk/validators.ts",
  ]);
  expect(output.get("talk/index.ts")).not.toContain("client");
  expect(output.get("talk/types.ts")).toContain("Asks for a sign of life. [X.1 8.2 (field)]");
  expect(output.get("talk/types.ts")).toContain("[8.2 (project)]");
});

test("what its schemas allow is compared like that of others", async () => {
  const [before, after] = [await loadSpec(specFolder(files("9"))), await loadSpec(specFolder(files("8")))];
  expect(compareFacts(factsOf(before), factsOf(after))).toEqual([
    { severity: "breaking", subject: "talk schema Ping member number", what: "maximum 9 → 8" },
  ]);
});

test("its entry holds what it is, and no operations", async () => {
  const problems = await problemsOf(files("9", "x-document: X.1\npaths: {}"));
  expect(problems.join()).toContain("key paths is not known here");
  expect((await problemsOf(files("9", "hello"))).join()).toContain("Begin it with x-document");
});

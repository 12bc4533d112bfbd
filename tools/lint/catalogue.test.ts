import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lintCatalogue } from "./catalogue.js";

let spec: string;
beforeEach(() => {
  spec = mkdtempSync(join(tmpdir(), "catalogue-"));
  cpSync("spec/requirements", join(spec, "requirements"), { recursive: true });
  for (const name of ["errata.yaml", "errata.schema.json"]) cpSync(`spec/${name}`, join(spec, name));
});
afterEach(() => rmSync(spec, { recursive: true }));

function edit(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(join(spec, path), "utf8");
  expect(text).toMatch(from);
  writeFileSync(join(spec, path), text.replace(from, to));
}

test("the committed catalogue is sound", () => {
  expect(lintCatalogue(spec)).toEqual([]);
});

test.each([
  ["an unknown level", "requirements/q.4103.yaml", "level: definition", "level: wish", /level must be equal to one of/],
  [
    "a clause without a number",
    "requirements/q.4103.yaml",
    /clause: "[^"]*"/,
    'clause: "somewhere"',
    /clause must match/,
  ],
  [
    "a missing member",
    "requirements/x.609.1.yaml",
    /\n {2}observable: .*/,
    "",
    /must have required property 'observable'/,
  ],
  ["an unknown erratum", "requirements/x.609.8.yaml", "[E-LDMP-06]", "[E-LDMP-99]", /depends on E-LDMP-99/],
  ["an unknown policy", "errata.yaml", "policy: strict", "policy: guess", /suite.policy must be equal to one of/],
  ["an id used twice", "errata.yaml", "id: E-LDMP-02", "id: E-LDMP-01", /E-LDMP-01 is taken by errata.yaml:/],
  [
    "an entry in the wrong file",
    "requirements/x.609.8.yaml",
    "doc: X.609.8",
    "doc: X.609.1",
    /move it to requirements\/x.609.1/,
  ],
  ["readings out of order", "errata.yaml", '"A (8.1 wins)', '"C (8.1 wins)', /letter them A, B, C/],
  ["broken YAML", "errata.yaml", "\n  impact: high", "\n  impact: [high", /./],
])("%s is reported with file and line", (_, path, from, to, message) => {
  edit(path, from, to);
  const problems = lintCatalogue(spec);
  expect(problems[0]).toMatchObject({ file: path, message: expect.stringMatching(message) as string });
  expect(problems[0]?.line).toBeGreaterThan(1);
});

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EXIT, lintCommand } from "./command.js";

let root: string;
let said: string[];
const output = { log: (line: string) => said.push(line), error: (line: string) => said.push(`! ${line}`) };

beforeEach(() => {
  said = [];
  root = mkdtempSync(join(tmpdir(), "lint-"));
  cpSync("tools/lint/fixtures", root, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

test("a sound spec exits with 0 and says how much was looked at", async () => {
  expect(await lintCommand(["--spec", root], output)).toBe(EXIT.sound);
  expect(said).toEqual([expect.stringMatching(/^\S+: \d+ files, nothing to complain about$/)]);
});

test("a faulty spec exits with 1 and lists file and line of each fault on stderr", async () => {
  writeFileSync(join(root, "demo/schemas/Name.yaml"), "title: name\ndescription: Name.\ntype: string\n");
  expect(await lintCommand(["--spec", root], output)).toBe(EXIT.problems);
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/^! .*\/demo\/schemas\/Name\.yaml:1:1: Name has no x-clause/);
  expect(said[0]).toMatch(/\/demo\/schemas\/Name\.yaml:1:1: Name is a string without a maximum/);
  expect(said[1]).toBe("! 2 problems");
});

test.each([
  ["a folder that is not there", ["--spec", "nowhere"], /nowhere: no such folder/],
  ["an unknown option", ["--sepc", "spec"], /sepc/],
])("%s exits with 2 and teaches the usage", async (_, args, expected) => {
  expect(await lintCommand(args, output)).toBe(EXIT.usage);
  expect(said.join("\n")).toMatch(expected);
  expect(said.join("\n")).toMatch(/usage: npm run spec:lint/);
});

// Seven protocols by now: seconds on an idle machine, more beside other work.
test("the project's own spec passes Redocly too", { timeout: 120_000 }, async () => {
  expect(await lintCommand([], output)).toBe(EXIT.sound);
});

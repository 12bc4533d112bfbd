import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runRedocly } from "./redocly.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "redocly-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

test("a fault in OpenAPI itself is reported at its line", async () => {
  write("api.yaml", ["openapi: 3.1.0", "info: { title: Demo, version: '1' }", "paths:", "  /things:", "    fetch: {}"]);
  const config = write("redocly.yaml", ["apis: { demo: { root: api.yaml } }", "rules: { struct: error }"]);
  const problems = await runRedocly(config);
  expect(problems).toEqual([
    {
      position: { file: expect.stringMatching(/api\.yaml$/), line: 5, column: 1 },
      message: expect.stringMatching(/fetch.*\(Redocly: struct\)/),
    },
  ]);
});

test("a configuration that Redocly cannot use is an error, not a clean bill", async () => {
  const config = write("redocly.yaml", ["apis: { demo: { root: nowhere.yaml } }"]);
  await expect(runRedocly(config)).rejects.toThrow(/Redocly did not finish/);
});

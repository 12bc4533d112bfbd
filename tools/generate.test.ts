import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { registry } from "./emit/registry.js";
import { generate } from "./generate.js";
import { loadSpec } from "./model/load.js";
import type { JsonValue } from "./model/model.js";
import { staleReport } from "./output/report.js";
import { emit, openapi, removeFolders, specFolder } from "./test/spec-folder.js";

const packageRoot = join(import.meta.dirname, "..");

/** The same data with every map's keys in another order. */
function shuffled(value: JsonValue, seed: { state: number }): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => shuffled(item, seed));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Record<string, JsonValue>);
  for (let i = entries.length - 1; i > 0; i--) {
    seed.state = (Math.imul(seed.state, 1103515245) + 12345) >>> 0;
    const j = seed.state % (i + 1);
    const [a, b] = [entries[i], entries[j]];
    if (a !== undefined && b !== undefined) [entries[i], entries[j]] = [b, a];
  }
  return Object.fromEntries(entries.map(([key, member]) => [key, shuffled(member, seed)]));
}

afterAll(removeFolders);

describe("the output", () => {
  it("is the same bytes whatever the order of keys, the layout and the comments of the spec", {
    timeout: 120_000,
  }, async () => {
    const spec = await loadSpec(join(packageRoot, "spec"));
    const seed = { state: 1 };
    // The order in a .ksy, and in the data beside it, is that of the octets and of its author.
    const unordered = spec.files.filter(({ path }) => !spec.ksy.some(({ name }) => path.startsWith(`spec/${name}/`)));
    const files = Object.fromEntries(
      unordered.map(({ path, value }) => [
        path.replace(/^spec\//, ""),
        `# another layout\n${stringify(shuffled(value, seed), { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE" })}`,
      ]),
    );
    const copy = specFolder({});
    cpSync(spec.root, copy, { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(copy, path), text);
    const before = await emit(spec, registry);
    const after = await emit(await loadSpec(copy), registry);
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [path, content] of before) expect(after.get(path), path).toBe(content);
  });
});

describe("generate", () => {
  let out: string;
  let spec: string;
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), "mp2p-out-"));
    spec = specFolder({
      "toy/openapi.yaml": openapi(
        "    Toy: { type: object, x-clause: '1', properties: { name: { type: string, maxLength: 9, x-clause: '1' } } }",
        `  /toys/{ID}:
    put:
      operationId: TOY_PUT
      x-clause: "2"
      parameters: [{ name: ID, in: path, required: true, schema: { type: string } }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Toy' } } } }
      responses: { "200": { description: Kept., content: { application/json: { schema: { $ref: '#/components/schemas/Toy' } } } } }`,
      ),
    });
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  const run = (check: boolean) => generate({ spec, out, check, packageRoot });

  it("writes a folder that needs nothing but itself", async () => {
    const { changes } = await run(false);
    expect(changes.every(({ kind }) => kind === "new")).toBe(true);
    expect(readdirSync(join(out, "toy")).sort()).toEqual(
      expect.arrayContaining(["client.ts", "index.ts", "readers.ts", "server.ts", "types.ts", "validators.ts"]),
    );
    for (const { path, after } of changes.filter((change) => change.path.endsWith(".ts"))) {
      for (const [, from = ""] of after.matchAll(/ from "([^"]+)"/g)) {
        if (!from.startsWith(".")) {
          expect(from, path).toMatch(/^(node:|express$)/);
          continue;
        }
        const target = join(out, path, "..", from.replace(/\.js$/, ".ts"));
        expect(existsSync(target), `${path} imports ${from}`).toBe(true);
      }
    }
  });

  it("regression: a mistake below --spec was placed where there is no such file", async () => {
    const bad = specFolder({ "toy/openapi.yaml": "openapi: 3.0.0\n" });
    const main = join(import.meta.dirname, "generate.ts");
    const loader = join(import.meta.dirname, "test/run-typescript.mjs");
    const { status, stderr } = spawnSync(process.execPath, ["--import", loader, main, "--spec", bad, "--out", out], {
      encoding: "utf8",
    });
    expect(stderr).toContain(`${bad}/toy/openapi.yaml:1:1: `);
    expect(status).toBe(1);
  });

  it("then finds nothing to do, and touches nothing", async () => {
    const file = join(out, "toy/types.ts");
    const before = statSync(file).mtimeMs;
    expect((await run(false)).changes).toEqual([]);
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it("tells what is stale, how, and what to run; and writes nothing when checking", async () => {
    const file = join(out, "toy/types.ts");
    const edited = readFileSync(file, "utf8").replace("name?: string;", "name?: number;");
    writeFileSync(file, edited);
    writeFileSync(join(out, "toy/gone.ts"), "// Generated by mp2p@0.0.1 (types).\n");
    writeFileSync(join(out, "toy/mine.ts"), "// written by hand\n");
    const { changes } = await run(true);
    expect(changes.map(({ path, kind }) => [path, kind])).toEqual([
      ["toy/gone.ts", "obsolete"],
      ["toy/types.ts", "changed"],
    ]);
    const report = staleReport(changes, "generated", "npm run generate");
    expect(report).toContain("generated/toy/gone.ts: no longer generated");
    expect(report).toContain("    -  name?: number;\n    +  name?: string;");
    expect(report).toMatch(/2 generated files are stale\. Run `npm run generate` and commit the result\.$/);
    expect(readFileSync(file, "utf8")).toBe(edited);
  });

  it("says what changed in the spec since", async () => {
    const file = join(spec, "toy/openapi.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("maxLength: 9", "maxLength: 8"));
    const { specChanges } = await run(true);
    writeFileSync(file, text);
    expect(specChanges).toEqual([
      { severity: "breaking", subject: "toy schema Toy member name", what: "maxLength 9 → 8" },
    ]);
    expect((await run(true)).specChanges).toEqual([]);
  });

  it("removes what is no longer generated, and only that", async () => {
    await run(false);
    expect(existsSync(join(out, "toy/gone.ts"))).toBe(false);
    expect(existsSync(join(out, "toy/mine.ts"))).toBe(true);
    expect((await run(true)).changes).toEqual([]);
  });
});

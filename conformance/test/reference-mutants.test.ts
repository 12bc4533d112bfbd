import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { isRequirement } from "../engine/catalogue.js";
import { entities } from "../entities.js";
import { mutants } from "./reference-mutants/all.js";
import { missing, stale, unbreakable } from "./reference-mutants/completeness.js";
import { editsOf } from "./reference-mutants/mutant.js";
import { seed } from "./reference-mutants/seed-text.mjs";

/** What the parser alone has to say; transpiling hundreds of modules would take a minute. */
type Parsed = ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] };

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe("every seeded defect", () => {
  test("has an id of its own that begins with its entity", () => {
    const ids = mutants.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(mutants.filter(({ id, entity }) => !id.startsWith(`${entity}/`)).map(({ id }) => id)).toEqual([]);
  });

  test("breaks statements that a case of its entity claims", () => {
    const wrong = mutants.flatMap(({ id, entity, breaks }) => {
      const claimed = new Set<string>(entities[entity].cases.flatMap(({ requirements }) => requirements));
      return breaks.filter((one) => !isRequirement(one) || !claimed.has(one)).map((one) => `${id}: ${one}`);
    });
    expect(wrong).toEqual([]);
  });

  test("finds its place in the reference, once, and leaves TypeScript behind", { timeout: 120_000 }, () => {
    const texts = new Map<string, string>();
    const wrong = mutants.flatMap((mutant) => {
      const edits = editsOf(mutant);
      return [...new Set(edits.map(({ file }) => file))].flatMap((file) => {
        if (!texts.has(file)) texts.set(file, readFileSync(root(file), "utf8"));
        try {
          const text = seed(
            texts.get(file) as string,
            mutant.id,
            edits.filter((one) => one.file === file),
          );
          const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022) as Parsed;
          return source.parseDiagnostics.map(({ messageText }) => {
            return `${mutant.id}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
          });
        } catch (error) {
          return [String(error)];
        }
      });
    });
    expect(wrong).toEqual([]);
  });
});

describe("what is judged over the wire", () => {
  test("has a defect that breaks it, or a reason why none can, for each required statement and definition", () => {
    expect(missing()).toEqual([]);
  });

  test("has no reason where a defect breaks it", () => {
    expect(stale()).toEqual([]);
    expect(unbreakable.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });
});

describe("what is shipped", () => {
  const names = /MP2P_DEFECT|reference-mutants/;

  test("is compiled without the defects and without the switch", () => {
    const configuration = ts.readConfigFile(root("tsconfig.json"), ts.sys.readFile).config as object;
    const { fileNames } = ts.parseJsonConfigFileContent(configuration, ts.sys, root("."));
    expect(fileNames.length).toBeGreaterThan(100);
    expect(fileNames.filter((name) => /conformance\/(test|selftest)\//.test(name))).toEqual([]);
    expect(fileNames.filter((name) => names.test(readFileSync(name, "utf8")))).toEqual([]);
  });

  test("is packed without them", () => {
    const { files } = JSON.parse(readFileSync(root("package.json"), "utf8")) as { files: string[] };
    expect(files).toContain("!dist/conformance/test");
    expect(files).toContain("!dist/conformance/selftest");
    expect(files.filter((one) => /^(conformance|tools|impl)(\/\*|\/?$|\/test)/.test(one))).toEqual([]);
  });
});

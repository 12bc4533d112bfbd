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

  test("finds its place in the reference, once, and leaves TypeScript behind", () => {
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
          const { diagnostics = [] } = ts.transpileModule(text, {
            reportDiagnostics: true,
            compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
          });
          return diagnostics.map(
            ({ messageText }) => `${mutant.id}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
          );
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

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnySchema } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Catalogue, CatalogueFile } from "../model/catalogue.js";
import { readCatalogue } from "../model/catalogue.js";

/** A mistake in the spec: where it is (path below the spec folder), what it is and what to do. */
export interface CatalogueProblem {
  file: string;
  line: number;
  message: string;
}

/** Checks spec/requirements and spec/errata.yaml; an empty list means that they are sound, or absent. */
export function lintCatalogue(specDir: string): CatalogueProblem[] {
  const catalogue = readCatalogue(specDir);
  if (!catalogue) return [];
  const syntax = [...catalogue.requirements, catalogue.errata].flatMap((file) =>
    file.errors.map(({ line, message }) => ({ file: file.path, line, message })),
  );
  if (syntax.length > 0) return syntax;
  const shape = [
    ...catalogue.requirements.flatMap((file) =>
      checkShape(file, readSchema(specDir, "requirements/requirements.schema.json")),
    ),
    ...checkShape(catalogue.errata, readSchema(specDir, "errata.schema.json")),
  ];
  return shape.length > 0 ? shape : [...checkIds(catalogue), ...checkReferences(catalogue)];
}

function readSchema(specDir: string, path: string): AnySchema {
  const file = join(specDir, path);
  if (!existsSync(file)) throw new Error(`${path} is missing: the catalogue cannot be checked without its schema`);
  return JSON.parse(readFileSync(file, "utf8")) as AnySchema;
}

function checkShape<Entry extends { id?: string }>(file: CatalogueFile<Entry>, schema: AnySchema): CatalogueProblem[] {
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  if (validate(file.entries)) return [];
  return (validate.errors ?? []).map((error) => {
    const [, index = "0", ...member] = error.instancePath.split("/");
    const at = Number(index);
    const allowed: unknown = error.params.allowedValues ?? error.params.additionalProperty;
    const name = file.entries[at]?.id ?? `entry ${at + 1}`;
    const message = `${name}: ${member.join(".") || "the entry"} ${error.message}${allowed === undefined ? "" : ` (${String(allowed)})`}`;
    return { file: file.path, line: file.lines[at] ?? 1, message };
  });
}

/** Ids are cited for ever, so no two entries may share one, and a requirement stands in the file of its document. */
function checkIds(catalogue: Catalogue): CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  const first = new Map<string, string>();
  for (const file of [...catalogue.requirements, catalogue.errata]) {
    for (const [index, entry] of file.entries.entries()) {
      const line = file.lines[index] ?? 1;
      const earlier = first.get(entry.id);
      if (earlier) {
        problems.push({
          file: file.path,
          line,
          message: `${entry.id} is taken by ${earlier}; use the next free number`,
        });
      }
      first.set(entry.id, `${file.path}:${line}`);
      const home = `requirements/${entry.doc.toLowerCase()}.yaml`;
      if (file !== catalogue.errata && file.path !== home) {
        problems.push({ file: file.path, line, message: `${entry.id} is of ${entry.doc}; move it to ${home}` });
      }
    }
  }
  return problems;
}

function checkReferences(catalogue: Catalogue): CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  const errata = new Set(catalogue.errata.entries.map(({ id }) => id));
  for (const file of catalogue.requirements) {
    for (const [index, entry] of file.entries.entries()) {
      for (const id of entry.depends_on_errata.filter((id) => !errata.has(id))) {
        problems.push({
          file: file.path,
          line: file.lines[index] ?? 1,
          message: `${entry.id} depends on ${id}, which errata.yaml does not have; correct the id or add the erratum`,
        });
      }
    }
  }
  for (const [index, entry] of catalogue.errata.entries.entries()) {
    const letters = entry.readings.map((reading) => reading[0]).join("");
    if (letters !== "ABCDEFGH".slice(0, letters.length)) {
      problems.push({
        file: catalogue.errata.path,
        line: catalogue.errata.lines[index] ?? 1,
        message: `${entry.id}: readings are lettered ${letters}; letter them A, B, C in order`,
      });
    }
  }
  return problems;
}

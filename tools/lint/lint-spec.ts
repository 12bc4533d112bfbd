/** All of the project's own rules over one spec folder. */
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { readCatalogue } from "../model/catalogue.js";
import { Cursor, isObject } from "../model/cursor.js";
import type { Problem } from "../model/problem.js";
import { parseSpecFile } from "../model/spec-file.js";
import { lintCatalogue } from "./catalogue.js";
import { checkErrata, checkRequirements } from "./citations.js";
import { checkExamples } from "./examples.js";
import { checkKsy } from "./ksy.js";
import { checkOpenApi } from "./openapi.js";
import { checkSchemaFile } from "./schemas.js";
import { readSpecTree, toPosix } from "./spec-tree.js";
import { checkTrace } from "./trace.js";

export interface LintResult {
  readonly problems: readonly Problem[];
  /** What was not checked, and why. */
  readonly notes: readonly string[];
  /** Files looked at. */
  readonly files: number;
}

/** @param root the spec folder, as its user would name it */
export function lintSpec(root: string): LintResult {
  const tree = readSpecTree(root);
  const notes: string[] = [];
  const errata = knownErrata(root);
  if (errata === undefined)
    notes.push(`${posix.join(toPosix(root), "errata.yaml")} is not there: errata were not checked.`);
  const requirements = knownRequirements(root);

  // A file that is no YAML has its own problem already; rules on its content would only add noise.
  for (const path of tree.files.keys()) {
    const cursor = tree.cursor(path);
    if (cursor === undefined || cursor.value === null) continue;
    const [protocol = "", folder = ""] = path.split("/");
    if (path.endsWith("/openapi.yaml")) checkOpenApi(cursor, tree);
    else if (path.endsWith(".ksy")) checkKsy(cursor);
    else if (path.endsWith("/examples/index.yaml")) checkExamples(cursor, protocol, tree);
    else if (folder === "schemas" || folder === "messages") {
      if (isObject(cursor.value)) checkSchemaFile(cursor, tree);
      else cursor.problem("a schema is meant here. Write an object with title, description, x-clause and type.");
    }
    checkErrata(cursor, errata);
    checkRequirements(cursor, requirements);
  }
  checkTrace(tree);
  const catalogue = lintCatalogue(root).map(({ file, line, message }) => ({
    position: { file: posix.join(toPosix(root), file), line, column: 1 },
    message,
  }));
  return { problems: [...tree.problems, ...catalogue], notes, files: tree.files.size };
}

/** Ids of errata.yaml; undefined where there is none. Whether the file itself is sound is the catalogue's check. */
function knownErrata(root: string): ReadonlySet<string> | undefined {
  const path = join(root, "errata.yaml");
  if (!existsSync(path)) return undefined;
  const file = parseSpecFile(path, path, readFileSync(path, "utf8"), []);
  return new Set(new Cursor(file, [], file.value, []).items().map((entry) => String(entry.get("id").value)));
}

/** Ids of requirements/; undefined where there is no catalogue. */
function knownRequirements(root: string): ReadonlySet<string> | undefined {
  const entries = readCatalogue(root)?.requirements.flatMap((file) => file.entries);
  return entries && new Set(entries.map((entry) => String(entry?.id)));
}

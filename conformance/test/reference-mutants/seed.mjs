// `MP2P_DEFECT=<id> node --import <this file> impl/cli/main.ts …`: starts the reference system with one seeded defect. The switch
// and the defects exist in this folder alone, which no build and no package takes along.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { compiled } from "../../../tools/test/run-typescript.mjs";
import { seed } from "./seed-text.mjs";

if (isMainThread && process.env.MP2P_DEFECT) {
  const [{ mutants }, { editsOf }] = await Promise.all([import("./all.js"), import("./mutant.js")]);
  const mutant = mutants.find(({ id }) => id === process.env.MP2P_DEFECT);
  if (mutant === undefined) throw new Error(`there is no defect ${process.env.MP2P_DEFECT}`);
  const edits = editsOf(mutant).map((edit) => ({
    ...edit,
    url: new URL(`../../../${edit.file}`, import.meta.url).href,
  }));
  // Registered behind the loader of TypeScript, hence asked before it.
  register(import.meta.url, { data: { id: mutant.id, edits } });
}

let defect = { id: "", edits: [] };

export function initialize(data) {
  if (data !== undefined) defect = data;
}

export async function load(url, context, next) {
  const edits = defect.edits.filter((edit) => edit.url === url);
  if (edits.length === 0) return next(url, context);
  const fileName = fileURLToPath(url);
  const text = seed(readFileSync(fileName, "utf8"), defect.id, edits);
  return { format: "module", source: await compiled(fileName, text), shortCircuit: true };
}

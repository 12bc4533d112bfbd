// `MP2P_DEFECT=<id> node --import <this file> impl/cli/main.ts …`: starts the reference system with one seeded defect. The switch
// and the defects exist in this folder alone, which no build and no package takes along.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { compiled } from "../../../tools/test/run-typescript.mjs";
import { seed } from "./seed-text.mjs";

if (isMainThread && process.env.MP2P_DEFECT) {
  const { mutants } = await import("./all.js");
  const mutant = mutants.find(({ id }) => id === process.env.MP2P_DEFECT);
  if (mutant === undefined) throw new Error(`there is no defect ${process.env.MP2P_DEFECT}`);
  const { id, file, find, replace } = mutant;
  // Registered behind the loader of TypeScript, hence asked before it.
  register(import.meta.url, { data: { id, find, replace, url: new URL(`../../../${file}`, import.meta.url).href } });
}

let defect;

export function initialize(data) {
  defect = data;
}

export async function load(url, context, next) {
  if (url !== defect?.url) return next(url, context);
  const fileName = fileURLToPath(url);
  const text = seed(readFileSync(fileName, "utf8"), defect);
  return { format: "module", source: await compiled(fileName, text), shortCircuit: true };
}

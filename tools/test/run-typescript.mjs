// `node --import <this file> child.ts`: lets a test start this repository's TypeScript as a process of its own, before
// any build and on every supported Node (only later ones strip types themselves). What it compiles is kept for the next
// process, because loading the compiler takes longer than most children live.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

if (isMainThread) register(import.meta.url);

const kept = join(tmpdir(), `mp2p-typescript-${userInfo().uid}`);

/** A `.js` specifier means the `.ts` file that it will be compiled from. */
export function resolve(specifier, context, next) {
  if (/^(\.|file:)/.test(specifier) && specifier.endsWith(".js")) {
    const url = new URL(specifier.replace(/js$/, "ts"), context.parentURL);
    if (existsSync(url)) return { url: url.href, format: "module", shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const fileName = fileURLToPath(url);
  return { format: "module", source: await compiled(fileName, readFileSync(fileName, "utf8")), shortCircuit: true };
}

/** The JavaScript of this text: kept since an earlier process, or compiled and kept. */
export async function compiled(fileName, text) {
  const path = join(kept, `${createHash("sha256").update(fileName).update(text).digest("hex")}.js`);
  if (!existsSync(path)) {
    const output = await compile(fileName, text);
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    // Several children may compile the same file at once: each sees a whole one.
    writeFileSync(`${path}.${process.pid}`, output);
    renameSync(`${path}.${process.pid}`, path);
  }
  return readFileSync(path);
}

async function compile(fileName, text) {
  const { default: typescript } = await import("typescript");
  const compilerOptions = {
    module: typescript.ModuleKind.ESNext,
    target: typescript.ScriptTarget.ES2022,
    inlineSourceMap: true,
  };
  return typescript.transpileModule(text, { fileName, compilerOptions }).outputText;
}

/** Spec folders for tests: files by path, written to a folder of their own. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { GeneratedFile } from "../emit/emitter.js";
import type { Registry } from "../emit/registry.js";
import { runEmitters } from "../emit/run.js";
import { runtimeEmitter } from "../emit/runtime.js";
import { loadSpec } from "../model/load.js";
import type { Protocol, Spec } from "../model/model.js";
import { SpecError } from "../model/problem.js";

export type SpecFiles = Readonly<Record<string, string>>;

const folders: string[] = [];

/** Writes `spec/…` files below a new temporary folder and gives the path of its spec folder. */
export function specFolder(files: SpecFiles): string {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-spec-"));
  folders.push(folder);
  mkdirSync(join(folder, "spec"));
  for (const [path, text] of Object.entries(files)) {
    const absolute = join(folder, "spec", path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  }
  return join(folder, "spec");
}

/** This project's spec of one protocol, without the catalogue, which takes long to read. */
export async function loadProtocol(name: string): Promise<{ spec: Spec; protocol: Protocol }> {
  const folder = specFolder({});
  for (const part of ["common", name]) {
    cpSync(join(import.meta.dirname, "../../spec", part), join(folder, part), { recursive: true });
  }
  const spec = await loadSpec(folder);
  const [protocol] = spec.protocols;
  if (protocol === undefined) throw new Error(`no protocol ${name}`);
  return { spec, protocol };
}

/** Removes every folder made so far; for `afterAll`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** What the loader says about a spec folder: one line per problem, none if it is sound. */
export async function problemsOf(files: SpecFiles): Promise<string[]> {
  try {
    await loadSpec(specFolder(files));
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.message.split("\n");
    throw error;
  }
}

/** Output of some emitters, unformatted, by path. */
export async function emit(spec: Spec, registry: Partial<Registry>): Promise<Map<string, string>> {
  const files = await emitFiles(spec, registry);
  return new Map(files.map(({ path, content }) => [path, content]));
}

function emitFiles(spec: Spec, registry: Partial<Registry>): Promise<GeneratedFile[]> {
  return runEmitters(spec, { openapi: [], ksy: [], catalogue: [], spec: [], ...registry }, { tool: "mp2p@0.0.0" });
}

/** Generates, compiles and loads one module of the output: what a user would import. */
export async function loadGenerated(
  spec: Spec,
  registry: Partial<Registry>,
  module: string,
): Promise<Readonly<Record<string, unknown>>> {
  const runtime = runtimeEmitter(join(import.meta.dirname, "../runtime"));
  const files = await emitFiles(spec, { ...registry, spec: [runtime] });
  const folder = mkdtempSync(join(tmpdir(), "mp2p-generated-"));
  folders.push(folder);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const { path, content } of files) {
    const target = join(folder, path.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transpile(content));
  }
  return (await import(join(folder, module))) as Readonly<Record<string, unknown>>;
}

const transpiled = new Map<string, string>();

function transpile(source: string): string {
  const known = transpiled.get(source);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  transpiled.set(source, outputText);
  return outputText;
}

/** An OpenAPI document around some schemas (YAML, indented by six), with one operation. */
export function openapi(schemas = "", paths = ""): string {
  return `openapi: 3.1.0
x-document: X.1
info: { title: test, version: "1" }
paths:${paths === "" ? " {}" : `\n${paths}`}
${schemas === "" ? "" : `components:\n  schemas:\n${schemas}`}`;
}

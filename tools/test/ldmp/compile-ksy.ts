import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { ksyEmitters } from "../../emit/ksy/index.js";
import { runEmitters } from "../../emit/run.js";
import { runtimeEmitter } from "../../emit/runtime.js";
import type { KsySpec, Spec, SpecFile } from "../../model/model.js";
import type { Problem } from "../../model/problem.js";
import { SpecError } from "../../model/problem.js";
import { parseSpecFile } from "../../model/spec-file.js";

const root = join(import.meta.dirname, "../../..");

/** All output for one .ksy, by path; the runtime is among it. @throws SpecError with what is wrong with it */
export async function emitKsy(
  text: string,
  name = "probe",
  data: Record<string, string> = {},
): Promise<Map<string, string>> {
  const problems: Problem[] = [];
  const parse = (file: string, content: string): SpecFile =>
    parseSpecFile(`spec/${name}/${file}`, join(root, "spec/ldmp", file), content, problems);
  const ksy: KsySpec = {
    name,
    prefix: name.charAt(0).toUpperCase() + name.slice(1),
    ksy: parse(`${name}.ksy`, text),
    data: new Map(Object.entries(data).map(([key, content]) => [key, parse(`${key}.yaml`, content)])),
  };
  if (problems.length > 0) throw new SpecError(problems);
  const spec: Spec = {
    root: join(root, "spec"),
    protocols: [],
    ksy: [ksy],
    catalogue: { requirements: [], errata: undefined },
    files: [],
  };
  const registry = {
    openapi: [],
    ksy: ksyEmitters,
    catalogue: [],
    spec: [runtimeEmitter(join(root, "tools/runtime"))],
  };
  const files = await runEmitters(spec, registry, { tool: "mp2p@test" });
  return new Map(files.map(({ path, content }) => [path, content]));
}

/** Writes the output where Node can run it, and where Kaitai's parser finds its runtime. */
export function install(files: ReadonlyMap<string, string>): { folder: string; url(path: string): string } {
  const folder = mkdtempSync(join(tmpdir(), "mp2p-ksy-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (!path.endsWith(".ts")) continue;
    const { outputText } = ts.transpileModule(content, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(folder, path.replace(/\.ts$/, ".js")), outputText);
  }
  return { folder, url: (path) => pathToFileURL(join(folder, path)).href };
}

/** What the compiler says about the emitted TypeScript, under the strictest of the project's options. */
export function typeErrors(folder: string, paths: readonly string[]): string[] {
  const program = ts.createProgram(
    paths.map((path) => join(folder, path)),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
      types: [],
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noImplicitReturns: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      skipLibCheck: true,
    },
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
}

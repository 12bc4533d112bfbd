import { createRequire } from "node:module";
import type { KsySpec } from "../../model/model.js";
import type { EmitContext, GeneratedFile, KsyEmitter } from "../emitter.js";
import { isCompound } from "./compound/load.js";
import { compoundOf, compoundSource, folderOf, modelOf, sourceOf } from "./generated-file.js";

const require = createRequire(import.meta.url);

interface KaitaiCompiler {
  compile(
    language: string,
    ksy: unknown,
    importer: { importYaml(name: string, mode: string): Promise<unknown> },
    debug: boolean,
  ): Promise<Readonly<Record<string, string>>>;
}

/**
 * The parser that kaitai-struct-compiler makes of the same .ksy: an independent opinion for the tests, and nothing else.
 * It is GPL software, so it stays a development tool, and package.json keeps its output out of the package.
 */
export const kaitaiEmitter: KsyEmitter = {
  name: "ksy-kaitai",
  async emit(spec, context: EmitContext): Promise<GeneratedFile[]> {
    const source = sourceIn(spec, context);
    if (source === undefined) return [];
    // Six megabytes: loaded when there is something to compile.
    const compiler = require("kaitai-struct-compiler") as KaitaiCompiler;
    const importer = { importYaml: (name: string) => Promise.reject(new Error(`imports are not supported: ${name}`)) };
    let output: Readonly<Record<string, string>>;
    try {
      output = await compiler.compile("javascript", structuredClone(spec.ksy.value), importer, false);
    } catch (error) {
      const { text, path } = explain(error);
      context.problem(spec.ksy.at(path), `the Kaitai compiler refuses this: ${text}. Correct it.`);
      return [];
    }
    const banner = context.banner(source).map((line) => `// ${line}`);
    return Object.entries(output).map(([name, code]) => ({
      // A UMD module under "type": "module" has to be called .cjs.
      path: `${folderOf(spec)}/kaitai/${name.replace(/\.js$/, ".cjs")}`,
      content: `${banner.join("\n")}\n${code.trimEnd()}\n`,
    }));
  },
};

function sourceIn(spec: KsySpec, context: EmitContext) {
  if (isCompound(spec)) {
    const compound = compoundOf(spec, context);
    return compound === undefined ? undefined : compoundSource(spec, compound);
  }
  const model = modelOf(spec, context);
  return model === undefined ? undefined : sourceOf(spec, model);
}

/** The compiler throws Scala objects; their text starts with the place: `ldmp: /seq/3/type: …`. */
function explain(error: unknown): { text: string; path: string[] } {
  const text = (error instanceof Error ? error.message : String(error)).trim();
  const place = /^[^:\n]*:?\s*\/([\w/-]+):\s*([\s\S]*)$/.exec(text);
  if (place === null) return { text, path: [] };
  const [, path = "", rest = ""] = place;
  return { text: rest.replaceAll(/\s*\n\s*/g, " ").trim(), path: path.split("/") };
}

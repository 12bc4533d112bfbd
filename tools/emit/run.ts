/** Runs every registered emitter over a spec. */
import type { Spec } from "../model/model.js";
import { compareText, type Problem, SpecError } from "../model/problem.js";
import { bannerLines } from "../print/banner.js";
import { createPrinter } from "../print/printer.js";
import type { EmitContext, Emitter, GeneratedFile } from "./emitter.js";
import type { Registry } from "./registry.js";

export interface RunOptions {
  /** `mp2p@0.1.0` */
  readonly tool: string;
  /** Shown in banners when set. */
  readonly options?: string;
}

/**
 * All output, sorted by path, not yet formatted.
 *
 * @throws SpecError with what the emitters found wrong with the spec
 */
export async function runEmitters(spec: Spec, registry: Registry, run: RunOptions): Promise<GeneratedFile[]> {
  const problems: Problem[] = [];
  const files = new Map<string, GeneratedFile>();
  const writers = new Map<string, string>();

  async function emit<Input>(emitters: readonly Emitter<Input>[], inputs: readonly Input[]): Promise<void> {
    for (const emitter of emitters) {
      const context = createContext(emitter.name, run, problems);
      for (const input of inputs) {
        for (const file of await emitter.emit(input, context)) {
          const other = writers.get(file.path);
          if (other !== undefined) throw new Error(`the emitters ${other} and ${emitter.name} both write ${file.path}`);
          writers.set(file.path, emitter.name);
          files.set(file.path, file);
        }
      }
    }
  }

  await emit(registry.openapi, spec.protocols);
  await emit(registry.ksy, spec.ksy);
  await emit(registry.catalogue, spec.catalogue.requirements.length > 0 ? [spec.catalogue] : []);
  await emit(registry.spec, [spec]);
  if (problems.length > 0) throw new SpecError(problems);
  return [...files.values()].sort((a, b) => compareText(a.path, b.path));
}

function createContext(emitter: string, { tool, options }: RunOptions, problems: Problem[]): EmitContext {
  const banner: EmitContext["banner"] = (source) =>
    bannerLines({ tool, emitter, ...(options === undefined ? {} : { options }), ...source });
  return {
    tool,
    banner,
    printer: (source) => createPrinter(banner(source)),
    problem: (position, message) => problems.push({ position, message }),
  };
}

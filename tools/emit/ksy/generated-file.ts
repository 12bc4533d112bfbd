import { clauseRange } from "../../model/clause.js";
import type { KsySpec } from "../../model/model.js";
import type { Problem } from "../../model/problem.js";
import type { Printer } from "../../print/printer.js";
import type { EmitContext, GeneratedFile } from "../emitter.js";
import { isCompound, loadCompound } from "./compound/load.js";
import type { Compound } from "./compound/model.js";
import type { KsyModel } from "./ksy-model.js";
import { loadKsy } from "./load-ksy.js";
import { fieldsOf } from "./typescript-names.js";

/** Where one .ksy's output goes: `ldmp/`, or `hybrid-peer/frame/` for the second file of a folder. */
export function folderOf(spec: KsySpec): string {
  return spec.ksy.name === spec.name ? spec.name : `${spec.name}/${spec.ksy.name}`;
}

/** The model, with every problem handed to the run; undefined when there is one. */
export function modelOf(spec: KsySpec, context: EmitContext): KsyModel | undefined {
  const problems: Problem[] = [];
  const model = loadKsy(spec, problems);
  for (const { position, message } of problems) context.problem(position, message);
  return model;
}

/** The same for a file with `types`. */
export function compoundOf(spec: KsySpec, context: EmitContext): Compound | undefined {
  const problems: Problem[] = [];
  const model = loadCompound(spec, problems);
  for (const { position, message } of problems) context.problem(position, message);
  return model;
}

/** What the banner says of a model's source. */
export function compoundSource(spec: KsySpec, model: Compound): { source: string; hash: string; clauses: string } {
  const cited = [
    ...[model.root, ...model.types].flatMap(({ fields }) => fields),
    ...model.enums.flatMap(({ values }) => values),
  ];
  const range = clauseRange(cited.map(({ clause }) => clause));
  return { source: spec.ksy.path, hash: spec.ksy.hash, clauses: `${model.document} ${range}` };
}

export function sourceOf(spec: KsySpec, model: KsyModel): { source: string; hash: string; clauses: string } {
  const cited = [...fieldsOf(model), ...model.enums.flatMap(({ values }) => values)];
  const range = clauseRange(cited.map(({ clause }) => clause));
  return { source: spec.ksy.path, hash: spec.ksy.hash, clauses: `${model.document} ${range}` };
}

/** One TypeScript file printed from the model: that of a message of one type, or of several. */
export function generatedFile(
  spec: KsySpec,
  context: EmitContext,
  name: string,
  print: (model: KsyModel, printer: Printer) => void,
  printCompound: (model: Compound, printer: Printer) => void,
): GeneratedFile[] {
  if (isCompound(spec)) {
    const compound = compoundOf(spec, context);
    if (compound === undefined) return [];
    const printer = context.printer(compoundSource(spec, compound));
    printCompound(compound, printer);
    return [{ path: `${folderOf(spec)}/${name}`, content: printer.toString() }];
  }
  const model = modelOf(spec, context);
  if (model === undefined) return [];
  const printer = context.printer(sourceOf(spec, model));
  print(model, printer);
  return [{ path: `${folderOf(spec)}/${name}`, content: printer.toString() }];
}

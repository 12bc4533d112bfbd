import { clauseRange } from "../../model/clause.js";
import type { KsySpec } from "../../model/model.js";
import type { Problem } from "../../model/problem.js";
import type { Printer } from "../../print/printer.js";
import type { EmitContext, GeneratedFile } from "../emitter.js";
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

/** What the banner says of a model's source. */
export function sourceOf(spec: KsySpec, model: KsyModel): { source: string; hash: string; clauses: string } {
  const cited = [...fieldsOf(model), ...model.enums.flatMap(({ values }) => values)];
  const range = clauseRange(cited.map(({ clause }) => clause));
  return { source: spec.ksy.path, hash: spec.ksy.hash, clauses: `${model.document} ${range}` };
}

/** One TypeScript file printed from the model. */
export function generatedFile(
  spec: KsySpec,
  context: EmitContext,
  name: string,
  print: (model: KsyModel, printer: Printer) => void,
): GeneratedFile[] {
  const model = modelOf(spec, context);
  if (model === undefined) return [];
  const printer = context.printer(sourceOf(spec, model));
  print(model, printer);
  return [{ path: `${folderOf(spec)}/${name}`, content: printer.toString() }];
}

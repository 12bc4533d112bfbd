import { propertyName } from "../../print/printer.js";
import type { EmitContext, GeneratedFile, KsyEmitter } from "../emitter.js";
import { printErrors } from "./compound/print-errors.js";
import { folderOf, generatedFile } from "./generated-file.js";
import type { IntegerField, KsyModel, OctetsField } from "./ksy-model.js";
import { allowedText, fieldsOf } from "./typescript-names.js";

/** The codec's error class, and what its messages say about each field. */
export const errorsEmitter: KsyEmitter = {
  name: "ksy-errors",
  emit: (spec, context: EmitContext): GeneratedFile[] =>
    generatedFile(
      spec,
      context,
      "errors.ts",
      (model, printer) => {
        const from = `${runtimePath(folderOf(spec))}codec.js`;
        printer.import("CodecError", from);
        printer.import("createFaults", from);
        printer.import("FieldInfo", from, { type: true });
        const name = `${model.prefix}Error`;
        printer.jsDoc(
          `Octets that are no ${model.id.toUpperCase().replaceAll("_", " ")} message, or a message that cannot be encoded: \`code\`, \`field\`, \`offset\` and \`clause\` say why.`,
        );
        printer.block(`export class ${name} extends CodecError`, () => {
          printer.print(`override name = ${printer.string(name)};`);
        });
        printer.print("", `export const faults = createFaults(${name});`, "");
        printer.block(
          "export const fields = {",
          () => {
            for (const field of fieldsOf(model)) {
              printer.print(`${propertyName(field.name)}: ${printer.string(fieldInfo(model, field))},`);
            }
          },
          "} as const satisfies Record<string, FieldInfo>;",
        );
      },
      (model, printer) => printErrors(model, printer, runtimePath(folderOf(spec))),
    ),
};

/** `../runtime/` as seen from a folder of the output. */
export function runtimePath(folder: string): string {
  return `${"../".repeat(folder.split("/").length)}runtime/`;
}

function fieldInfo(model: KsyModel, field: IntegerField | OctetsField): object {
  const base = { name: field.name, clause: `${model.document} ${field.clause}` };
  if (field.kind === "octets") {
    const { size } = field;
    if (size.rest !== undefined) return { ...base, max: 0xffffffff };
    return { ...base, max: size.field === undefined ? size.plus : size.field.max + size.plus };
  }
  const allowed = allowedText(field.valid);
  return {
    ...base,
    max: field.max,
    ...(field.errorCode === undefined ? {} : { error: field.errorCode }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(field.fatal ? { fatal: true } : {}),
  };
}

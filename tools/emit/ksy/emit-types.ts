import { memberAccess, type Printer, propertyName } from "../../print/printer.js";
import type { EmitContext, GeneratedFile, KsyEmitter } from "../emitter.js";
import { printTypes as printCompoundTypes } from "./compound/print-types.js";
import { printExpression } from "./expression.js";
import { generatedFile } from "./generated-file.js";
import type { IntegerField, KsyEnum, KsyInstance, KsyModel } from "./ksy-model.js";
import { citation, integersOf, isClosed, valueEnums } from "./typescript-names.js";

/** The message, its header, and the enums with the names of their values. */
export const typesEmitter: KsyEmitter = {
  name: "ksy-types",
  emit: (spec, context: EmitContext): GeneratedFile[] =>
    generatedFile(
      spec,
      context,
      "types.ts",
      (model, printer) => {
        for (const type of valueEnums(model)) printEnum(model, type, printer);
        for (const param of model.params) {
          printer.jsDoc({ text: `${param.doc} ${listValues(param.enum)}`, clause: citation(model, param) });
          const options = param.enum.values.map((value) => printer.string(value.original)).join(" | ");
          printer.print(`export type ${param.enum.name} = ${options};`, "");
        }
        printMessage(model, printer);
        printHeader(model, printer);
        for (const type of valueEnums(model)) printNames(model, type, printer);
        for (const instance of model.instances) printInstance(model, instance, printer);
      },
      printCompoundTypes,
    ),
};

function listValues(type: KsyEnum): string {
  return type.values.map(({ original, doc }) => `${original}: ${doc}`).join(" ");
}

function printEnum(model: KsyModel, type: KsyEnum, printer: Printer): void {
  const fields = integersOf(model).filter((field) => field.enum === type);
  const first = fields[0] ?? model.instances.find((instance) => instance.enum === type);
  printer.jsDoc(first === undefined ? {} : { text: first.doc, clause: citation(model, first) });
  const hex = type.values.some(({ value }) => value > 15);
  printer.block(
    `export const ${type.name} = {`,
    () => {
      for (const value of type.values) {
        printer.jsDoc({ text: `${value.original}: ${value.doc}`, clause: citation(model, value) });
        printer.print(`${propertyName(value.name)}: ${number(value.value, hex)},`);
      }
    },
    "} as const;",
  );
  if (isClosed(model, type)) {
    printer.print(`export type ${type.name} = (typeof ${type.name})[keyof typeof ${type.name}];`, "");
    return;
  }
  printer.print("");
  printer.jsDoc(`The values that ${type.name} lists.`);
  printer.print(`export type Known${type.name} = (typeof ${type.name})[keyof typeof ${type.name}];`, "");
  printer.jsDoc("Any value that the field can hold; the listed ones have names.");
  printer.print(`export type ${type.name} = Known${type.name} | (number & {});`, "");
}

function number(value: number, hex: boolean): string {
  return hex ? `0x${value.toString(16).padStart(2, "0")}` : String(value);
}

function printMessage(model: KsyModel, printer: Printer): void {
  printer.jsDoc({ text: model.doc, clause: citation(model, model) });
  printer.block(`export interface ${model.prefix}Message`, () => {
    for (const segment of model.segments) {
      const optional = segment.condition === undefined ? "" : " | undefined";
      for (const field of segment.kind === "run" ? segment.fields : [segment.field]) {
        if (field.kind === "integer" && field.lengthOf !== undefined) continue;
        printer.jsDoc({ text: `${field.doc}${sizeNote(field)}`, clause: citation(model, field) });
        printer.print(`${propertyName(field.name)}: ${fieldType(field)}${optional};`);
      }
    }
  });
  printer.print("");
}

function sizeNote(field: { readonly kind: string; readonly width?: number }): string {
  return field.kind === "integer"
    ? ` ${field.width} bits.`
    : " From `decode` a view of the octets decoded: copy what must outlive them.";
}

function fieldType(field: { readonly kind: "integer" | "octets"; readonly enum?: KsyEnum | undefined }): string {
  if (field.kind === "octets") return "Uint8Array";
  return field.enum === undefined ? "number" : field.enum.name;
}

/** The first run, as `peekHeader` gives it: unchecked, so every field is a plain number. */
function printHeader(model: KsyModel, printer: Printer): void {
  const head = model.segments[0];
  if (head?.kind !== "run") return;
  printer.jsDoc("The fields that every message starts with, as they stand there: nothing about them has been checked.");
  printer.block(`export interface ${model.prefix}Header`, () => {
    for (const field of head.fields) {
      printer.print(`${propertyName(field.name)}: number;`);
    }
  });
  printer.print("");
}

function printNames(model: KsyModel, type: KsyEnum, printer: Printer): void {
  const field = integersOf(model).find((one) => one.enum === type);
  const variable = `${lower(type.name)}Names`;
  printer.block(
    `const ${variable}: Readonly<Record<number, string>> = {`,
    () => {
      for (const value of type.values) {
        printer.print(`[${type.name}${memberAccess(value.name)}]: ${printer.string(value.original)},`);
      }
    },
    "};",
  );
  printer.print("");
  const unnamed = fallback(model, field);
  printer.jsDoc({
    text: `How people write a ${type.name}: ${example(type)}. A value without a name is written ${unnamed.note}.`,
  });
  printer.block(`export function ${lower(type.name)}Name(value: number): string`, () => {
    printer.print(`return ${variable}[value] ?? ${unnamed.text};`);
  });
  printer.print("");
  if (field !== undefined && !isClosed(model, type)) {
    printer.jsDoc(`Is the value one that ${type.name} lists?`);
    printer.block(`export function isKnown${type.name}(value: number): value is Known${type.name}`, () => {
      printer.print(`return ${variable}[value] !== undefined;`);
    });
    printer.print("");
  }
}

function example(type: KsyEnum): string {
  const last = type.values.at(-1);
  return last === undefined ? "" : `${last.value} is "${last.original}"`;
}

/** `-display: "{code_class}.{code_detail:2}"` as a template literal over the bits of the value. */
function fallback(model: KsyModel, field: IntegerField | undefined): { text: string; note: string } {
  if (field?.display === undefined) return { text: "String(value)", note: "as a number" };
  const text = field.display.replaceAll(/\{([a-z_0-9]+)(?::(\d+))?\}/g, (_, id: string, digits?: string) => {
    const instance = model.instances.find((one) => one.id === id);
    const call = instance === undefined ? "value" : `${instance.name}(value)`;
    return digits === undefined ? `\${${call}}` : `\${String(${call}).padStart(${digits}, "0")}`;
  });
  return { text: `\`${text}\``, note: `like its neighbours, without a name` };
}

/** Part of a field, as a function of the field: `codeClass(code)`. */
function printInstance(model: KsyModel, instance: KsyInstance, printer: Printer): void {
  if (instance.bits === undefined) return;
  const body = printExpression(instance.expression, {
    name: () => "value",
    enumValue: () => "0",
    not: (operand) => `!${operand}`,
    binary: (operator, left, right) => `${left} ${operator === ">>" ? ">>>" : operator} ${right}`,
  });
  printer.jsDoc({ text: instance.doc, clause: citation(model, instance) });
  printer.block(`export function ${instance.name}(value: number): number`, () => printer.print(`return ${body};`));
  printer.print("");
}

function lower(name: string): string {
  return memberAccess(name).slice(1).charAt(0).toLowerCase() + name.slice(1);
}

import type { Printer } from "../../../print/printer.js";
import { propertyName } from "../../../print/printer.js";
import type { Compound, Enum, Field, Struct } from "./model.js";
import { membersOf } from "./model.js";

/** Names of enums, one interface per type, and the message. */
export function printTypes(model: Compound, printer: Printer): void {
  for (const type of model.enums) printEnum(model, type, printer);
  for (const type of model.types) printStruct(model, type, printer);
  printer.jsDoc({ text: model.doc, clause: model.citation });
  if (model.choice === undefined) {
    printMembers(model, model.root, printer);
    return;
  }
  printer.print(
    `export type ${model.root.typeName} = ${model.choice.cases.map(({ type }) => type.typeName).join(" | ")};`,
  );
}

/** `typeValues`: the numbers behind the names. */
export function valuesOf(type: Enum): string {
  return `${type.name.charAt(0).toLowerCase()}${type.name.slice(1)}Values`;
}

function printEnum(model: Compound, type: Enum, printer: Printer): void {
  const user = [model.root, ...model.types]
    .flatMap(({ fields }) => fields)
    .find((field) => field.kind === "number" && field.enum === type);
  printer.jsDoc(user === undefined ? `Numbers of ${type.name}.` : { text: user.doc, clause: user.citation });
  printer.block(
    `export const ${valuesOf(type)} = {`,
    () => {
      for (const value of type.values) {
        printer.jsDoc({ text: value.doc, clause: value.citation });
        printer.print(`${propertyName(value.original)}: ${value.value},`);
      }
    },
    "} as const;",
  );
  printer.print(`export type ${type.name} = keyof typeof ${valuesOf(type)};`, "");
}

function printStruct(model: Compound, type: Struct, printer: Printer): void {
  printer.jsDoc({ text: type.doc, clause: type.citation });
  printMembers(model, type, printer);
  printer.print("");
}

function printMembers(model: Compound, type: Struct, printer: Printer): void {
  const chosen = model.choice?.cases.find((one) => one.type === type);
  printer.block(`export interface ${type.typeName}`, () => {
    if (chosen !== undefined) {
      printer.print(`readonly ${propertyName(model.choice?.on.name ?? "")}: ${printer.string(chosen.value.original)};`);
    }
    for (const field of membersOf(type)) {
      printer.jsDoc({ text: `${field.doc}${note(field)}`, clause: field.citation });
      printer.print(`readonly ${propertyName(field.name)}: ${typeOf(field)};`);
    }
  });
}

function typeOf(field: Field): string {
  switch (field.kind) {
    case "number":
      return field.enum?.name ?? (field.boolean ? "boolean" : "number");
    case "octets":
      return "Uint8Array";
    case "text":
      return "string";
    case "list":
      return `readonly ${field.item.typeName}[]`;
    case "struct":
      return field.type.typeName;
    case "choice":
      throw new Error("a choice is no member");
  }
}

function note(field: Field): string {
  switch (field.kind) {
    case "number":
      return field.enum !== undefined || field.boolean
        ? ""
        : ` From ${field.least} to ${field.most === Number.MAX_SAFE_INTEGER ? "2^53 - 1" : field.most}.`;
    case "octets":
      return `${typeof field.size === "number" ? ` ${field.size} octets.` : ""} From \`decode\` a view of the octets decoded: copy what must outlive them.`;
    default:
      return "";
  }
}

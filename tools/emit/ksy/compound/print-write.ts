import { memberAccess } from "../../../print/printer.js";
import type { CompoundPrinter } from "./emit.js";
import { type Field, headSize, type NumberField, type Struct } from "./model.js";
import { valuesOf } from "./print-types.js";

/** For messages that `measure` has passed; octets that end the message are left to the caller. */
export function printWrite(code: CompoundPrinter): void {
  const { model, printer } = code;
  const { choice, root } = model;
  printer.jsDoc(
    "For messages that `measure` has passed with this size, and targets with room for them. Leaves out the octets that end the message.",
  );
  if (choice === undefined) {
    printStruct(code, root, "write", ", _size: number");
  } else {
    const { on, size } = choice;
    printer.block(
      `function write(message: ${root.typeName}, target: Uint8Array, start: number, size: number): number`,
      () => {
        printer.print("let at = start;");
        for (const field of root.fields) {
          if (field.kind !== "number") continue;
          const less = headSize(model) + size.plus;
          const length = less === 0 ? "size" : `size - ${less}`;
          const type = `${on.enum === undefined ? "" : printer.import(valuesOf(on.enum), "./types.js")}[message${memberAccess(on.name)}]`;
          const value = field === size.field ? length : field === on ? type : String(field.least);
          put(code, field.octets, value);
        }
        printer.block(`switch (message${memberAccess(on.name)})`, () => {
          for (const { value, type } of choice.cases) {
            printer.print(
              `case ${printer.string(value.original)}:`,
              `  return write${type.typeName}(message, target, at);`,
            );
          }
        });
      },
    );
    printer.print("");
  }
  for (const type of model.types) printStruct(code, type, `write${type.typeName}`);
}

function put({ printer, runtime }: CompoundPrinter, octets: NumberField["octets"], value: string): void {
  printer.print(`at = ${printer.import(`put${octets}`, `${runtime}compound.js`)}(target, at, ${value});`);
}

function printStruct(code: CompoundPrinter, type: Struct, name: string, more = ""): void {
  const { printer } = code;
  const empty = type.fields.length === 0;
  const parameters = `${empty ? "_message" : "message"}: ${type.typeName}, ${empty ? "_target" : "target"}: Uint8Array, start: number${more}`;
  printer.block(`function ${name}(${parameters}): number`, () => {
    printer.print(empty ? "return start;" : "let at = start;");
    for (const field of type.fields) writeField(code, type, field);
    if (!empty) printer.print("return at;");
  });
  printer.print("");
}

function writeField(code: CompoundPrinter, type: Struct, field: Field): void {
  const { printer, runtime } = code;
  const from = `${runtime}compound.js`;
  const value = `message${memberAccess(field.name)}`;
  switch (field.kind) {
    case "number":
      put(code, field.octets, numberToWrite(code, type, field));
      return;
    case "octets":
      if (field.size !== "rest") printer.print(`at = ${printer.import("putOctets", from)}(target, at, ${value});`);
      return;
    case "text":
      printer.print(`at = ${printer.import("putText", from)}(target, at, ${value});`);
      return;
    case "list":
      printer.print(`for (const item of ${value}) at = write${field.item.typeName}(item, target, at);`);
      return;
    case "struct":
      printer.print(`at = write${field.type.typeName}(${value}, target, at);`);
      return;
    case "choice":
      return;
  }
}

function numberToWrite({ printer, runtime }: CompoundPrinter, type: Struct, field: NumberField): string {
  const own = `message${memberAccess(field.name)}`;
  if (field.use === "constant") return String(field.least);
  if (field.use === "member") {
    if (field.enum !== undefined) return `${printer.import(valuesOf(field.enum), "./types.js")}[${own}]`;
    return field.boolean ? `${own} ? 1 : 0` : own;
  }
  for (const other of type.fields) {
    const value = `message${memberAccess(other.name)}`;
    if (other.kind === "list" && other.count === field) return `${value}.length`;
    if ((other.kind !== "octets" && other.kind !== "text") || typeof other.size === "number" || other.size === "rest")
      continue;
    if (other.size.field !== field) continue;
    const octets =
      other.kind === "octets"
        ? `${value}.length`
        : `${printer.import("textLength", `${runtime}compound.js`)}(${value})`;
    const { plus } = other.size;
    return plus === 0 ? octets : plus < 0 ? `${octets} + ${-plus}` : `${octets} - ${plus}`;
  }
  throw new Error(`${field.id} counts nothing`);
}

import { memberAccess } from "../../../print/printer.js";
import { localName } from "../typescript-names.js";
import type { CompoundPrinter } from "./emit.js";
import { type Field, headSize, membersOf, type Size, type Struct, tailOf } from "./model.js";
import { infoName } from "./print-errors.js";
import { valuesOf } from "./print-types.js";

/** encode, encodeParts, encodeInto, encodedLength: everything is checked before anything is written. */
export function printEncode(code: CompoundPrinter): void {
  const { model, printer, runtime } = code;
  const errors = `@throws ${model.prefix}Error ERR_RANGE, ERR_PRESENCE or the field's own code`;
  printer.import("allocate", `${runtime}codec.js`);
  printer.import("createChecks", `${runtime}compound.js`);
  printer.print("const checks = createChecks(faults);", "");
  const message = `message: ${model.root.typeName}`;
  const tails = model.choice?.cases.some(({ type }) => tailOf(type) !== undefined) ?? tailOf(model.root) !== undefined;
  printer.jsDoc({ text: "The octets of a message.", tags: [errors] });
  printer.block(`export function encode(${message}): Uint8Array`, () => {
    printer.print(
      "const size = measure(message);",
      "const target = allocate(size);",
      "write(message, target, 0, size);",
    );
    if (tails)
      printer.print(
        "const tail = tailOf(message);",
        "if (tail !== undefined) target.set(tail, target.length - tail.length);",
      );
    printer.print("return target;");
  });
  printer.print("");
  if (tails) {
    printer.jsDoc({
      text: "The octets of a message without a copy of those that end it: its head and, where there are such, the octets as they are in the message.",
      tags: [errors],
    });
    printer.block(`export function encodeParts(${message}): readonly Uint8Array[]`, () => {
      printer.print(
        "const size = measure(message);",
        "const tail = tailOf(message);",
        "const target = allocate(size - (tail?.length ?? 0));",
        "write(message, target, 0, size);",
        "return tail === undefined || tail.length === 0 ? [target] : [target, tail];",
      );
    });
    printer.print("");
  }
  printer.jsDoc({
    text: "Writes a message into `target` from `offset` on and gives back how many octets it took. Nothing is written when it throws.",
    tags: [`${errors}, ERR_SPACE when it does not fit`],
  });
  printer.block(`export function encodeInto(${message}, target: Uint8Array, offset: number): number`, () => {
    printer.print("const size = measure(message);");
    printer.block("if (!(Number.isInteger(offset) && offset >= 0 && offset + size <= target.length))", () => {
      printer.print(
        `throw faults.space(fields.root.${model.root.fields[0]?.name}, size, Math.max(0, target.length - offset), 0);`,
      );
    });
    printer.print("write(message, target, offset, size);");
    if (tails)
      printer.print(
        "const tail = tailOf(message);",
        "if (tail !== undefined) target.set(tail, offset + size - tail.length);",
      );
    printer.print("return size;");
  });
  printer.print("");
  printer.jsDoc({ text: "Octets that `encode` would give, after the same checks.", tags: [errors] });
  printer.block(`export function encodedLength(${message}): number`, () => printer.print("return measure(message);"));
  printer.print("");
  if (tails) printTail(code);
  if (model.choice === undefined) printStruct(code, model.root, "measure");
  else printChoice(code);
  for (const type of model.types) printStruct(code, type, `measure${type.typeName}`);
}

function printTail({ model, printer }: CompoundPrinter): void {
  printer.jsDoc("The octets that end the message, where they do.");
  printer.block(`function tailOf(message: ${model.root.typeName}): Uint8Array | undefined`, () => {
    if (model.choice === undefined) {
      printer.print(`return message${memberAccess(tailOf(model.root)?.name ?? "")};`);
      return;
    }
    printer.block(`switch (message${memberAccess(model.choice.on.name)})`, () => {
      for (const { value, type } of model.choice?.cases ?? []) {
        const tail = tailOf(type);
        if (tail === undefined) continue;
        printer.print(`case ${printer.string(value.original)}:`, `  return message${memberAccess(tail.name)};`);
      }
      printer.print("default:", "  return undefined;");
    });
  });
  printer.print("");
}

function printChoice({ model, printer }: CompoundPrinter): void {
  const { choice, root } = model;
  if (choice?.on.enum === undefined) return;
  const { on, size } = choice;
  const values = printer.import(valuesOf(choice.on.enum), "./types.js");
  printer.block(`function measure(message: ${root.typeName}): number`, () => {
    printer.print(`checks.struct(message, ${infoName(model, root, choice)});`);
    printer.print(`checks.named(message${memberAccess(on.name)}, ${values}, ${infoName(model, root, on)});`);
    for (const field of root.fields) {
      if (field.kind !== "number" || field.use !== "member") continue;
      throw new Error(`${field.id}: a member beside a choice`);
    }
    printer.print("const body = measureBody(message);");
    const announced = size.plus === 0 ? "body" : size.plus < 0 ? `body + ${-size.plus}` : `body - ${size.plus}`;
    printer.print(`checks.number(${announced}, ${infoName(model, root, size.field)});`);
    printer.print(`return ${headSize(model)} + body;`);
  });
  printer.print("");
  printer.block(`function measureBody(message: ${root.typeName}): number`, () => {
    printer.block(`switch (message${memberAccess(on.name)})`, () => {
      for (const { value, type } of choice.cases) {
        printer.print(`case ${printer.string(value.original)}:`, `  return measure${type.typeName}(message);`);
      }
    });
  });
  printer.print("");
}

/** Checks one type and gives its octets. */
function printStruct(code: CompoundPrinter, type: Struct, name: string): void {
  const { model, printer } = code;
  const members = membersOf(type);
  const used = members.length > 0;
  printer.block(`function ${name}(${used ? "message" : "_message"}: ${type.typeName}): number`, () => {
    let fixed = 0;
    const growing: string[] = [];
    for (const field of type.fields) {
      if (field.kind === "number") fixed += field.octets;
      const info = infoName(model, type, field);
      const value = `message${memberAccess(field.name)}`;
      const local = localName(field);
      switch (field.kind) {
        case "number":
          if (field.use !== "member") break;
          if (field.enum !== undefined) {
            printer.print(`checks.named(${value}, ${printer.import(valuesOf(field.enum), "./types.js")}, ${info});`);
          } else printer.print(`checks.${field.boolean ? "flag" : "number"}(${value}, ${info});`);
          break;
        case "octets":
          if (typeof field.size === "number") {
            printer.print(`checks.octets(${value}, ${info}, ${field.size});`);
            fixed += field.size;
            break;
          }
          printer.print(`const ${local} = checks.octets(${value}, ${info});`);
          checkLength(code, type, local, field.size);
          growing.push(local);
          break;
        case "text":
          printer.print(`const ${local} = checks.text(${value}, ${info});`);
          checkLength(code, type, local, field.size);
          growing.push(local);
          break;
        case "list":
          printer.print(`${field.count === "rest" ? "" : `const ${local} = `}checks.list(${value}, ${info});`);
          if (field.count !== "rest") printer.print(`checks.number(${local}, ${infoName(model, type, field.count)});`);
          break;
        case "struct":
          printer.print(`checks.struct(${value}, ${info});`);
          growing.push(`measure${field.type.typeName}(${value})`);
          break;
        case "choice":
          break;
      }
    }
    const lists = type.fields.filter((field): field is Extract<Field, { kind: "list" }> => field.kind === "list");
    const total = [String(fixed), ...growing].join(" + ");
    if (lists.length === 0) {
      printer.print(`return ${total};`);
      return;
    }
    printer.print(`let size = ${total};`);
    for (const { name: member, item } of lists) {
      printer.print(`for (const item of message${memberAccess(member)}) size += measure${item.typeName}(item);`);
    }
    printer.print("return size;");
  });
  printer.print("");
}

function checkLength(
  { model, printer }: CompoundPrinter,
  type: Struct,
  octets: string,
  size: Exclude<Size, number>,
): void {
  if (size === "rest") return;
  const { field, plus } = size;
  const value = plus === 0 ? octets : plus < 0 ? `${octets} + ${-plus}` : `${octets} - ${plus}`;
  printer.print(`checks.number(${value}, ${infoName(model, type, field)});`);
}

import { propertyName } from "../../../print/printer.js";
import { localName } from "../typescript-names.js";
import type { CompoundPrinter } from "./emit.js";
import {
  type Field,
  headOffset,
  headSize,
  membersOf,
  type NumberField,
  type Size,
  type Struct,
  tailOf,
} from "./model.js";
import { infoName } from "./print-errors.js";
import { valuesOf } from "./print-types.js";

/** decode, and a reader for each type. */
export function printDecode(code: CompoundPrinter): void {
  const { model, printer, runtime } = code;
  const { root, choice } = model;
  printer.import("FieldReader", `${runtime}compound.js`);
  printer.block("export interface DecodeOptions", () => {
    printer.jsDoc(
      "What to do with octets behind the message: refuse them, which is the default, or leave them out of account. `encodedLength` of the message tells how many were used.",
    );
    printer.print(`readonly trailing?: "refuse" | "ignore";`);
  });
  printer.print("");
  printer.jsDoc({
    text: "The message that `bytes` holds. Its octet fields are views of `bytes`, nothing is copied.",
    tags: [`@throws ${model.prefix}Error ERR_TRUNCATED, ERR_TRAILING or the code of the field that is wrong`],
  });
  printer.block(`export function decode(bytes: Uint8Array, options?: DecodeOptions): ${root.typeName}`, () => {
    printer.print(`return readWhole(bytes, 0, bytes.length, options?.trailing !== "ignore");`);
  });
  printer.print("");
  printer.block(
    `function readWhole(bytes: Uint8Array, start: number, end: number, exact: boolean): ${root.typeName}`,
    () => {
      printer.print(
        "const reader = new FieldReader(bytes, start, end, faults);",
        "const message = readMessage(reader);",
      );
      const last = infoName(model, root, root.fields.at(-1) as Field);
      if (choice !== undefined) {
        printer.print(`reader.done(${last});`);
        printer.print(
          `if (exact && reader.used < end - start) throw faults.trailing(${last}, end - start - reader.used, reader.used);`,
        );
      } else printer.print(`if (exact) reader.done(${last});`);
      printer.print("return message;");
    },
  );
  printer.print("");
  if (choice === undefined) printReader(code, root, "readMessage");
  else printChoice(code);
  for (const type of model.types) printReader(code, type, `read${type.typeName}`);
  if (choice !== undefined) printFraming(code);
}

function printChoice(code: CompoundPrinter): void {
  const { model, printer } = code;
  const { root, choice } = model;
  if (choice === undefined) return;
  printer.block(`function readMessage(reader: FieldReader): ${root.typeName}`, () => {
    for (const field of root.fields) if (field.kind === "number") readNumber(code, root, field);
    const { field, plus } = choice.size;
    printer.print(`reader.limit(${sum(localName(field), plus)}, ${infoName(model, root, choice)});`);
    printer.block(`switch (${localName(choice.on)})`, () => {
      for (const { value, type } of choice.cases)
        printer.print(`case ${value.value}:`, `  return read${type.typeName}(reader);`);
      printer.print(
        "default:",
        `  throw faults.value(${infoName(model, root, choice.on)}, ${localName(choice.on)}, reader.used);`,
      );
    });
  });
  printer.print("");
}

function sum(name: string, plus: number): string {
  return plus === 0 ? name : `${name} ${plus > 0 ? "+" : "-"} ${Math.abs(plus)}`;
}

/** A number in a variable where it is a member or others need it; else only checked. */
function readNumber({ model, printer }: CompoundPrinter, type: Struct, field: NumberField): void {
  const value = `reader.u${field.octets}(${infoName(model, type, field)})`;
  printer.print(field.use === "constant" ? `${value};` : `const ${localName(field)} = ${value};`);
}

function printReader(code: CompoundPrinter, type: Struct, name: string): void {
  const { model, printer } = code;
  const empty = type.fields.length === 0;
  printer.block(`function ${name}(${empty ? "_reader" : "reader"}: FieldReader): ${type.typeName}`, () => {
    for (const field of type.fields) {
      if (field.kind === "number") readNumber(code, type, field);
      else readOther(code, type, field);
    }
    const chosen = model.choice?.cases.find((one) => one.type === type);
    const members = membersOf(type).map((field) => {
      const local = localName(field);
      const value = field.kind === "number" ? memberOf(code, field) : local;
      return value === field.name ? field.name : `${propertyName(field.name)}: ${value}`;
    });
    if (chosen !== undefined)
      members.unshift(`${propertyName(model.choice?.on.name ?? "")}: ${printer.string(chosen.value.original)}`);
    printer.print(`return { ${members.join(", ")} };`);
  });
  printer.print("");
}

function memberOf({ printer }: CompoundPrinter, field: NumberField): string {
  if (field.enum !== undefined) {
    const { name } = field.enum;
    printer.import(valuesOf(field.enum), "./types.js");
    return `${namesOf(name)}[${localName(field)}] as ${printer.import(name, "./types.js", { type: true })}`;
  }
  return field.boolean ? `${localName(field)} === 1` : localName(field);
}

/** `peerRoleNames`: the names behind the numbers. */
export function namesOf(enumName: string): string {
  return `${enumName.charAt(0).toLowerCase()}${enumName.slice(1)}Names`;
}

function sizeIn(size: Size): string {
  if (typeof size === "number") return String(size);
  return size === "rest" ? "reader.left" : sum(localName(size.field), size.plus);
}

function readOther({ model, printer }: CompoundPrinter, type: Struct, field: Exclude<Field, NumberField>): void {
  const info = infoName(model, type, field);
  const local = localName(field);
  switch (field.kind) {
    case "octets":
    case "text":
      printer.print(`const ${local} = reader.${field.kind}(${sizeIn(field.size)}, ${info});`);
      return;
    case "list": {
      const item = printer.import(field.item.typeName, "./types.js", { type: true });
      printer.print(`const ${local}: ${item}[] = [];`);
      const loop =
        field.count === "rest" ? "while (reader.left > 0)" : `for (let i = 0; i < ${localName(field.count)}; i++)`;
      printer.print(`${loop} ${local}.push(read${field.item.typeName}(reader));`);
      return;
    }
    case "struct":
      printer.print(`const ${local} = read${field.type.typeName}(reader);`);
      return;
    case "choice":
      return;
  }
}

/** What a stream decoder asks: how long is this message, is it already wrong, what is wrong; and which messages come in parts. */
function printFraming(code: CompoundPrinter): void {
  const { model, printer, runtime } = code;
  const { root, choice } = model;
  if (choice === undefined) return;
  const error = printer.import(`${model.prefix}Error`, "./errors.js", { type: true });
  const where = "bytes: Uint8Array, start: number, end: number";
  const head = headSize(model);
  printer.jsDoc(
    "Octets that the message at `start` takes at least, as far as the octets before `end` tell. Exact as soon as that many are there. Judges no values.",
  );
  printer.block(`export function needed(${where}): number`, () => {
    printer.print(`if (end - start < ${head}) return ${head};`);
    const { field, plus } = choice.size;
    printer.import("get4", `${runtime}compound.js`);
    if (field.octets !== 4) throw new Error(`${field.id}: a length of other than four octets`);
    printer.print(`return ${head} + Math.max(0, ${sum(`get4(bytes, start + ${headOffset(model, field)})`, plus)});`);
  });
  printer.print("");
  printer.jsDoc(
    "What the octets that have arrived already show to be wrong, whatever follows; undefined when nothing is.",
  );
  printer.block(`export function check(${where}): ${error} | undefined`, () => {
    printer.print(`if (end - start < ${head}) return undefined;`, `return caught(() => {`);
    printer.print(`  const reader = new FieldReader(bytes, start, end, faults);`);
    for (const field of root.fields) {
      if (field.kind === "number") printer.print(`  reader.u${field.octets}(${infoName(model, root, field)});`);
    }
    printer.print("});");
  });
  printer.print("");
  printer.jsDoc("The message that fills `start` to `end`; undefined when it is wrong: `fault` says why.");
  printer.block(`export function read(${where}): ${root.typeName} | undefined`, () => {
    printer.block("try", () => printer.print("return readWhole(bytes, start, end, true);"), "} catch (error) {");
    printer.print(
      `  if (error instanceof ${printer.import(`${model.prefix}Error`, "./errors.js")}) return undefined;`,
      "  throw error;",
      "}",
    );
  });
  printer.print("");
  printer.jsDoc("Why `read` refuses these octets.");
  printer.block(`export function fault(${where}): ${error}`, () => {
    const last = infoName(model, root, choice);
    printer.print("const wrong = caught(() => readWhole(bytes, start, end, true));");
    printer.print(`return wrong ?? faults.trailing(${last}, 0, end - start);`);
  });
  printer.print("");
  printer.block(`function caught(action: () => unknown): ${error} | undefined`, () => {
    printer.block("try", () => printer.print("action();", "return undefined;"), "} catch (error) {");
    printer.print(`  if (error instanceof ${error}) return error;`, "  throw error;", "}");
  });
  printer.print("");
  printParts(code);
}

function printParts(code: CompoundPrinter): void {
  const { model, printer, runtime } = code;
  const { choice, root } = model;
  const found = choice?.cases.filter(({ type }) => tailOf(type)?.partsAt !== undefined) ?? [];
  const [one] = found;
  const tail = one === undefined ? undefined : tailOf(one.type);
  if (choice === undefined || one === undefined || tail?.partsAt === undefined) return;
  if (found.length > 1 || one.type.fields.some((field) => field.kind !== "number" && field !== tail)) {
    throw new Error("parts of more than one type, or behind more than numbers");
  }
  const before = headSize(model);
  const head = one.type.fields.reduce((total, field) => total + (field.kind === "number" ? field.octets : 0), before);
  const framing = printer.import("PartFraming", `${runtime}stream-decoder.js`, { type: true });
  const error = printer.import(`${model.prefix}Error`, "./errors.js", { type: true });
  printer.jsDoc(`A ${one.type.original} that has not arrived whole, handed over in parts.`);
  printer.block(
    `export const parts: ${framing}<${root.typeName}, ${error}> = {`,
    () => {
      const at = headOffset(model, choice.on);
      if (choice.on.octets !== 1) throw new Error(`${choice.on.id}: more than one octet`);
      printer.print(
        `head: (bytes, start, end) => (end - start >= ${before} && bytes[start + ${at}] === ${one.value.value} ? ${head} : 0),`,
      );
      printer.print(
        `open: (bytes, start, end) => read${one.type.typeName}(new FieldReader(bytes, start + ${before}, end, faults)),`,
      );
      const offset = tail.partsAt?.name ?? "";
      printer.block(
        "part(message, from, octets) {",
        () => {
          printer.print(
            `if (message${`.${choice.on.name}`} !== ${printer.string(one.value.original)}) return message;`,
          );
          printer.print(`return { ...message, ${offset}: message.${offset} + from, ${tail.name}: octets };`);
        },
        "},",
      );
      printer.print(`cutOff: (missing) => faults.truncated(${infoName(model, one.type, tail)}, missing, ${head}),`);
    },
    "};",
  );
}

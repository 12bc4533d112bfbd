import { propertyName } from "../../print/printer.js";
import { type CodecPrinter, printParams } from "./emit-codec.js";
import { octetAt, octetsOfField, readInteger, sharedOctet } from "./integers.js";
import type { Blob, IntegerField, OctetsField, Run } from "./ksy-model.js";
import { declareInstances, expressionPrinter, validPrinter } from "./print-encode.js";
import { fieldsIn, isClosed, localName, membersOf, refusal } from "./typescript-names.js";

/** decode, the reader it shares with the stream decoder, and peekHeader. */
export function printDecode(code: CodecPrinter): void {
  const { model, printer } = code;
  printer.jsDoc({
    text: "The message that `bytes` holds. Its octet fields are views of `bytes`, nothing is copied.",
    tags: [`@throws ${model.prefix}Error ERR_TRUNCATED, ERR_TRAILING or the code of the field that is wrong`],
  });
  printer.block(`export function decode(bytes: Uint8Array, options?: DecodeOptions): ${code.message}`, () => {
    printParams(code);
    const whole = `bytes, 0, bytes.length${code.passParams}`;
    printer.print(`const message = read(${whole}, options?.trailing !== "ignore");`);
    printer.print(`if (message === undefined) throw fault(${whole});`, "return message;");
  });
  printer.print("");
  printRead(code);
  printPeek(code);
}

/**
 * The reader only says that something is wrong, and `fault` looks for the reason: so it stays below the size up to
 * which V8 inlines a function, which is worth a third of its time.
 */
function printRead(code: CodecPrinter): void {
  const { model, printer } = code;
  printer.jsDoc(
    "The message from `start` on, or undefined when it is wrong: `fault` says why. `exact` when it has to fill the octets up to `end`.",
  );
  const signature = `bytes: Uint8Array, start: number, end: number${code.takeParams}, exact: boolean`;
  printer.block(`export function read(${signature}): ${code.message} | undefined`, () => {
    const known = new Set<string>();
    const [head, ...rest] = model.segments;
    if (head?.kind !== "run") return;
    const refuse = "return undefined;";
    printer.print(`if (end - start < ${head.size}) ${refuse}`);
    readHead(code, head, refuse, known);
    printer.print(`let at = start + ${head.size};`);
    for (const segment of rest) {
      if (segment.condition !== undefined) declareInstances(code, segment.condition, known);
      if (segment.kind === "run") readRun(code, segment, refuse, known);
      else readBlob(code, segment, refuse);
    }
    printer.print(`if (exact && at !== end) ${refuse}`);
    printer.block(
      "return {",
      () => {
        for (const field of membersOf(model)) printer.print(memberLine(code, head, field));
      },
      "};",
    );
  });
  printer.print("");
}

function memberLine(code: CodecPrinter, head: Run, field: IntegerField | OctetsField): string {
  const cast = field.kind === "integer" && field.enum !== undefined ? castTo(code, field) : "";
  const inHead = field.kind === "integer" && head.fields.includes(field);
  if (inHead && !isKept(code, field)) {
    const value = readInteger(field, octetReader(head, "start"));
    const bracketed = cast === "" ? value : `(${value})`;
    return `${propertyName(field.name)}: ${cast === "" ? unbracket(bracketed) : bracketed}${cast},`;
  }
  const local = localName(field);
  const value = `${local}${cast}`;
  return value === field.name ? `${value},` : `${propertyName(field.name)}: ${value},`;
}

/** Enums that name every possible value are narrower than number. */
function castTo({ model, printer }: CodecPrinter, field: IntegerField): string {
  return field.enum === undefined || !isClosed(model, field.enum)
    ? ""
    : ` as ${printer.import(field.enum.name, "./types.js", { type: true })}`;
}

/** Fields that need a variable: checked, or used by what comes after them. */
function isKept({ model }: CodecPrinter, field: IntegerField): boolean {
  if (field.valid !== undefined || field.lengthOf !== undefined) return true;
  const conditions = model.segments.map(({ condition }) => condition);
  const checks = model.segments
    .flatMap((segment) => (segment.kind === "run" ? segment.fields : []))
    .map(({ valid }) => (valid?.kind === "expression" ? valid.expression : undefined));
  return [...conditions, ...checks].some((expression) => fieldsIn(model, expression).includes(field));
}

/** Reads octets through variables where fields share one. */
function octetReader(run: Run, base: string): (octet: number) => string {
  return (octet) => (isShared(run, octet) ? sharedOctet(octet) : `(bytes[${octetAt(base, octet)}] as number)`);
}

function isShared(run: Run, octet: number): boolean {
  return run.fields.filter((field) => octetsOfField(field).includes(octet)).length > 1;
}

/** Variables for the kept fields of the first run, and one test for all of them. */
function readHead(code: CodecPrinter, run: Run, refuse: string, known: Set<string>): void {
  const { printer } = code;
  for (let octet = 0; octet < run.size; octet++) {
    if (isShared(run, octet))
      printer.print(`const ${sharedOctet(octet)} = bytes[${octetAt("start", octet)}] as number;`);
  }
  const kept = run.fields.filter((field) => isKept(code, field));
  for (const field of kept) {
    printer.print(`const ${localName(field)} = ${unbracket(readInteger(field, octetReader(run, "start")))};`);
  }
  printRefusals(code, kept, refuse, known);
}

/** One test for the values that the fields do not take. */
function printRefusals(code: CodecPrinter, fields: readonly IntegerField[], refuse: string, known: Set<string>): void {
  const refused = fields.map((field) => refusal(field, localName(field), validPrinter(code, known)));
  const wrong = refused
    .filter((condition) => condition !== undefined)
    .map((one) => (one.includes("&&") ? `(${one})` : one));
  if (wrong.length > 0) code.printer.print(`if (${wrong.join(" || ")}) ${refuse}`);
}

function unbracket(text: string): string {
  return /^\(bytes\[[^()]*\] as number\)$/.test(text) ? text.slice(1, -1) : text;
}

function readRun(code: CodecPrinter, run: Run, refuse: string, known: Set<string>): void {
  const { printer } = code;
  for (const field of run.fields) {
    const kind = field.lengthOf === undefined && run.condition !== undefined ? ": number | undefined" : " = 0";
    printer.print(`let ${localName(field)}${kind};`);
  }
  const body = (): void => {
    printer.print(`if (end - at < ${run.size}) ${refuse}`);
    for (const field of run.fields) printer.print(`${localName(field)} = ${readAt(field, "at")};`);
    printRefusals(code, run.fields, refuse, known);
    printer.print(`at += ${run.size};`);
  };
  if (run.condition === undefined) body();
  else printer.block(`if (${expressionPrinter(code)(run.condition)})`, body);
}

/** A field read on its own, with no variable for the octets it shares. */
export function readAt(field: IntegerField, base: string): string {
  return unbracket(readInteger(field, (octet) => `(bytes[${octetAt(base, octet)}] as number)`));
}

function readBlob(code: CodecPrinter, { field, condition }: Blob, refuse: string): void {
  const { printer } = code;
  const local = localName(field);
  const size = sizeOf(field);
  if (field.size.rest !== undefined) {
    printer.print(`const ${local} = new Uint8Array(bytes.buffer, bytes.byteOffset + at, end - at);`, "at = end;");
    return;
  }
  const body = (): void => {
    printer.print(`if (end - at < ${size}) ${refuse}`);
    printer.print(`${local} = new Uint8Array(bytes.buffer, bytes.byteOffset + at, ${size});`, `at += ${size};`);
  };
  if (condition === undefined) {
    printer.print(`if (end - at < ${size}) ${refuse}`);
    printer.print(`const ${local} = new Uint8Array(bytes.buffer, bytes.byteOffset + at, ${size});`, `at += ${size};`);
    return;
  }
  printer.print(`let ${local}: Uint8Array | undefined;`);
  printer.block(`if (${expressionPrinter(code)(condition)})`, body);
}

/** Octets of a blob, from the variables of the fields before it. */
export function sizeOf(field: OctetsField): string {
  const { field: length, plus } = field.size;
  if (length === undefined) return String(plus);
  return plus === 0 ? localName(length) : `${localName(length)} ${plus > 0 ? "+" : "-"} ${Math.abs(plus)}`;
}

function printPeek(code: CodecPrinter): void {
  const { model, printer } = code;
  const head = model.segments[0];
  if (head?.kind !== "run") return;
  const header = printer.import(`${model.prefix}Header`, "./types.js", { type: true });
  printer.jsDoc(
    "The fields that every message starts with, unchecked, or undefined when there are too few octets: for receivers that answer even what they cannot decode.",
  );
  const options = head.fields.some(({ switched }) => switched !== undefined) ? ", options?: DecodeOptions" : "";
  printer.block(`export function peekHeader(bytes: Uint8Array${options}): ${header} | undefined`, () => {
    if (options !== "") printParams(code);
    printer.print(`if (bytes.length < ${head.size}) return undefined;`);
    printer.block(
      "return {",
      () => {
        for (const field of head.fields) printer.print(`${propertyName(field.name)}: ${readAt(field, "0")},`);
      },
      "};",
    );
  });
  printer.print("");
}

import { type CodecPrinter, printParams } from "./emit-codec.js";
import { type Expression, printExpression } from "./expression.js";
import { octetAt, octetsOfField, partOfOctet, unfit } from "./integers.js";
import type { IntegerField, OctetsField, Run } from "./ksy-model.js";
import {
  bindingOf,
  instancesIn,
  integersOf,
  localName,
  membersOf,
  refusal,
  typescriptDialect,
  writtenOut,
} from "./typescript-names.js";

/** encode, encodeInto, encodedLength and what they stand on: everything is checked before anything is written. */
export function printEncode(code: CodecPrinter): void {
  const { model, printer, message } = code;
  const errors = `@throws ${model.prefix}Error ERR_RANGE, ERR_PRESENCE or the field's own code`;
  printer.import("allocate", `${code.runtime}codec.js`);
  printer.jsDoc({ text: "The octets of a message.", tags: [errors] });
  printer.block(`export function encode(message: ${message}${code.takeEncodeOptions}): Uint8Array`, () => {
    printParams(code);
    printer.print(`const size = measure(message${code.passParams});`);
    printer.print("const target = allocate(size);", `write(message, target, 0${code.passParams});`, "return target;");
  });
  printer.print("");
  printer.jsDoc({
    text: "Writes a message into `target` from `offset` on and gives back how many octets it took. Nothing is written when it throws.",
    tags: [`${errors}, ERR_SPACE when it does not fit`],
  });
  const signature = `message: ${message}, target: Uint8Array, offset: number${code.takeEncodeOptions}`;
  printer.block(`export function encodeInto(${signature}): number`, () => {
    printParams(code);
    printer.print(`const size = measure(message${code.passParams});`);
    printer.block("if (!(Number.isInteger(offset) && offset >= 0 && offset + size <= target.length))", () => {
      printer.print(`throw faults.space(fields.${firstField(code)}, size, Math.max(0, target.length - offset), 0);`);
    });
    printer.print(`write(message, target, offset${code.passParams});`, "return size;");
  });
  printer.print("");
  printer.jsDoc({ text: "Octets that `encode` would give, after the same checks.", tags: [errors] });
  printer.block(`export function encodedLength(message: ${message}${code.takeEncodeOptions}): number`, () => {
    printParams(code);
    printer.print(`return measure(message${code.passParams});`);
  });
  printer.print("");
  printMeasure(code);
  printWrite(code);
}

function firstField({ model }: CodecPrinter): string {
  return integersOf(model)[0]?.name ?? "";
}

function printMeasure(code: CodecPrinter): void {
  const { model, printer } = code;
  const text = expressionPrinter(code);
  // Parameters that decide on nothing but the order of octets.
  const simple =
    model.segments.every(({ condition }) => condition === undefined) && !integersOf(model).some(isCompared);
  const params = simple ? code.takeParams.replaceAll(/(\w+):/g, "_$1:") : code.takeParams;
  printer.block(`function measure(message: ${code.message}${params}): number`, () => {
    printer.print(`const { ${membersOf(model).map(bindingOf).join(", ")} } = message;`);
    let offset = 0;
    let fixed = true;
    const known = new Set<string>();
    for (const segment of model.segments) {
      const place = fixed ? offset : 0;
      if (segment.condition !== undefined) declareInstances(code, segment.condition, known);
      for (const field of segment.kind === "run" ? segment.fields : [segment.field]) {
        checkMember(code, field, segment.condition, place, known);
      }
      if (segment.kind === "run") offset += segment.size;
      else fixed = false;
    }
    printLengths(code, known);
    const head = model.segments.find((segment): segment is Run => segment.kind === "run");
    printer.print(`let size = ${head?.size ?? 0};`);
    for (const segment of model.segments) {
      if (segment === head) continue;
      const grow = segment.kind === "run" ? String(segment.size) : octetCount(segment.field);
      printer.print(`${segment.condition === undefined ? "" : `if (${text(segment.condition)}) `}size += ${grow};`);
    }
    printer.print("return size;");
  });
  printer.print("");
}

function isCompared({ valid }: IntegerField): boolean {
  return valid?.kind === "expression";
}

/** Octets of a blob that has been checked. */
function octetCount(field: OctetsField): string {
  const { field: length, plus, rest } = field.size;
  if (rest !== undefined) return `${localName(field)}.length`;
  if (length === undefined) return String(plus);
  return `${localName(length)}${plus === 0 ? "" : plus > 0 ? ` + ${plus}` : ` - ${-plus}`}`;
}

function checkMember(
  code: CodecPrinter,
  field: IntegerField | OctetsField,
  condition: Expression | undefined,
  offset: number,
  known: Set<string>,
): void {
  const { printer } = code;
  const local = localName(field);
  if (field.kind === "integer" && field.lengthOf !== undefined) return;
  const at = field.kind === "integer" ? offset + Math.floor(field.bit / 8) : offset;
  // Text and lists have a length too, and would be written as zeros. isView also knows another realm's arrays.
  const missing = field.kind === "octets" ? `!ArrayBuffer.isView(${local})` : `${local} === undefined`;
  const check = (): void => {
    if (field.kind === "octets" || condition !== undefined) {
      printer.print(`if (${missing}) throw faults.presence(fields.${field.name}, false, ${at});`);
    }
    if (field.kind === "integer") {
      checkInteger(code, field, at, known);
    } else if (field.size.field === undefined && field.size.rest === undefined) {
      const wrong = `${local}.length !== ${field.size.plus}`;
      printer.print(`if (${wrong}) throw faults.value(fields.${field.name}, ${local}.length, ${at});`);
    }
  };
  if (condition === undefined) {
    check();
    return;
  }
  printer.block(`if (${expressionPrinter(code)(condition)}) {`, check, `} else if (${local} !== undefined) {`);
  printer.print(`  throw faults.presence(fields.${field.name}, true, ${at});`, "}");
}

function checkInteger(code: CodecPrinter, field: IntegerField, offset: number, known: Set<string>): void {
  const { printer } = code;
  const local = localName(field);
  // A list of allowed values already excludes what does not fit.
  const condition =
    field.valid?.kind === "any-of"
      ? field.valid.values.map((value) => `${local} !== ${value}`).join(" && ")
      : [unfit(local, field.width), refusal(field, local, validPrinter(code, known))]
          .filter((part) => part !== undefined)
          .join(" || ");
  printer.print(`if (${condition}) throw faults.value(fields.${field.name}, ${local}, ${offset});`);
}

/** The computed lengths, checked like any other field. */
function printLengths(code: CodecPrinter, known: ReadonlySet<string>): void {
  const { model, printer } = code;
  let offset = 0;
  for (const segment of model.segments) {
    if (segment.kind !== "run") continue;
    for (const field of segment.fields) {
      if (field.lengthOf === undefined) continue;
      const local = localName(field);
      declareLength(code, field);
      const low = field.lengthOf.plus > 0 ? `${local} >= 0 && ` : "";
      const place = offset + Math.floor(field.bit / 8);
      printer.print(
        `if (!(${low}${local} <= ${field.max})) throw faults.value(fields.${field.name}, ${local}, ${place});`,
      );
      const refused = refusal(field, local, validPrinter(code, known));
      if (refused === undefined) continue;
      const there = segment.condition === undefined ? "" : `(${expressionPrinter(code)(segment.condition)}) && `;
      printer.print(`if (${there}${refused}) throw faults.value(fields.${field.name}, ${local}, ${place});`);
    }
    offset += segment.size;
  }
}

function declareLength({ model, printer }: CodecPrinter, field: IntegerField): void {
  const blob = field.lengthOf?.field;
  if (blob === undefined) return;
  const optional = model.segments.some(
    (part) => part.kind === "blob" && part.field === blob && part.condition !== undefined,
  );
  const octets = optional
    ? `(${localName(blob)} === undefined ? 0 : ${localName(blob)}.length)`
    : `${localName(blob)}.length`;
  const plus = field.lengthOf?.plus ?? 0;
  printer.print(`const ${localName(field)} = ${octets}${plus === 0 ? "" : plus > 0 ? ` - ${plus}` : ` + ${-plus}`};`);
}

/** Instances as constants, once, where everything they need is there. */
export function declareInstances(code: CodecPrinter, expression: Expression, known: Set<string>): void {
  for (const instance of instancesIn(code.model, expression)) {
    if (known.has(instance.id)) continue;
    known.add(instance.id);
    code.printer.print(`const ${localName(instance)} = ${expressionPrinter(code)(instance.expression)};`);
  }
}

export function expressionPrinter({ model, printer }: CodecPrinter): (expression: Expression, self?: string) => string {
  const dialect = typescriptDialect(model, printer);
  return (expression, self) => printExpression(expression, dialect, self);
}

/** The same for the conditions on values, which may stand where an instance is no variable. */
export function validPrinter(
  code: CodecPrinter,
  known: ReadonlySet<string>,
): (expression: Expression, self: string) => string {
  const print = expressionPrinter(code);
  return (expression, self) => print(writtenOut(code.model, expression, known), self);
}

function printWrite(code: CodecPrinter): void {
  const { model, printer } = code;
  const text = expressionPrinter(code);
  printer.jsDoc("For messages that `measure` has passed, and targets with room for them.");
  printer.block(
    `function write(message: ${code.message}, target: Uint8Array, start: number${code.takeParams}): void`,
    () => {
      printer.print(`const { ${membersOf(model).map(bindingOf).join(", ")} } = message;`);
      const known = new Set<string>();
      const [head, ...rest] = model.segments;
      for (const length of integersOf(model)) declareLength(code, length);
      if (head?.kind === "run") writeRun(code, head, "start");
      if (rest.length > 0)
        printer.print(`${rest.length === 1 ? "const" : "let"} at = start + ${head?.kind === "run" ? head.size : 0};`);
      rest.forEach((segment, i) => {
        const last = i === rest.length - 1;
        if (segment.kind === "blob") {
          const local = localName(segment.field);
          const set = `${segment.condition === undefined ? "" : `if (${local} !== undefined) `}target.set(${local}, at);`;
          printer.print(set);
          if (!last)
            printer.print(
              `at += ${segment.condition === undefined ? `${local}.length` : `${local} === undefined ? 0 : ${local}.length`};`,
            );
          return;
        }
        const body = (): void => {
          writeRun(code, segment, "at");
          if (!last) printer.print(`at += ${segment.size};`);
        };
        if (segment.condition === undefined) body();
        else {
          declareInstances(code, segment.condition, known);
          const present = segment.fields
            .filter((field) => field.lengthOf === undefined)
            .map((field) => `${localName(field)} !== undefined`);
          printer.block(`if (${[...present, text(segment.condition)].join(" && ")})`, body);
        }
      });
    },
  );
  printer.print("");
}

function writeRun({ printer }: CodecPrinter, run: Run, base: string): void {
  for (let octet = 0; octet < run.size; octet++) {
    const parts = run.fields
      .filter((field) => octetsOfField(field).includes(octet))
      .map((field) => partOfOctet(field, localName(field), octet));
    const value =
      parts.length === 1 ? parts[0] : parts.map((part) => (part.includes(" ") ? `(${part})` : part)).join(" | ");
    printer.print(`target[${octetAt(base, octet)}] = ${value};`);
  }
}

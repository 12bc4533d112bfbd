import type { CodecPrinter } from "./emit-codec.js";
import type { IntegerField, OctetsField, Rest, Run, Segment } from "./ksy-model.js";
import { readAt, sizeOf } from "./print-decode.js";
import { declareInstances, expressionPrinter, validPrinter } from "./print-encode.js";
import { fieldsIn, integersOf, lastFieldOf, localName, refusal } from "./typescript-names.js";

/** What a stream decoder asks: how long is this message, is it already wrong; and what exactly is wrong with octets that were refused. */
export function printFraming(code: CodecPrinter): void {
  printNeeded(code);
  printCheckPart(code);
  printFault(code);
}

const signature = "bytes: Uint8Array, start: number, end: number";

/** Fields whose values decide where a message ends. */
function framingFields({ model }: CodecPrinter): IntegerField[] {
  const conditions = model.segments.flatMap(({ condition }) => fieldsIn(model, condition));
  const lengths = model.segments
    .flatMap((part) => (part.kind === "run" ? part.fields : []))
    .filter((field) => field.lengthOf);
  return [...new Set([...conditions, ...lengths])];
}

function printNeeded(code: CodecPrinter): void {
  const { model, printer } = code;
  const last = model.segments.at(-1);
  if (last?.kind === "blob" && last.field.size.rest !== undefined) {
    printer.jsDoc("Where the header says how much follows it: the numbers at these places, added up.");
    printer.print(`const announcedAt = ${printer.string(last.field.size.rest.at)};`, "");
  }
  printer.jsDoc(
    "Octets that the message at `start` takes at least, as far as the octets before `end` tell. Exact as soon as that many are there. Judges no values.",
  );
  printer.block(`export function needed(${signature}${code.takeParams}): number`, () => {
    walk(code, {
      judges: true,
      short: (size) => `return at + ${size} - start;`,
      blob: (size, field) => {
        if (field.size.rest !== undefined) addRest(code, field.size.rest);
        else printer.print(size.includes("-") ? `at += Math.max(0, ${size});` : `at += ${size};`);
      },
    });
    printer.print("return at - start;");
  });
  printer.print("");
}

/** What follows up to the end is, on a stream, as long as an earlier field says. */
function addRest({ printer, runtime }: CodecPrinter, rest: Rest): void {
  const start = startOf(rest.in);
  printer.import("sizeInJson", `${runtime}json-size.js`);
  printer.print("if (end < at) return at - start;");
  printer.print(`const announced = sizeInJson(bytes.subarray(${start}, at), announcedAt);`);
  const refused = `faults.content(fields.${rest.in.name}, announced, ${start} - start)`;
  printer.print(`if (typeof announced === "string") throw ${refused};`, "at += announced;");
}

function startOf(field: OctetsField): string {
  return `${localName(field)}At`;
}

interface Steps {
  /** Asks how long the message is, not only where it breaks off. */
  readonly judges?: true;
  /** What to do when a run of `size` octets at `at` is not complete; undefined to go on. */
  short(size: number, run: Run): string;
  /** What to do at a blob of `size` octets. */
  blob(size: string, field: OctetsField): void;
}

/** Goes from segment to segment, reading only what decides where the next one is. */
function walk(code: CodecPrinter, steps: Steps): void {
  const { model, printer } = code;
  const framing = framingFields(code);
  const known = new Set<string>();
  const last = model.segments.at(-1);
  const rest = steps.judges === true && last?.kind === "blob" ? last.field.size.rest : undefined;
  model.segments.forEach((segment, index) => {
    if (segment.condition !== undefined) declareInstances(code, segment.condition, known);
    const kept = segment.kind === "run" ? segment.fields.filter((field) => framing.includes(field)) : [];
    const conditional = segment.condition !== undefined;
    if (conditional) for (const field of kept) printer.print(`let ${localName(field)} = 0;`);
    const body = (): void => {
      if (segment.kind === "blob") {
        const { field } = segment;
        if (rest?.in === field) printer.print(`const ${startOf(field)} = at;`);
        steps.blob(sizeOf(field), field);
        return;
      }
      printer.print(`if (end - at < ${segment.size}) ${steps.short(segment.size, segment)}`);
      for (const field of kept)
        printer.print(`${conditional ? "" : "const "}${localName(field)} = ${readAt(field, "at")};`);
      printer.print(`at += ${segment.size};`);
    };
    if (index === 0) printer.print("let at = start;");
    if (segment.condition === undefined) body();
    else printer.block(`if (${expressionPrinter(code)(segment.condition)})`, body);
  });
}

/** Checks what has arrived, field by field, up to the last field that can be wrong. */
function printCheckPart(code: CodecPrinter): void {
  const { model, printer } = code;
  const checkedRuns = model.segments.filter(isChecked);
  const last = model.segments.indexOf(checkedRuns.at(-1) ?? (model.segments[0] as Segment));
  const error = printer.import(`${model.prefix}Error`, "./errors.js", { type: true });
  printer.jsDoc(
    "What the octets that have arrived already show to be wrong, whatever follows; undefined when nothing is.",
  );
  const nothing = checkedRuns.length === 0;
  const parameters = `${signature}${code.takeParams}`;
  // Where nothing can be wrong, nothing is looked at.
  const taken = nothing ? parameters.replaceAll(/(\w+):/g, "_$1:") : parameters;
  printer.block(`export function check(${taken}): ${error} | undefined`, () => {
    const read = [...framingFields(code), ...validFields(code)];
    const known = new Set<string>();
    if (checkedRuns.length > 0) printer.print("let at = start;");
    model.segments.slice(0, last + 1).forEach((segment, index) => {
      if (checkedRuns.length === 0) return;
      if (segment.condition !== undefined) declareInstances(code, segment.condition, known);
      const body = (): void => {
        if (segment.kind === "blob") printer.print(`at += ${sizeOf(segment.field)};`);
        else checkRun(code, segment, read, known, index === last);
      };
      if (segment.condition === undefined) {
        body();
        return;
      }
      // A length is needed where the octets it announces are, behind the block in which it is read.
      for (const field of lengthsIn(segment)) printer.print(`let ${localName(field)} = 0;`);
      printer.block(`if (${expressionPrinter(code)(segment.condition)})`, body);
    });
    printer.print("return undefined;");
  });
  printer.print("");
}

/** Fields that decide which values others may have. */
function validFields({ model }: CodecPrinter): IntegerField[] {
  return integersOf(model).flatMap(({ valid }) =>
    valid?.kind === "expression" ? fieldsIn(model, valid.expression) : [],
  );
}

function lengthsIn(segment: Segment): IntegerField[] {
  return segment.kind === "run" ? segment.fields.filter((field) => field.lengthOf !== undefined) : [];
}

function isChecked(segment: Segment): boolean {
  return segment.kind === "run" && segment.fields.some(isJudged);
}

function isJudged({ valid, lengthOf }: IntegerField): boolean {
  return valid !== undefined || (lengthOf !== undefined && lengthOf.plus < 0);
}

function checkRun(
  code: CodecPrinter,
  run: Run,
  read: readonly IntegerField[],
  known: Set<string>,
  last: boolean,
): void {
  const { printer } = code;
  let available = 0;
  const wait = (octets: number): void => {
    if (octets <= available) return;
    available = octets;
    printer.print(`if (end - at < ${octets}) return undefined;`);
  };
  for (const field of run.fields) {
    if (!isJudged(field) && !read.includes(field)) continue;
    wait(ends(field));
    const declared = run.condition === undefined || field.lengthOf === undefined ? "const " : "";
    printer.print(`${declared}${localName(field)} = ${readAt(field, "at")};`);
    const refused = refusal(field, localName(field), validPrinter(code, known));
    if (refused === undefined) continue;
    const octet = Math.floor(field.bit / 8);
    const offset = octet === 0 ? "at - start" : `at - start + ${octet}`;
    printer.print(`if (${refused}) return faults.value(fields.${field.name}, ${localName(field)}, ${offset});`);
  }
  if (last) return;
  wait(run.size);
  printer.print(`at += ${run.size};`);
}

/** The error for octets that `read` refuses. */
function printFault(code: CodecPrinter): void {
  const { model, printer } = code;
  const error = printer.import(`${model.prefix}Error`, "./errors.js", { type: true });
  const args = `bytes, start, end${code.passParams}`;
  printer.jsDoc(
    "Why `read` refuses these octets: the first wrong value, else where they break off, else what follows the message.",
  );
  printer.block(`export function fault(${signature}${code.takeParams}): ${error}`, () => {
    printer.print(`const wrong = check(${args});`, "if (wrong !== undefined) return wrong;");
    printer.print("const size = end - start;", `const missing = needed(${args}) - size;`);
    const last = `fields.${lastFieldOf(model)}`;
    printer.print(`if (missing < 0) return faults.trailing(${last}, -missing, size + missing);`);
    printer.print(`return faults.truncated(fields[brokenField(${args})], missing, size);`);
  });
  printer.print("");
  const broken = new Map<Run, string>();
  for (const part of model.segments) {
    if (part.kind !== "run") continue;
    const names = Array.from(
      { length: part.size },
      (_, octet) => part.fields.find((field) => ends(field) > octet)?.name,
    );
    const [first, ...others] = [...new Set(names)];
    if (others.length === 0) {
      broken.set(part, `return ${printer.string(first)};`);
      continue;
    }
    const table = broken.size === 0 ? "headOctets" : `octets${broken.size}`;
    printer.jsDoc("The field that stands, or starts, at each octet.");
    printer.print(`const ${table} = ${printer.string(names)} as const;`, "");
    broken.set(part, `return ${table}[end - at] ?? ${printer.string(first)};`);
  }
  printer.block(`function brokenField(${signature}${code.takeParams}): keyof typeof fields`, () => {
    walk(code, {
      short: (_, run) => broken.get(run) ?? "",
      blob: (size, { name, size: { rest } }) => {
        if (rest === undefined)
          printer.print(`if (end - at < ${size}) return ${printer.string(name)};`, `at += ${size};`);
      },
    });
    printer.print(`return ${printer.string(lastFieldOf(model))};`);
  });
}

/** Octet of the run behind the field's last one. */
function ends({ bit, width }: IntegerField): number {
  return Math.ceil((bit + width) / 8);
}

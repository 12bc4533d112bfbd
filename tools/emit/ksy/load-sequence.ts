import type { Cursor } from "../../model/cursor.js";
import { isObject } from "../../model/cursor.js";
import { checkWords } from "../../model/vocabulary.js";
import { camelCase } from "../../print/names.js";
import { type Expression, namesIn } from "./expression.js";
import type { IntegerField, OctetsField, Segment, Valid } from "./ksy-model.js";
import { checkNames, cited, enumValue, expressionAt, type Scope } from "./load-ksy.js";
import { words } from "./vocabulary.js";

const INTEGER = /^(?:u([124])(be|le)?|b(\d+))$/;

/** An integer before it has a place in a run. */
type Loose = Omit<IntegerField, "bit">;

/** Cuts `seq` into runs of integers that are there or absent together, and fields of octets. */
export function loadSequence(seq: Cursor, scope: Scope): Segment[] {
  const segments: Segment[] = [];
  const integers = new Map<string, IntegerField>();
  /** Conditions may ask only for what is always there. */
  const always = new Set<string>();
  let run: { condition: Expression | undefined; fields: IntegerField[]; bits: number; cursor: Cursor } | undefined;

  const closeRun = (): void => {
    if (run === undefined) return;
    if (run.bits % 8 !== 0)
      run.cursor.problem(`bit fields end inside an octet. Add a field of ${8 - (run.bits % 8)} bits.`);
    segments.push({ kind: "run", condition: run.condition, size: Math.ceil(run.bits / 8), fields: run.fields });
    run = undefined;
  };

  const octetFields: OctetsField[] = [];
  const all = seq.items();
  for (const cursor of all) {
    checkWords(cursor, words.field, "key");
    const known = knownNames(always, scope);
    const condition = cursor.has("if") ? conditionAt(cursor.get("if"), known, scope) : undefined;
    if (cursor.has("type")) {
      const field = loadInteger(cursor, known, scope);
      if (field === undefined) continue;
      if (run !== undefined && !same(run.condition, condition)) closeRun();
      run ??= { condition, fields: [], bits: 0, cursor };
      if (!field.packed && run.bits % 8 !== 0) {
        cursor.problem(`${field.id} starts inside an octet. Add a field of ${8 - (run.bits % 8)} bits before it.`);
      }
      const placed: IntegerField = { ...field, bit: run.bits };
      checkSpan(cursor, placed);
      run.fields.push(placed);
      run.bits += field.width;
      run.cursor = cursor;
      integers.set(field.id, placed);
      if (condition === undefined) always.add(field.id);
    } else {
      closeRun();
      const rest = cursor.has("size-eos");
      if (rest && (cursor !== all.at(-1) || condition !== undefined))
        cursor.problem("size-eos is for the last field, and without a condition. Give this one a size.");
      const field = rest ? loadRest(cursor, octetFields) : loadOctets(cursor, integers, known, scope);
      if (field === undefined) continue;
      octetFields.push(field);
      segments.push({ kind: "blob", condition, field });
    }
  }
  closeRun();
  const first = segments[0];
  if (first === undefined || first.kind !== "run" || first.condition !== undefined) {
    seq.problem("a message has to start with an integer that is always there. Put one first.");
  }
  return segments;
}

/** Names that a condition may use here: parameters, earlier integers, instances of nothing but these. */
function knownNames(always: ReadonlySet<string>, scope: Scope): string[] {
  const known = [...always, ...scope.params.map(({ id }) => id)];
  for (let grown = true; grown; ) {
    const ready = scope.instances.filter(
      ({ id, expression }) => !known.includes(id) && namesIn(expression).every((name) => known.includes(name)),
    );
    known.push(...ready.map(({ id }) => id));
    grown = ready.length > 0;
  }
  return known;
}

function conditionAt(cursor: Cursor, known: readonly string[], scope: Scope): Expression | undefined {
  const expression = expressionAt(cursor);
  if (expression !== undefined) checkNames(cursor, expression, known, scope);
  return expression;
}

function same(a: Expression | undefined, b: Expression | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function loadInteger(cursor: Cursor, known: readonly string[], scope: Scope): Loose | undefined {
  const id = cursor.get("id").text();
  const type = cursor.get("type").text();
  const match = INTEGER.exec(type);
  if (match === null || cursor.has("size")) {
    cursor
      .get("type")
      .problem(
        `type ${type} is not supported here. Use u1, u2, u4 (be, le), b1 to b32, or size for octets without a type.`,
      );
    return undefined;
  }
  const [, octets, endian, bits] = match;
  const width = octets === undefined ? Number(bits) : Number(octets) * 8;
  if (width < 1 || width > 32)
    cursor.get("type").problem(`${type} is not supported. Use 1 to 32 bits, or size: 8 for octets.`);
  const enumId = cursor.get("enum").text();
  if (enumId !== "" && !scope.enums.has(enumId)) {
    cursor.get("enum").problem(`no enum ${enumId} in this file. Add it, or correct the name.`);
  }
  return {
    ...cited(cursor, id, camelCase(id)),
    kind: "integer",
    width,
    packed: bits !== undefined,
    littleEndian: endian === undefined ? !scope.bigEndian : endian === "le",
    switched: endian === undefined && octets !== undefined && width > 8 ? scope.switched : undefined,
    max: 2 ** width - 1,
    enum: scope.enums.get(enumId),
    valid: cursor.has("valid") ? loadValid(cursor.get("valid"), [...known, id], scope, enumId) : undefined,
    errorCode: cursor.get("-error").text() || undefined,
    fatal: cursor.get("-fatal").flag(),
    display: cursor.get("-display").text() || undefined,
    lengthOf: undefined,
  };
}

/** JavaScript reads at most four octets at once. */
function checkSpan(cursor: Cursor, { id, bit, width }: IntegerField): void {
  const octets = Math.floor((bit + width - 1) / 8) - Math.floor(bit / 8) + 1;
  if (octets > 4) cursor.problem(`${id} touches ${octets} octets. Let it touch at most 4.`);
}

function loadValid(cursor: Cursor, known: readonly string[], scope: Scope, enumId: string): Valid | undefined {
  const values = (items: readonly Cursor[]): Valid => ({
    kind: "any-of",
    values: items.map((item) => constantAt(item, scope)).sort((a, b) => a - b),
  });
  if (!isObject(cursor.value)) return values([cursor]);
  checkWords(cursor, words.valid, "key");
  if (cursor.has("eq")) return values([cursor.get("eq")]);
  if (cursor.has("any-of")) return values(cursor.get("any-of").items());
  if (cursor.has("expr")) {
    const expression = conditionAt(cursor.get("expr"), known, scope);
    return expression === undefined ? undefined : { kind: "expression", expression };
  }
  if (cursor.has("in-enum")) {
    return { kind: "any-of", values: scope.enums.get(enumId)?.values.map(({ value }) => value) ?? [] };
  }
  const [min, max] = [cursor.get("min"), cursor.get("max")];
  return {
    kind: "range",
    min: min.value === undefined ? 0 : constantAt(min, scope),
    max: max.value === undefined ? 0xffffffff : constantAt(max, scope),
  };
}

function constantAt(cursor: Cursor, scope: Scope): number {
  const expression = expressionAt(cursor);
  if (expression?.kind === "integer") return expression.value;
  if (expression?.kind === "enum") {
    checkNames(cursor, expression, [], scope);
    return enumValue(scope.enums, expression.enumId, expression.valueId)?.value ?? 0;
  }
  if (expression !== undefined) cursor.problem("a constant is meant here. Write a number or enum::value.");
  return 0;
}

/** `size-eos`, which needs to say how a stream tells where it ends. */
function loadRest(cursor: Cursor, before: readonly OctetsField[]): OctetsField | undefined {
  const id = cursor.get("id").text();
  const source = before.find((field) => field.id === cursor.get("-size-in").value && field.json);
  const at = cursor.get("-size-at").texts();
  if (source === undefined || at.length === 0 || at.some((pointer) => !/^(\/[^/~]+)+$/.test(pointer))) {
    cursor.problem(
      `nothing says how long ${id} is on a stream. Add -size-in, an earlier field with -json, and -size-at, pointers into it.`,
    );
    return undefined;
  }
  const rest = { in: source, at: at.map((pointer) => pointer.split("/").slice(1)) };
  const size = { field: undefined, plus: 0, rest };
  return { ...cited(cursor, id, camelCase(id)), kind: "octets", text: undefined, json: false, size };
}

function loadOctets(
  cursor: Cursor,
  integers: ReadonlyMap<string, IntegerField>,
  known: readonly string[],
  scope: Scope,
): OctetsField | undefined {
  const id = cursor.get("id").text();
  if (!cursor.has("size")) {
    cursor.problem(`${id} has neither type nor size. Give it an integer type, or a size in octets.`);
    return undefined;
  }
  const size = expressionAt(cursor.get("size"));
  if (size === undefined) return undefined;
  const text = cursor.has("-text-if") ? conditionAt(cursor.get("-text-if"), known, scope) : undefined;
  const json = cursor.get("-json").flag();
  const base = { ...cited(cursor, id, camelCase(id)), kind: "octets", text, json } as const;
  if (size.kind === "integer") return { ...base, size: { field: undefined, plus: size.value } };
  const linear = linearIn(size);
  const field = linear === undefined ? undefined : integers.get(linear.id);
  if (linear === undefined || field === undefined || field.lengthOf !== undefined) {
    cursor
      .get("size")
      .problem(
        `the size of ${id} is not supported. Write a number, an earlier field of its own, or that field + or - a number.`,
      );
    return undefined;
  }
  const octets: OctetsField = { ...base, size: { field, plus: linear.plus } };
  field.lengthOf = { field: octets, plus: linear.plus };
  return octets;
}

/** `length`, `length - 4`, `length + 1` */
function linearIn(size: Expression): { id: string; plus: number } | undefined {
  if (size.kind === "name") return { id: size.id, plus: 0 };
  if (size.kind !== "binary" || size.left.kind !== "name" || size.right.kind !== "integer") return undefined;
  if (size.operator === "+") return { id: size.left.id, plus: size.right.value };
  if (size.operator === "-") return { id: size.left.id, plus: -size.right.value };
  return undefined;
}

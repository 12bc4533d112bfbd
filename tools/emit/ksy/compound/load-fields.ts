import { type Cursor, isObject } from "../../../model/cursor.js";
import { checkWords } from "../../../model/vocabulary.js";
import { camelCase } from "../../../print/names.js";
import { cited, type Scope } from "./load.js";
import type { Choice, Field, NumberField, OctetsField, Size } from "./model.js";
import { compoundWords } from "./words.js";

/** Fields in the order of the octets; numbers that others are sized by know it. */
export function loadFields(seq: Cursor, scope: Scope, isRoot: boolean): Field[] {
  const fields: Field[] = [];
  const all = seq.items();
  for (const cursor of all) {
    checkWords(cursor, compoundWords.field, "key");
    if (cursor.has("size-eos") || cursor.get("repeat").value === "eos") {
      if (cursor !== all.at(-1)) cursor.problem("what takes the rest has to be the last field. Give this one a size.");
    }
    const field = loadField(cursor, fields, scope, isRoot && cursor === all.at(-1));
    if (field !== undefined) fields.push(field);
  }
  if (fields.some(({ kind }) => kind === "choice") && fields.slice(0, -1).some(({ kind }) => kind !== "number")) {
    seq.problem("only numbers may stand before a field with switch-on. Put the others into the types.");
  }
  return fields;
}

function loadField(cursor: Cursor, before: readonly Field[], scope: Scope, mayChoose: boolean): Field | undefined {
  const type = cursor.get("type");
  if (isObject(type.value)) return mayChoose ? loadChoice(cursor, before, scope) : misplaced(type);
  const text = type.text();
  const number = /^u([1248])$/.exec(text);
  if (number !== null) return loadNumber(cursor, Number(number[1]) as NumberField["octets"], scope);
  const id = cursor.get("id").text();
  const base = cited(cursor, id, camelCase(id), scope.document);
  if (text === "str") {
    if (cursor.get("encoding").value !== "UTF-8") cursor.problem(`${id} is text of no encoding. Add encoding: UTF-8.`);
    const size = sizeOf(cursor, before);
    if (typeof size === "number") cursor.problem(`${id} is text of a fixed size. Give it a length field.`);
    return size === undefined || typeof size === "number" ? undefined : { ...base, kind: "text", size };
  }
  if (text === "") return loadOctets(cursor, before, base);
  const item = scope.type(text, type);
  if (item === undefined) return undefined;
  if (!cursor.has("repeat")) return { ...base, kind: "struct", type: item };
  if (cursor.get("repeat").value === "eos") return { ...base, kind: "list", item, count: "rest" };
  const count = numberBefore(cursor.get("repeat-expr"), before);
  if (cursor.get("repeat").value !== "expr" || count === undefined) {
    cursor.problem(
      `${id} repeats in no supported way. Write repeat: eos, or repeat: expr and an earlier number of its own.`,
    );
    return undefined;
  }
  count.use = "count";
  return { ...base, kind: "list", item, count };
}

function misplaced(type: Cursor): undefined {
  type.problem("switch-on is for the last field of the message itself. Give this one a type.");
  return undefined;
}

function loadNumber(cursor: Cursor, octets: NumberField["octets"], scope: Scope): NumberField {
  const id = cursor.get("id").text();
  const enumId = cursor.get("enum").text();
  const type = scope.enums.get(enumId);
  if (enumId !== "" && type === undefined)
    cursor.get("enum").problem(`no enum ${enumId} in this file. Add it, or correct the name.`);
  const valid = cursor.get("valid");
  if (type !== undefined && !valid.has("in-enum")) {
    cursor.problem(`${id} takes values that its enum does not name. Add valid: { in-enum: true }.`);
  }
  const max = octets === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (octets * 8) - 1;
  const boolean = cursor.get("-boolean").flag();
  const values = listed(valid, type?.values.map(({ value }) => value) ?? []);
  const [least, most] =
    values === undefined
      ? [bound(valid, "min", 0), bound(valid, "max", max)]
      : [Math.min(...values), Math.max(...values)];
  if (boolean && (octets !== 1 || most !== 1))
    cursor.problem(`${id} is no boolean. Write type: u1 and valid: { max: 1 }.`);
  return {
    ...cited(cursor, id, camelCase(id), scope.document),
    kind: "number",
    octets,
    max,
    enum: type,
    boolean,
    least,
    most: Math.min(most, max),
    values: values !== undefined && values.length < most - least + 1 ? values : undefined,
    errorCode: cursor.get("-error").text() || undefined,
    fatal: cursor.get("-fatal").flag(),
    use: values?.length === 1 && type === undefined ? "constant" : "member",
  };
}

/** The values of `valid`, in order, where it lists them. */
function listed(valid: Cursor, named: readonly number[]): number[] | undefined {
  const numbers = (items: readonly Cursor[]): number[] => items.map((item) => item.number() ?? 0).sort((a, b) => a - b);
  if (valid.value === undefined) return undefined;
  if (!isObject(valid.value)) return numbers([valid]);
  checkWords(valid, compoundWords.valid, "key");
  if (valid.has("in-enum")) return [...named];
  if (valid.has("eq")) return numbers([valid.get("eq")]);
  return valid.has("any-of") ? numbers(valid.get("any-of").items()) : undefined;
}

function bound(valid: Cursor, key: "min" | "max", otherwise: number): number {
  return isObject(valid.value) ? (valid.get(key).number() ?? otherwise) : otherwise;
}

function loadOctets(cursor: Cursor, before: readonly Field[], base: ReturnType<typeof cited>): OctetsField | undefined {
  const size = sizeOf(cursor, before);
  if (size === undefined) return undefined;
  const partsAt = cursor.has("-parts-at") ? numberCalled(cursor.get("-parts-at").text(), before) : undefined;
  if (cursor.has("-parts-at") && (partsAt === undefined || size !== "rest")) {
    cursor
      .get("-parts-at")
      .problem("only what takes the rest comes in parts, and an earlier number says where. Correct it.");
  }
  return { ...base, kind: "octets", size, partsAt };
}

function sizeOf(cursor: Cursor, before: readonly Field[]): Size | undefined {
  if (cursor.has("size-eos")) return "rest";
  const size = cursor.get("size");
  if (typeof size.value === "number") return size.value;
  const linear = linearAt(size, before);
  if (linear === undefined) {
    const what = `the size of ${cursor.get("id").text()} is not supported`;
    cursor.problem(`${what}. Write a number, an earlier number of its own plus or minus a number, or size-eos: true.`);
    return undefined;
  }
  linear.field.use = "length";
  return linear;
}

/** `length`, `length - 2`, `length + 1` */
function linearAt(cursor: Cursor, before: readonly Field[]): { field: NumberField; plus: number } | undefined {
  const parts = /^([a-z][a-z0-9_]*)(?: ([+-]) (\d+))?$/.exec(typeof cursor.value === "string" ? cursor.value : "");
  const field = parts === null ? undefined : numberCalled(parts[1] ?? "", before);
  if (parts === null || field === undefined || field.use !== "member") return undefined;
  return { field, plus: Number(parts[3] ?? 0) * (parts[2] === "-" ? -1 : 1) };
}

function numberBefore(cursor: Cursor, before: readonly Field[]): NumberField | undefined {
  const field = typeof cursor.value === "string" ? numberCalled(cursor.value, before) : undefined;
  return field?.use === "member" ? field : undefined;
}

function numberCalled(id: string, before: readonly Field[]): NumberField | undefined {
  return before.find((field): field is NumberField => field.kind === "number" && field.id === id);
}

function loadChoice(cursor: Cursor, before: readonly Field[], scope: Scope): Choice | undefined {
  const type = cursor.get("type");
  checkWords(type, compoundWords.choice, "key");
  const on = numberBefore(type.get("switch-on"), before);
  const size = linearAt(cursor.get("size"), before);
  if (on?.enum === undefined || size === undefined) {
    cursor.problem("switch-on takes an earlier number with an enum, and size an earlier number. Correct them.");
    return undefined;
  }
  const all = type.get("cases");
  const cases: Choice["cases"][number][] = [];
  for (const value of on.enum.values) {
    const place = all.get(`${on.enum.id}::${value.id}`);
    const found = place.value === undefined ? undefined : scope.type(place.text(), place);
    if (place.value === undefined) all.problem(`no type for ${on.enum.id}::${value.id}. Add a case.`);
    if (found !== undefined) cases.push({ value, type: found });
  }
  if (all.keys().length > on.enum.values.length) all.problem(`cases that are no values of ${on.enum.id}. Remove them.`);
  if (new Set(cases.map((one) => one.type)).size < cases.length)
    all.problem("two cases have the same type. Give each its own.");
  on.use = "choice";
  size.field.use = "length";
  const id = cursor.get("id").text();
  return { ...cited(cursor, id, camelCase(id), scope.document), kind: "choice", on, cases, size };
}

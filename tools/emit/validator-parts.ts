/** What the validators emitter needs to know of names and bounds, apart from where they are printed. */
import type { ArrayType, NumberType, StringType } from "../model/model.js";
import { camelCase, isReserved } from "../print/names.js";
import { memberAccess } from "../print/printer.js";

/** A condition under which a value is refused, and what is said then. */
export type Bound = [condition: string, message: string];
/** Imports a helper of the runtime and gives its local name. */
export type Helper = (name: string) => string;

export function stringBounds({ minLength, maxLength }: StringType, value: string, helper: Helper): Bound[] {
  const bounds: Bound[] = [];
  if (minLength !== undefined && minLength > 0) {
    const few = minLength === 1 ? `${value} === ""` : `${helper("shorterThan")}(${value}, ${minLength})`;
    bounds.push([few, `must have at least ${count(minLength, "character")}`]);
  }
  if (maxLength !== undefined) {
    bounds.push([
      `${helper("longerThan")}(${value}, ${maxLength})`,
      `must have at most ${count(maxLength, "character")}`,
    ]);
  }
  return bounds;
}

export function numberBounds(type: NumberType, value: string): Bound[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = type;
  const bounds: Bound[] = [];
  if (minimum !== undefined) bounds.push([`${value} < ${minimum}`, `must be at least ${minimum}`]);
  if (maximum !== undefined) bounds.push([`${value} > ${maximum}`, `must be at most ${maximum}`]);
  if (exclusiveMinimum !== undefined)
    bounds.push([`${value} <= ${exclusiveMinimum}`, `must be more than ${exclusiveMinimum}`]);
  if (exclusiveMaximum !== undefined)
    bounds.push([`${value} >= ${exclusiveMaximum}`, `must be less than ${exclusiveMaximum}`]);
  if (multipleOf !== undefined) {
    bounds.push([`!Number.isInteger(${value} / ${multipleOf})`, `must be a multiple of ${multipleOf}`]);
  }
  return bounds;
}

export function arrayBounds({ minItems, maxItems, uniqueItems }: ArrayType, value: string, helper: Helper): Bound[] {
  const bounds: Bound[] = [];
  if (minItems !== undefined && minItems > 0) {
    bounds.push([`${value}.length < ${minItems}`, `must have at least ${count(minItems, "item")}`]);
  }
  if (maxItems !== undefined) {
    bounds.push([`${value}.length > ${maxItems}`, `must have at most ${count(maxItems, "item")}`]);
  }
  if (uniqueItems) bounds.push([`${helper("hasTwins")}(${value})`, "must not have two equal items"]);
  return bounds;
}

/** Names that a validator's function body uses itself. */
const USED = new Set(
  (
    "value issues i add anyOf oneOf own missing wrongType within withinItem withinOthers noOthers full isObject longerThan " +
    "shorterThan hasTwins " +
    // What every object inherits, and the functions of the language: shadowing them would mislead.
    "constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf " +
    "isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape globalThis"
  ).split(" "),
);

/** A local variable for a member. */
export function localName(member: string): string {
  const plain = camelCase(member) || "member";
  return isReserved(plain) || USED.has(plain) || /^\d/.test(plain) ? `${plain}Member` : plain;
}

/** Access of a member, safe for names that every object inherits. */
export function access(object: string, name: string, own: () => string): string {
  return name in {} ? `${own()}(${object}, ${JSON.stringify(name)})` : `${object}${memberAccess(name)}`;
}

export function pointer(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

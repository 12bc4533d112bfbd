/** What generated readers are made of: other spellings, types and shapes brought to the declared form, in place. */
import { isObject } from "./checks.js";
import type { ReadContext, Reader, ValidationIssue } from "./validation.js";

type Json = Record<string, unknown>;

/** For what has only one form. */
export const asIs: Reader = (value) => value;

/** Takes another spelling of a member as the declared one, which wins where both are there. */
export function rename(object: Json, other: string, name: string): void {
  if (object[name] === undefined) object[name] = object[other];
  delete object[other];
}

/** The same, but two different values are an issue. */
export function renameOrRefuse(
  object: Json,
  other: string,
  name: string,
  member: string,
  clause: string,
  context: ReadContext,
): void {
  if (object[name] !== undefined && !sameValue(object[name], object[other])) {
    context.issues.push({ member, clause, message: `has another value than ${other}, which means the same` });
  }
  rename(object, other, name);
}

/** Removes blanks around the names of these members. */
export function trimNames(object: Json, declared: ReadonlySet<string>): void {
  for (const name in object) {
    if (name.charCodeAt(0) > 32 && name.charCodeAt(name.length - 1) > 32) continue;
    const trimmed = name.trim();
    if (trimmed !== name && declared.has(trimmed)) rename(object, name, trimmed);
  }
}

/** Finds an absent member whatever the case of its name; `lower` is the name in lower case. */
export function findIgnoringCase(object: Json, name: string, lower: string): void {
  for (const other in object) {
    if (other.length === name.length && other !== name && other.toLowerCase() === lower) {
      rename(object, other, name);
      return;
    }
  }
}

/**
 * A message may come without its wrapper: then it is wrapped, if it is recognisably the inside.
 *
 * @param inner members of the wrapped schema; undefined if that is an array
 */
export function unwrapped(value: unknown, wrapper: string, inner: ReadonlySet<string> | undefined): unknown {
  if (Array.isArray(value)) return inner === undefined ? { [wrapper]: value } : value;
  if (!isObject(value) || inner === undefined || value[wrapper] !== undefined) return value;
  for (const name in value) if (inner.has(name)) return { [wrapper]: value };
  return value;
}

/** `{ name: { name: x } }` → `{ name: x }`. */
export function unnested(value: unknown, name: string): unknown {
  return isOnlyMember(value, name) && isObject(value[name]) ? value[name] : value;
}

/** `[{ name: x }, …]` → `[x, …]`. */
export function unwrappedItems(items: unknown, name: string): void {
  if (!Array.isArray(items)) return;
  for (let i = 0; i < items.length; i++) {
    const item: unknown = items[i];
    if (isOnlyMember(item, name)) items[i] = item[name];
  }
}

function isOnlyMember(value: unknown, name: string): value is Json {
  if (!isObject(value) || value[name] === undefined) return false;
  for (const other in value) if (other !== name) return false;
  return true;
}

/** Applies a conversion to each item. */
export function eachItem(items: unknown, convert: Reader, context: ReadContext): void {
  if (!Array.isArray(items)) return;
  for (let i = 0; i < items.length; i++) {
    const item: unknown = items[i];
    const converted = convert(item, context);
    if (converted !== item) items[i] = converted;
  }
}

/** Applies the reader of an array's items; what it reports is reported of that item of that member. */
export function readItems(items: unknown, member: string, read: Reader, context: ReadContext): void {
  if (!Array.isArray(items)) return;
  for (let i = 0; i < items.length; i++) {
    const item: unknown = items[i];
    const before = context.issues.length;
    const result = read(item, context);
    if (result !== item) items[i] = result;
    if (context.issues.length > before) locate(context.issues, before, `${member}/${i}`);
  }
}

/** Applies the reader of a member's value; what it reports is reported of that member. */
export function readMember(value: unknown, member: string, read: Reader, context: ReadContext): unknown {
  const before = context.issues.length;
  const result = read(value, context);
  if (context.issues.length > before) locate(context.issues, before, member);
  return result;
}

function locate(issues: ValidationIssue[], from: number, member: string): void {
  for (let i = from; i < issues.length; i++) {
    const issue = issues[i];
    if (issue !== undefined) issues[i] = { ...issue, member: member + issue.member };
  }
}

/** Number → decimal string, exponent never. */
export const numberToString: Reader = (value) => {
  if (typeof value !== "number" || !Number.isFinite(value)) return value;
  const text = String(value);
  if (!text.includes("e")) return text === "-0" ? "0" : text;
  return Number.isInteger(value) ? BigInt(value).toString() : value;
};

/** Decimal string → number, where that keeps its value. */
export const stringToNumber: Reader = (value) => {
  if (typeof value !== "string" || !/^\s*-?\d{1,400}(\.\d{1,400})?\s*$/.test(value)) return value;
  const number = Number(value);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : value;
};

/** `"true"`, `"false"` → boolean. */
export const stringToBoolean: Reader = (value) => (value === "true" ? true : value === "false" ? false : value);

/** 1, 0 → boolean. */
export const numberToBoolean: Reader = (value) => (value === 1 ? true : value === 0 ? false : value);

/** Boolean → `"true"`, `"false"`. */
export const booleanToString: Reader = (value) => (typeof value === "boolean" ? String(value) : value);

/** Object → the member of it that holds the value. */
export function memberOf(name: string): Reader {
  return (value) => (isObject(value) && value[name] !== undefined ? value[name] : value);
}

export const roundUp: Reader = (value) =>
  typeof value === "number" && Number.isFinite(value) ? Math.ceil(value) : value;

/** Supplies an absent member from the first other place that has it. The object it belongs in must be there. */
export function fromPlaces(root: unknown, path: readonly string[], places: readonly unknown[]): void {
  const value = firstDefined(places);
  if (value === undefined) return;
  const depth = path.length - 1;
  const name = path[depth];
  const parent = at(root, path, depth);
  if (name !== undefined && isObject(parent) && parent[name] === undefined) parent[name] = value;
}

function firstDefined(places: readonly unknown[]): unknown {
  for (let i = 0; i < places.length; i++) if (places[i] !== undefined) return places[i];
  return undefined;
}

/** The value at a path of own members, or at the first `depth` of them. */
export function at(root: unknown, path: readonly string[], depth = path.length): unknown {
  let value = root;
  for (let i = 0; i < depth; i++) {
    const name = path[i] as string;
    if (!isObject(value)) return undefined;
    const member: unknown = value[name];
    // What is absent need not be asked for its owner.
    if (member === undefined || !Object.hasOwn(value, name)) return undefined;
    value = member;
  }
  return value;
}

const DEPTH = 32;

function sameValue(a: unknown, b: unknown, depth = DEPTH): boolean {
  if (a === b) return true;
  if (depth === 0 || typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => sameValue(item, b[i], depth - 1));
  }
  const [x, y] = [a as Json, b as Json];
  const names = Object.keys(x);
  return (
    names.length === Object.keys(y).length &&
    names.every((name) => Object.hasOwn(y, name) && sameValue(x[name], y[name], depth - 1))
  );
}

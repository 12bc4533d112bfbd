import { WireError } from "./errors.js";

/** A JSON object from outside; only members that are asked for are looked at. */
export type Members = Readonly<Record<string, unknown>>;

/** Identifiers are bounded as HOMP bounds them [Q.4103 6.1.2]. */
const MAX_ID = 256;
const MAX_ADDRESS = 2048;

function wrong(path: string, name: string, what: string): WireError {
  return new WireError("ERR_FIELD", path === "" ? name : `${path}.${name}`, what);
}

export function optionalMembers(of: Members, name: string, path: string): Members | undefined {
  const value = of[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw wrong(path, name, "no object");
  return value as Members;
}

export function members(of: Members, name: string, path: string): Members {
  const value = of[name];
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, name, "no object");
  return value as Members;
}

export function list(of: Members, name: string, path: string, most: number): readonly unknown[] {
  const value = of[name];
  if (!Array.isArray(value)) throw wrong(path, name, "no array");
  if (value.length > most) throw wrong(path, name, `more than ${most} items`);
  return value;
}

export function text(of: Members, name: string, path: string, most: number, least = 0): string {
  const value = of[name];
  if (typeof value !== "string") throw wrong(path, name, "no string");
  if (value.length < least || value.length > most) throw wrong(path, name, `not of ${least} to ${most} characters`);
  return value;
}

export function optionalText(of: Members, name: string, path: string, most: number): string | undefined {
  return of[name] === undefined || of[name] === null ? undefined : text(of, name, path, most);
}

export const identifier = (of: Members, name: string, path: string): string => text(of, name, path, MAX_ID, 1);

export const address = (of: Members, name: string, path: string): string => text(of, name, path, MAX_ADDRESS);

/** A safe integer, from a number or, as the field's scans have it, from a decimal string. */
export function integer(of: Members, name: string, path: string, least = Number.MIN_SAFE_INTEGER): number {
  const value = of[name];
  const number = typeof value === "string" && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) throw wrong(path, name, "no integer");
  if (number < least) throw wrong(path, name, `less than ${least}`);
  return number;
}

/** Absent is false: the profiles differ in which flags they have. */
export function flag(of: Members, name: string, path: string, otherwise = false): boolean {
  const value = of[name];
  if (value === undefined || value === null) return otherwise;
  if (typeof value !== "boolean") throw wrong(path, name, "neither true nor false");
  return value;
}

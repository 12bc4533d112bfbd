/** What generated validators are made of. A check that finds nothing allocates nothing. */
import type { ValidationIssue } from "./validation.js";

/** Issues found so far, their members relative to the value checked; undefined until the first one. */
export type Issues = ValidationIssue[] | undefined;
export type Check = (value: unknown) => Issues;

/** Enough to mend a message by; hostile input shall not make a long list. */
export const ISSUE_LIMIT = 20;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that the object itself has, where the name is one that every object inherits. */
export function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** @param member JSON Pointer from the value checked, "" for the value itself */
export function add(issues: Issues, member: string, clause: string, message: string): Issues {
  if (issues === undefined) return [{ member, clause, message }];
  if (issues.length < ISSUE_LIMIT) issues.push({ member, clause, message });
  return issues;
}

export function missing(issues: Issues, member: string, clause: string): Issues {
  return add(issues, member, clause, "is missing");
}

/** @param expected what it should be: `a string` */
export function wrongType(issues: Issues, member: string, clause: string, expected: string, value: unknown): Issues {
  return add(issues, member, clause, `must be ${expected}, not ${typeName(value)}`);
}

/** Takes over the issues of a member's value. */
export function within(issues: Issues, member: string, inner: Issues): Issues {
  if (inner === undefined) return issues;
  let all = issues;
  for (const issue of inner) all = add(all, member + issue.member, issue.clause, issue.message);
  return all;
}

/** Takes over the issues of an item. */
export function withinItem(issues: Issues, member: string, index: number, inner: Issues): Issues {
  return inner === undefined ? issues : within(issues, `${member}/${index}`, inner);
}

/** Checks every member whose name is not a declared one. */
export function withinOthers(issues: Issues, value: object, declared: ReadonlySet<string>, check: Check): Issues {
  let all = issues;
  for (const [name, member] of Object.entries(value)) {
    if (!declared.has(name) && member !== undefined && !full(all)) all = within(all, pointer(name), check(member));
  }
  return all;
}

/** For `additionalProperties: false`. */
export function noOthers(issues: Issues, value: object, declared: ReadonlySet<string>, clause: string): Issues {
  let all = issues;
  for (const name of Object.keys(value)) {
    if (!declared.has(name)) all = add(all, pointer(name), clause, "is not a member of this object");
  }
  return all;
}

export function full(issues: Issues): boolean {
  return issues !== undefined && issues.length >= ISSUE_LIMIT;
}

/** The value satisfies at least one check: nothing. Otherwise the issues of the one it came nearest to. */
export function anyOf(value: unknown, checks: readonly Check[]): Issues {
  let nearest: Issues;
  for (const check of checks) {
    const issues = check(value);
    if (issues === undefined) return undefined;
    if (nearest === undefined || issues.length < nearest.length) nearest = issues;
  }
  return nearest;
}

/** The same for exactly one. */
export function oneOf(value: unknown, checks: readonly Check[], clause: string): Issues {
  let matches = 0;
  for (const check of checks) if (check(value) === undefined) matches++;
  if (matches === 0) return anyOf(value, checks);
  return matches === 1 ? undefined : add(undefined, "", clause, "fits more than one of the forms allowed");
}

/** Length in characters (code points, as JSON Schema counts), looked at only where UTF-16 units leave it open. */
export function longerThan(text: string, limit: number): boolean {
  return text.length > limit && (text.length > 2 * limit || codePoints(text) > limit);
}

export function shorterThan(text: string, limit: number): boolean {
  return text.length < limit || (text.length < 2 * limit && codePoints(text) < limit);
}

function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const high = text.charCodeAt(index);
    if (high < 0xd800 || high > 0xdbff) continue;
    const low = text.charCodeAt(index + 1);
    if (low >= 0xdc00 && low <= 0xdfff) {
      count--;
      index++;
    }
  }
  return count;
}

/** Whether two items are the same value [JSON Schema 2020-12 6.4.3]. */
export function hasTwins(items: readonly unknown[]): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    const text = canonical(item);
    if (seen.has(text)) return true;
    seen.add(text);
  }
  return false;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

function pointer(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  if (typeof value === "number" && !Number.isFinite(value)) return "a number without a JSON form";
  return typeof value === "undefined" ? "absent" : `a ${typeof value}`;
}

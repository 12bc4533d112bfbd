/** What `t.match` compares with: a shape of matchers, literals, patterns and nested shapes; members not named are not looked at. */
export interface Matcher {
  readonly expected: string;
  test(actual: unknown): boolean;
}

export type Shape = Matcher | RegExp | string | number | boolean | null | ShapeObject;
export interface ShapeObject {
  readonly [name: string]: Shape;
}

function matcher(expected: string, test: (actual: unknown) => boolean): Matcher {
  return { expected, test };
}

/** Matchers by name: `is.string`, `is.number`, `is.oneOf(…)`, `is.optional(…)`. */
export const is = {
  string: matcher("a string", (actual) => typeof actual === "string"),
  nonEmptyString: matcher("a non-empty string", (actual) => typeof actual === "string" && actual !== ""),
  number: matcher("a number", (actual) => typeof actual === "number"),
  integer: matcher("an integer", (actual) => Number.isInteger(actual)),
  positive: matcher("a number above 0", (actual) => typeof actual === "number" && actual > 0),
  boolean: matcher("a boolean", (actual) => typeof actual === "boolean"),
  array: matcher("a list", (actual) => Array.isArray(actual)),
  object: matcher("an object", isObject),
  absent: matcher("nothing (the member is absent)", (actual) => actual === undefined),
  present: matcher("any value (the member is present)", (actual) => actual !== undefined),
  /** A number, or a string of decimal digits: several errata leave this open. */
  amount: matcher(
    "a number or a decimal string",
    (actual) => typeof actual === "number" || (typeof actual === "string" && /^\d+(\.\d+)?$/.test(actual)),
  ),
  oneOf: (...permitted: readonly (string | number | boolean | null)[]): Matcher =>
    matcher(permitted.map((one) => JSON.stringify(one)).join(" or "), (actual) =>
      permitted.some((one) => one === actual),
    ),
  between: (low: number, high: number): Matcher =>
    matcher(
      `a number from ${low} to ${high}`,
      (actual) => typeof actual === "number" && actual >= low && actual <= high,
    ),
  listOf: (shape: Shape): Matcher =>
    matcher(
      `a list of ${describeShape(shape)}`,
      (actual) => Array.isArray(actual) && actual.every((one) => mismatch(one, shape) === undefined),
    ),
  optional: (shape: Shape): Matcher =>
    matcher(
      `${describeShape(shape)} or nothing`,
      (actual) => actual === undefined || mismatch(actual, shape) === undefined,
    ),
  where: (expected: string, test: (actual: unknown) => boolean): Matcher => matcher(expected, test),
} as const;

export interface Mismatch {
  /** Dotted path of the member; empty for the value itself. */
  readonly path: string;
  readonly expected: string;
  readonly actual: unknown;
}

/** The first place where the value differs from the shape. */
export function mismatch(actual: unknown, shape: Shape, path = ""): Mismatch | undefined {
  if (shape instanceof RegExp) {
    return typeof actual === "string" && shape.test(actual) ? undefined : { path, expected: String(shape), actual };
  }
  if (isMatcher(shape)) return shape.test(actual) ? undefined : { path, expected: shape.expected, actual };
  if (shape === null || typeof shape !== "object") {
    return actual === shape ? undefined : { path, expected: JSON.stringify(shape), actual };
  }
  if (!isObject(actual)) return { path, expected: "an object", actual };
  for (const [name, member] of Object.entries(shape)) {
    const found = mismatch(actual[name], member, path === "" ? name : `${path}.${name}`);
    if (found) return found;
  }
  return undefined;
}

export function describeShape(shape: Shape): string {
  if (shape instanceof RegExp) return String(shape);
  if (isMatcher(shape)) return shape.expected;
  if (shape === null || typeof shape !== "object") return JSON.stringify(shape);
  return `{ ${Object.entries(shape)
    .map(([name, member]) => `${name}: ${describeShape(member)}`)
    .join(", ")} }`;
}

function isMatcher(shape: unknown): shape is Matcher {
  return isObject(shape) && typeof shape.test === "function" && typeof shape.expected === "string";
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path (`overlay.overlay-id`, `peers.0`), or undefined. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => {
    if (Array.isArray(at)) return at[Number(name)] as unknown;
    return isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }, value);
}

/** For messages: short JSON, or what else it is. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string" && value.length > 300) return `${JSON.stringify(value.slice(0, 300))}…`;
  const text = value instanceof Uint8Array ? `octets ${Buffer.from(value).toString("hex")}` : JSON.stringify(value);
  return text === undefined ? String(value) : text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

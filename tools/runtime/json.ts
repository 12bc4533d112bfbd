import { Mp2pError } from "./errors.js";
import { isWellFormed } from "./http-url.js";

/** Bounds on a JSON text that comes from outside. */
export interface JsonLimits {
  /** Levels of arrays and objects; `1` allows one object without objects inside. */
  readonly depth: number;
  /** Members of any one object. Arrays are bounded by the size of the body alone. */
  readonly members: number;
}

export const defaultJsonLimits: JsonLimits = { depth: 32, members: 1024 };

/**
 * Parses a JSON text within limits. A byte order mark is skipped, a member named `__proto__` is dropped, so that no
 * later copy of the value can reach a prototype.
 *
 * @throws Mp2pError ERR_JSON_SYNTAX, ERR_JSON_DEPTH or ERR_JSON_MEMBERS
 */
export function parseJson(text: string, limits: JsonLimits = defaultJsonLimits): unknown {
  let value: unknown;
  try {
    // [RFC 8259 8.1] a receiver may ignore a byte order mark.
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    throw new Mp2pError("ERR_JSON_SYNTAX", "the text is not JSON", { cause });
  }
  if (typeof value === "object" && value !== null) inspect(value, limits.depth, limits.members);
  return value;
}

/** Walks a parsed value; recursion is bounded by `depth` itself. Also for values another parser has produced. */
export function inspect(value: object, depth: number, members: number): void {
  if (depth <= 0) throw new Mp2pError("ERR_JSON_DEPTH", "the JSON text is nested too deeply");
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === "object" && item !== null) inspect(item, depth - 1, members);
    }
    return;
  }
  let count = 0;
  const record = value as Record<string, unknown>;
  for (const name in record) {
    if (++count > members) throw new Mp2pError("ERR_JSON_MEMBERS", "a JSON object has too many members");
    const item = record[name];
    if (name === "__proto__") Reflect.deleteProperty(record, name);
    else if (typeof item === "object" && item !== null) inspect(item, depth - 1, members);
  }
}

/** Whether a text in UTF-8 may hold strings without a UTF-8 form: only an escape can bring a lone surrogate. */
export function mayBeIllFormed(text: string): boolean {
  return /\\u[dD][89a-fA-F]/.test(text);
}

/** JSON Pointer of a string, or of a member whose name is one, that has a lone surrogate and so no UTF-8 form; undefined where none has. */
export function illFormedMember(value: unknown, at = ""): string | undefined {
  if (typeof value === "string") return isWellFormed(value) ? undefined : at;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    // The pointer has to go out as UTF-8 itself.
    if (!isWellFormed(name)) return at;
    const found = illFormedMember(item, `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How a HOMS wants HOMP spelt: the text of Q.4103, or the study group's public implementations by their dates. */
export type DialectName = "text" | "v22" | "v23a" | "v23";

/** `auto`: asked of the HOMS before the first request. */
export type DialectChoice = DialectName | "auto";

export type Json = Readonly<Record<string, unknown>>;

/** One request as it travels: what `path` is on the base URL, and a body that is an object. */
export interface DialectRequest {
  readonly method: string;
  readonly path: string;
  /** With its question mark; "" where there is none. */
  readonly query: string;
  readonly body: Json | undefined;
}

export interface DialectAnswer {
  readonly status: number;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
}

/** One of the field's ways: from requests as the text has them, and to answers as the text's readers take them. */
export interface Dialect {
  readonly name: DialectName;
  request(request: DialectRequest): DialectRequest;
  /** An answer that says something else than its status does in the text; undefined: as it is. */
  answer(request: DialectRequest, answer: DialectAnswer): DialectAnswer | undefined;
  /** A second request where the first was refused so; undefined: none. */
  instead(request: DialectRequest, answer: DialectAnswer): DialectRequest | undefined;
}

export const objectOf = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};

/** A copy without these members, and without those that are undefined. */
export function without(object: unknown, ...names: readonly string[]): Json {
  return Object.fromEntries(
    Object.entries(objectOf(object)).filter(([name, value]) => value !== undefined && !names.includes(name)),
  );
}

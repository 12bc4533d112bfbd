/** JSON Schema 2020-12, as far as the generator knows it, to the model's types. */
import { compareClauses } from "./clause.js";
import { type Cursor, isObject } from "./cursor.js";
import type {
  AllType,
  JsonType,
  JsonValue,
  Member,
  MemberAccept,
  ObjectAccept,
  ObjectType,
  Place,
  Type,
} from "./model.js";
import { compareText } from "./problem.js";
import { accepts, annotations, checkWords, constraints, extensions } from "./vocabulary.js";

/** Turns the value of a `$ref` into the name of the schema it leads to; undefined after reporting a problem. */
export type NameOf = (ref: Cursor) => string | undefined;

const JSON_TYPES: readonly string[] = ["string", "number", "integer", "boolean", "object", "array", "null"];

/** Constraints per JSON type, to guess the type of a narrowing that names none. */
const IMPLIED: readonly [JsonType, readonly string[]][] = [
  ["object", ["properties", "required", "additionalProperties", "minProperties", "maxProperties"]],
  ["array", ["items", "minItems", "maxItems", "uniqueItems"]],
  ["string", ["minLength", "maxLength", "pattern"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

/** @param place which `x-accept` keys make sense here */
export function readType(schema: Cursor, nameOf: NameOf, place: "schema" | "property" = "schema"): Type {
  if (schema.value === true) return { kind: "unknown" };
  if (!isObject(schema.value)) {
    schema.problem("a schema is meant here. Write an object with type, or $ref.");
    return { kind: "unknown" };
  }
  checkWords(schema, [...constraints, ...annotations, ...extensions.schema], "keyword");
  checkWords(schema.get("x-accept"), accepts[place], "x-accept key");

  const parts: Type[] = [];
  if (schema.has("$ref")) {
    const name = nameOf(schema.get("$ref"));
    parts.push(name === undefined ? { kind: "unknown" } : { kind: "ref", name });
  }
  parts.push(...ownTypes(schema, nameOf));
  for (const part of schema.get("allOf").items()) parts.push(readType(part, nameOf));
  for (const mode of ["anyOf", "oneOf"] as const) {
    if (!schema.has(mode)) continue;
    const options = schema.get(mode).items();
    if (options.length === 0) schema.get(mode).problem(`${mode} needs a list of schemas. Add at least one.`);
    const discriminator = schema.get("discriminator").get("propertyName").text();
    parts.push({
      kind: "union",
      mode,
      options: options.map((option) => readType(option, nameOf)),
      ...(discriminator === "" ? {} : { discriminator }),
    });
  }
  const [only] = parts;
  if (only === undefined) return { kind: "unknown" };
  return parts.length === 1 ? only : ({ kind: "all", parts } satisfies AllType);
}

function ownTypes(schema: Cursor, nameOf: NameOf): Type[] {
  if (schema.has("const") || schema.has("enum")) {
    const values = schema.has("const") ? [schema.get("const")] : schema.get("enum").items();
    return [enumeration(schema, values)];
  }
  const declared = schema.get("type");
  if (declared.value === undefined) {
    const implied = IMPLIED.filter(([, words]) => words.some((word) => schema.has(word)));
    return implied.map(([type]) => ofJsonType(type, schema, nameOf, true));
  }
  const names = declared.texts();
  const known = names.filter((name): name is JsonType => JSON_TYPES.includes(name));
  for (const name of names) {
    if (!JSON_TYPES.includes(name)) declared.problem(`${name} is no JSON type. Use one of ${JSON_TYPES.join(", ")}.`);
  }
  for (const [type, words] of IMPLIED) {
    if (known.includes(type) || (type === "number" && known.includes("integer")) || known.length === 0) continue;
    const idle = words.find((word) => schema.has(word));
    if (idle !== undefined) {
      schema.get(idle).problem(`${idle} says nothing about type ${known.join(" or ")}. Remove it, or correct type.`);
    }
  }
  const types = known.map((type) => ofJsonType(type, schema, nameOf, false));
  return types.length <= 1 ? types : [{ kind: "union", mode: "anyOf", options: types }];
}

function ofJsonType(type: JsonType, schema: Cursor, nameOf: NameOf, loose: boolean): Type {
  switch (type) {
    case "object":
      return readObject(schema, nameOf, loose);
    case "array":
      return {
        kind: "array",
        loose,
        items: schema.has("items") ? readType(schema.get("items"), nameOf) : { kind: "unknown" },
        ...numbers(schema, ["minItems", "maxItems"]),
        uniqueItems: schema.get("uniqueItems").flag(),
      };
    case "string": {
      const pattern = schema.get("pattern");
      if (pattern.value !== undefined) checkPattern(pattern);
      return {
        kind: "string",
        loose,
        ...numbers(schema, ["minLength", "maxLength"]),
        ...texts(schema, ["pattern", "format"]),
      };
    }
    case "number":
    case "integer":
      return {
        kind: type,
        loose,
        ...numbers(schema, ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ...texts(schema, ["format"]),
      };
    case "boolean":
      return { kind: "boolean" };
    case "null":
      return { kind: "null" };
  }
}

function enumeration(schema: Cursor, values: readonly Cursor[]): Type {
  const plain = values.map(({ value }) => value);
  if (plain.length === 0) schema.problem("enum has no values. List at least one.");
  if (new Set(plain.map((value) => JSON.stringify(value))).size < plain.length) {
    schema.get("enum").problem("enum lists a value twice. Remove one.");
  }
  const strings = plain.filter((value) => typeof value === "string");
  const numeric = plain.filter((value) => typeof value === "number");
  const booleans = plain.filter((value) => typeof value === "boolean");
  const options: Type[] = [];
  if (strings.length > 0) options.push({ kind: "string", loose: false, enum: strings });
  if (numeric.length > 0) {
    const kind = numeric.every(Number.isInteger) ? "integer" : "number";
    options.push({ kind, loose: false, enum: numeric });
  }
  for (const value of booleans) options.push({ kind: "boolean", const: value });
  if (plain.includes(null)) options.push({ kind: "null" });
  if (strings.length + numeric.length + booleans.length + (plain.includes(null) ? 1 : 0) < plain.length) {
    schema.problem(
      "enum and const take strings, numbers, booleans and null. Describe objects and arrays by their members.",
    );
  }
  const [only] = options;
  if (only === undefined) return { kind: "unknown" };
  return options.length === 1 ? only : { kind: "union", mode: "anyOf", options };
}

function readObject(schema: Cursor, nameOf: NameOf, loose: boolean): ObjectType {
  const required = schema.get("required").texts();
  const properties = schema.get("properties");
  const members = properties
    .entries()
    .map(([name, property]) => readMember(name, property, required.includes(name), nameOf));
  members.sort(
    (a, b) =>
      compareClauses(a.clause, b.clause) || Number(b.required) - Number(a.required) || compareText(a.name, b.name),
  );
  const additional = schema.get("additionalProperties");
  const alsoRequired = required.filter((name) => !properties.has(name)).sort(compareText);
  if (!loose && alsoRequired.length > 0) {
    schema
      .get("required")
      .problem(`required names ${alsoRequired.join(", ")}, which properties does not have. Declare it there.`);
  }
  return {
    kind: "object",
    loose,
    members,
    alsoRequired,
    additional:
      additional.value === undefined || typeof additional.value === "boolean"
        ? (additional.value ?? true)
        : readType(additional, nameOf),
    ...numbers(schema, ["minProperties", "maxProperties"]),
    accept: readObjectAccept(schema.get("x-accept")),
  };
}

function readMember(name: string, property: Cursor, required: boolean, nameOf: NameOf): Member {
  const { value } = property.get("default");
  const only = property.get("readOnly").flag() ? "read" : property.get("writeOnly").flag() ? "write" : "both";
  return {
    ...property.cited(),
    name,
    required,
    type: readType(property, nameOf, "property"),
    accept: readMemberAccept(property.get("x-accept")),
    direction: only,
    secret: property.get("x-secret").flag(),
    knownValues: property.get("x-known-values").texts(),
    ...(value === undefined ? {} : { default: value }),
    examples: property
      .get("examples")
      .items()
      .flatMap((item): JsonValue[] => (item.value === undefined ? [] : [item.value])),
  };
}

function readMemberAccept(accept: Cursor): MemberAccept {
  const types = accept.get("types").texts();
  for (const type of types) {
    if (!JSON_TYPES.includes(type))
      accept.get("types").problem(`${type} is no JSON type. Use one of ${JSON_TYPES.join(", ")}.`);
  }
  const member = accept.get("member").text();
  if (types.includes("object") && member === "") {
    accept.problem("types: [object] does not say which member holds the value. Add member: NAME.");
  }
  return {
    names: accept.get("names").texts(),
    refuseConflict: oneWord(accept.get("conflict"), "refuse"),
    types: types.filter((type): type is JsonType => JSON_TYPES.includes(type)),
    member: member === "" ? undefined : member,
    nullAbsent: accept.get("null-absent").flag(),
    roundUp: oneWord(accept.get("round"), "up"),
    nested: accept.get("nested").flag(),
    wrappedItems: accept.get("wrapped-items").flag(),
    errata: accept.get("erratum").texts(),
  };
}

function readObjectAccept(accept: Cursor): ObjectAccept {
  return {
    trimNames: accept.get("trim-names").flag(),
    ignoreCase: accept.get("ignore-case").texts(),
    unwrapped: accept.get("unwrapped").flag(),
    places: accept
      .get("places")
      .entries()
      .map(
        ([pointer, from]): Place => ({
          member: pointerPath(pointer, from),
          from: from
            .texts()
            .map((place) =>
              place.startsWith("?") ? { parameter: place.slice(1) } : { member: pointerPath(place, from) },
            ),
        }),
      )
      .sort((a, b) => compareText(a.member.join("/"), b.member.join("/"))),
    errata: accept.get("erratum").texts(),
  };
}

/** `/overlay/overlay-id` → its steps [RFC 6901]. */
export function pointerPath(pointer: string, cursor: Cursor): string[] {
  if (!pointer.startsWith("/")) cursor.problem(`${pointer} is no JSON pointer. Begin it with a slash: /${pointer}.`);
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function oneWord(cursor: Cursor, word: string): boolean {
  const text = cursor.text();
  if (text !== "" && text !== word) cursor.problem(`${text} is not known here. Write ${word}, or leave it out.`);
  return text === word;
}

function checkPattern(pattern: Cursor): void {
  try {
    new RegExp(pattern.text(), "u");
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "syntax";
    pattern.problem(`pattern is no regular expression: ${why}. Mend it; it is read with the flag u.`);
  }
}

function numbers<Key extends string>(schema: Cursor, keys: readonly Key[]): { readonly [K in Key]?: number } {
  const found: { [K in Key]?: number } = {};
  for (const key of keys) {
    const value = schema.get(key).number();
    if (value !== undefined) found[key] = value;
  }
  return found;
}

function texts<Key extends string>(schema: Cursor, keys: readonly Key[]): { readonly [K in Key]?: string } {
  const found: { [K in Key]?: string } = {};
  for (const key of keys) {
    const value = schema.get(key).text();
    if (value !== "") found[key] = value;
  }
  return found;
}

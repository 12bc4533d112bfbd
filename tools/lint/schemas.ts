/** Rules on schema files: named, cited, bounded, open. */
import { type Cursor, isObject } from "../model/cursor.js";
import { checkCited } from "./citations.js";
import { below, nameOf, type SpecTree } from "./spec-tree.js";

const TYPE_NAME = /^[A-Z][A-Za-z0-9]*$/;

/** One file of schemas/ or messages/: one named type. */
export function checkSchemaFile(file: Cursor, tree: SpecTree): void {
  const { name } = file.file;
  if (!TYPE_NAME.test(name)) {
    file.problem(`${name} is no type name. Name the file in PascalCase, as its TypeScript type will be called.`);
  }
  if (typeof file.get("title").value !== "string") {
    file.problem(`${name} has no title. Give the element's name as printed.`);
  }
  checkCited(file, name);
  checkSchema(file, tree, name);
  if (file.has("x-element")) checkElement(file, tree);
}

/** A schema anywhere: bounds, whole-file references, no anonymous objects, nothing closed. */
export function checkSchema(schema: Cursor, tree: SpecTree, what: string): void {
  if (schema.has("$ref")) checkRef(schema.get("$ref"), tree);
  checkBounds(schema, what);
  if (schema.get("format").value === "binary") {
    schema
      .get("format")
      .problem(`${what} cannot be octets. Write them in base64, or take them as a body of application/octet-stream.`);
  }
  if (schema.get("additionalProperties").value === false) {
    schema
      .get("additionalProperties")
      .problem(`${what} refuses unknown members. Remove additionalProperties: messages have to be extensible.`);
  }
  for (const [name, property] of schema.get("properties").entries()) {
    const member = `${what}.${name}`;
    checkCited(property, member);
    checkNamed(property, member);
    checkSchema(property, tree, member);
  }
  if (schema.has("properties")) {
    for (const item of schema.get("required").items()) {
      if (!schema.get("properties").has(String(item.value))) {
        item.problem(`${what} requires ${String(item.value)}, which it does not have. Declare it under properties.`);
      }
    }
  }
  for (const key of ["items", "additionalProperties"] as const) {
    const part = schema.get(key);
    if (!isObject(part.value)) continue;
    checkNamed(part, `${what} (${key})`);
    checkSchema(part, tree, `${what} (${key})`);
  }
  for (const key of ["allOf", "anyOf", "oneOf"] as const) {
    for (const part of schema.get(key).items()) {
      checkNamed(part, `${what} (${key})`);
      checkSchema(part, tree, `${what} (${key})`);
    }
  }
}

function checkRef(ref: Cursor, tree: SpecTree): void {
  const text = String(ref.value);
  if (text.includes("#")) {
    ref.problem(`$ref ${text} leads into a file. Refer to a whole file: give what is shared a file of its own.`);
  } else if (tree.follow(ref) === undefined) {
    ref.problem(`$ref ${text} leads to no file. Correct the path, or add the file.`);
  }
}

function checkNamed(schema: Cursor, what: string): void {
  if (schema.has("properties") || (schema.get("type").value === "object" && !schema.has("$ref"))) {
    schema.problem(`${what} is an object without a name. Move it to a file named like its type, and $ref that.`);
  }
}

function checkBounds(schema: Cursor, what: string): void {
  const types = schema.get("type").texts();
  const fixed = schema.has("enum") || schema.has("const");
  if (types.includes("string") && !fixed && !schema.has("maxLength")) {
    schema.problem(`${what} is a string without a maximum. Add maxLength, so that absurd input is refused.`);
  }
  if (types.includes("array") && !schema.has("maxItems")) {
    schema.problem(`${what} is an array without a maximum. Add maxItems, so that absurd input is refused.`);
  }
  if ((types.includes("number") || types.includes("integer")) && !fixed) {
    checkNumber(schema, what, ["minimum", "exclusiveMinimum"], "minimum");
    checkNumber(schema, what, ["maximum", "exclusiveMaximum"], "maximum");
  }
}

/** JavaScript, like many other languages, holds integers exactly only up to 2^53 - 1. */
function checkNumber(schema: Cursor, what: string, keys: readonly string[], advice: string): void {
  const bounds = keys.map((key) => schema.get(key)).filter(({ value }) => value !== undefined);
  const [bound] = bounds;
  if (bound === undefined) {
    schema.problem(`${what} is a number without a ${advice}. Add one within ±9007199254740991 (2^53 - 1).`);
  } else if (typeof bound.value !== "number" || Math.abs(bound.value) > Number.MAX_SAFE_INTEGER) {
    bound.problem(`the ${nameOf(bound)} of ${what} is unsafe. Keep it within ±9007199254740991 (2^53 - 1).`);
  }
}

/** A message part carries members of its element: the same type, or a deviation that an erratum explains. */
function checkElement(part: Cursor, tree: SpecTree): void {
  const name = part.get("x-element");
  const folder = below(tree.root, part.file).split("/")[0] ?? "";
  const element = tree.cursor(`${folder}/schemas/${String(name.value)}.yaml`);
  if (element === undefined) {
    name.problem(`there is no element ${String(name.value)}. Name a file of ${folder}/schemas/, without .yaml.`);
    return;
  }
  for (const [member, property] of part.get("properties").entries()) {
    if (property.has("x-errata")) continue;
    const original = element.get("properties").get(member);
    if (original.value === undefined) {
      property.problem(`${String(name.value)} has no member ${member}. Add x-errata that says why it is here.`);
    } else if (target(property, tree) !== target(original, tree)) {
      property.problem(`${member} differs from that of ${String(name.value)}. Use the same $ref, or add x-errata.`);
    }
  }
}

/** The file a property refers to, or the element of which that file is a selection. */
function target(property: Cursor, tree: SpecTree): string {
  const file = tree.follow(property.get("$ref"));
  if (file === undefined) return JSON.stringify(property.get("type").value ?? "");
  return String(file.get("x-element").value ?? file.file.name);
}

/** Constraints and citations in words, for doc comments and reference pages. */
import type { Cited, Member, Schema, Type } from "../model/model.js";

/** `1 to 256 characters`, `0 to 4294967295`, `at most 10 items` …; empty where nothing binds. */
export function describeConstraints(type: Type): string {
  switch (type.kind) {
    case "string":
      return join([
        range(type.minLength, type.maxLength, "character"),
        type.pattern === undefined ? "" : `matches /${type.pattern}/`,
        type.format ?? "",
      ]);
    case "number":
    case "integer":
      return join([
        range(type.minimum, type.maximum, ""),
        type.exclusiveMinimum === undefined ? "" : `more than ${type.exclusiveMinimum}`,
        type.exclusiveMaximum === undefined ? "" : `less than ${type.exclusiveMaximum}`,
        type.multipleOf === undefined ? "" : `a multiple of ${type.multipleOf}`,
        type.kind === "integer" ? "an integer" : "",
      ]);
    case "array":
      return join([range(type.minItems, type.maxItems, "item"), type.uniqueItems ? "no two alike" : ""]);
    case "object":
      return join([
        range(type.minProperties, type.maxProperties, "member"),
        type.alsoRequired.length === 0 ? "" : `with ${type.alsoRequired.join(" and ")}`,
      ]);
    case "union": {
      const options = type.options.map(describeConstraints).filter((text) => text !== "");
      return options.length === 0
        ? ""
        : `${type.mode === "anyOf" ? "at least" : "exactly"} one of: ${options.join("; ")}`;
    }
    case "all":
      return join(type.parts.map(describeConstraints));
    case "ref":
    case "boolean":
    case "null":
    case "unknown":
      return "";
  }
}

function range(low: number | undefined, high: number | undefined, unit: string): string {
  if (low === undefined && high === undefined) return "";
  const count = high ?? low;
  const units = unit === "" ? "" : ` ${unit}${count === 1 ? "" : "s"}`;
  if (low === high) return `exactly ${low}${units}`;
  if (high === undefined) return low === 0 && unit !== "" ? "" : `at least ${low}${units}`;
  if (low === undefined || (low === 0 && unit !== "")) return `at most ${high}${units}`;
  return `${low} to ${high}${units}`;
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

/** `X.609.1 9.1.2`; the clause alone where no document is known. */
export function citation(document: string, clause: string): string {
  return [document, clause].filter((part) => part !== "").join(" ");
}

/** Doc comment text of a member: what it is, what binds it, what shaped it. */
export function memberText(member: Member): string {
  const facts = [
    describeConstraints(member.type),
    member.knownValues.length === 0 ? "" : `known words: ${member.knownValues.join(", ")}`,
    member.default === undefined ? "" : `default ${JSON.stringify(member.default)}`,
    member.secret ? "secret" : "",
  ];
  return paragraphs([member.description, sentence(join(facts))], member);
}

/** Doc comment text of a schema. */
export function schemaText(schema: Schema): string {
  const constraints = sentence(describeConstraints(schema.type));
  const selection = schema.element === undefined ? "" : `A selection of {@link ${schema.element}}.`;
  return paragraphs([schema.description, selection, constraints], schema);
}

function paragraphs(parts: readonly string[], cited: Cited): string {
  const errata = cited.errata.length === 0 ? "" : `Errata: ${cited.errata.join(", ")}.`;
  return [...parts, errata].filter((part) => part !== "").join(" ");
}

/** Capital letter and full stop, unless it ends in a pattern that a stop would falsify. */
function sentence(text: string): string {
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Parameters and query carriers: text on the wire, typed values inside. */
import { longerThan, shorterThan } from "./checks.js";
import {
  cite,
  type Operation,
  type OperationParameter,
  type ParameterType,
  type QueryCarrier,
} from "./http-operation.js";
import { percentDecode } from "./http-url.js";
import type { QueryValues, ValidationIssue } from "./validation.js";

/** More parameters than this in one query are refused. */
const MAX_QUERY_PARAMETERS = 256;

/** A query string as values by name; undefined when it is malformed, not UTF-8, or absurdly long. */
export function parseQuery(text: string): QueryValues | undefined {
  if (percentDecode(text) === undefined) return undefined;
  const values: Record<string, string[]> = Object.create(null);
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > MAX_QUERY_PARAMETERS) return undefined;
    const known = values[name];
    if (known === undefined) values[name] = [value];
    else known.push(value);
  }
  return values;
}

/** Text to a value of the declared type; undefined when it is none. */
export function convertText(text: string, type: ParameterType): string | number | boolean | undefined {
  switch (type) {
    case "string":
      return text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    default: {
      if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
      const number = Number(text);
      if (type === "integer" && !Number.isSafeInteger(number)) return undefined;
      return number;
    }
  }
}

/** Why a value does not satisfy its parameter; undefined when it does. */
export function parameterFault({ constraints, type }: OperationParameter, value: unknown): string | undefined {
  if (typeof value === "string") {
    // In code points, as bodies are counted: what was taken in a body has to be addressable in a path.
    if (shorterThan(value, constraints.minLength ?? 0)) return "is too short";
    if (constraints.maxLength !== undefined && longerThan(value, constraints.maxLength)) {
      return `is longer than ${constraints.maxLength} characters`;
    }
    if (constraints.pattern !== undefined && !constraints.pattern.test(value)) return "has the wrong form";
  } else if (typeof value === "number") {
    if (constraints.minimum !== undefined && value < constraints.minimum) return `is less than ${constraints.minimum}`;
    if (constraints.maximum !== undefined && value > constraints.maximum) return `is more than ${constraints.maximum}`;
  } else if (typeof value !== "boolean" || type !== "boolean") {
    return `is not a ${type}`;
  }
  if (constraints.enum !== undefined && !constraints.enum.includes(value as string | number)) {
    return `is none of ${constraints.enum.join(", ")}`;
  }
  return undefined;
}

/** The declared query parameters of a request, typed; `issues` receives what is wrong. Unknown parameters are ignored. */
export function readQueryParameters(
  operation: Pick<Operation, "document">,
  parameters: readonly OperationParameter[],
  query: QueryValues | undefined,
  issues: ValidationIssue[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const parameter of parameters) {
    const { name, type, array, required } = parameter;
    const clause = cite(operation, parameter.clause);
    const texts = query?.[name];
    if (texts === undefined) {
      if (required) issues.push({ member: `?${name}`, clause, message: "is missing" });
      continue;
    }
    // Which of them is meant, nobody can say.
    if (!array && texts.length > 1) issues.push({ member: `?${name}`, clause, message: "is given more than once" });
    const converted = (array ? texts : texts.slice(0, 1)).map((text) => convertText(text, type));
    for (const value of converted) {
      const fault = value === undefined ? `is not a ${type}` : parameterFault(parameter, value);
      if (fault !== undefined) issues.push({ member: `?${name}`, clause, message: fault });
    }
    values[name] = array ? converted : converted[0];
  }
  return values;
}

/** Single values that a query gives more than once. */
export function repeatedCarriers(
  operation: Pick<Operation, "document" | "clause" | "query">,
  query: QueryValues,
  issues: ValidationIssue[],
): void {
  for (const { parameter, array } of operation.query) {
    if (array || (query[parameter]?.length ?? 0) < 2) continue;
    issues.push({
      member: `?${parameter}`,
      clause: cite(operation, operation.clause),
      message: "is given more than once",
    });
  }
}

/** Parameters that the operation does not know: a filter that is misspelt would filter nothing. */
export function unknownParameters(operation: Operation, query: QueryValues, issues: ValidationIssue[]): void {
  for (const name of Object.keys(query)) {
    const known =
      operation.parameters.some((parameter) => parameter.in === "query" && parameter.name === name) ||
      operation.query.some(({ parameter }) => parameter === name);
    if (known) continue;
    issues.push({
      member: `?${name}`,
      clause: cite(operation, operation.clause),
      message: "is no parameter of this operation",
    });
  }
}

/**
 * Fills in body members that came as query parameters. Members the body has already stay. Text that is no value of the
 * declared type is left as text, for the validator to name.
 */
export function fillFromQuery(body: unknown, carriers: readonly QueryCarrier[], query: QueryValues): unknown {
  const root = body ?? {};
  if (typeof root !== "object" || Array.isArray(root)) return body;
  for (const { parameter, member, type, array } of carriers) {
    const texts = query[parameter];
    if (texts === undefined) continue;
    const values = texts.map((text) => convertText(text, type) ?? text);
    setMember(root as Record<string, unknown>, member, array ? values : values[0]);
  }
  return root;
}

function setMember(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let target = root;
  for (const [index, name] of path.entries()) {
    if (index === path.length - 1) {
      if (target[name] === undefined) target[name] = value;
      return;
    }
    target[name] ??= {};
    const next = target[name];
    if (typeof next !== "object" || next === null || Array.isArray(next)) return;
    target = next as Record<string, unknown>;
  }
}

/**
 * The query string that carries a body [for platforms that cannot send it], without the question mark; undefined when
 * the body holds something that no carrier takes.
 */
export function queryFromBody(body: unknown, carriers: readonly QueryCarrier[]): string | undefined {
  const query = new URLSearchParams();
  const carried = new Map(carriers.map((carrier) => [carrier.member.join("/"), carrier]));
  return collect(body, [], carried, query) ? query.toString() : undefined;
}

function collect(
  value: unknown,
  path: readonly string[],
  carried: ReadonlyMap<string, QueryCarrier>,
  query: URLSearchParams,
): boolean {
  const carrier = carried.get(path.join("/"));
  if (value === undefined) return true;
  if (carrier !== undefined) {
    // An empty list and an absent one mean different things, and a query can only say the latter.
    if (Array.isArray(value) && value.length === 0) return false;
    for (const item of Array.isArray(value) ? value : [value]) query.append(carrier.parameter, String(item));
    return true;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, member]) => collect(member, [...path, name], carried, query));
}

/** What the HTTP emitters share: names of the generated constructs, and the model's types in the runtime's terms. */
import type { Operation, Parameter, Protocol, Response, Type } from "../model/model.js";
import { camelCase, pascalCase } from "../print/names.js";
import { literal, propertyName } from "../print/printer.js";
import type { EmitContext } from "./emitter.js";

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

/** The constant in operations.ts: `pampPeerRegOperation`. Never the primitive's own name, which the client's function has. */
export function constantName(operation: Operation): string {
  return `${camelCase(operation.typeName)}Operation`;
}

/** A primitive's name is a function's name; reports one that cannot be. */
export function checkName({ id, position }: Operation, context: EmitContext): void {
  if (/^[A-Za-z_$][\w$]*$/.test(id) && !RESERVED.has(id)) return;
  context.problem(
    position,
    `operationId ${id} cannot name a function. Use letters, digits and _, and no reserved word.`,
  );
}

/** [ECMA-262 12.7.2] and what strict code and modules add. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public " +
    "return static super switch this throw true try typeof var void while with yield"
  ).split(" "),
);

/** `PAMP_PEER_REG` in doc comments: what it does, how it travels, where it is specified. */
export function operationDoc(protocol: Protocol, operation: Operation): { text: string; clause: string } {
  const summary = [sentence(operation.summary), operation.description].filter((text) => text !== "").join(" ");
  return {
    text: `${summary}\n\n\`${operation.method} ${operation.path}\``,
    clause: `${protocol.document} ${operation.clause}`,
  };
}

export function sentence(text: string): string {
  return text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
}

/** `404: No overlay network has this ID. [9.2.3.2 Table 6]` */
export function responseDoc(response: Response): string {
  const sources = [response.clause, ...response.errata].filter((source) => source !== "");
  const cited = sources.length === 0 ? "" : ` [${sources.join(", ")}]`;
  return `${response.status}: ${sentence(response.description)}${cited}`;
}

/** Statuses with their own entry, without `default`. */
export function declaredResponses(operation: Operation): (Response & { readonly status: number })[] {
  return operation.responses.filter((response): response is Response & { status: number } => {
    return response.status !== "default";
  });
}

/** The generated type of a body; reports a body that has no name. */
export function bodyTypeName(type: Type, operation: Operation, context: EmitContext): string {
  if (type.kind === "ref") return type.name;
  const advice = `Put it in a file of messages/ and refer to that.`;
  context.problem(operation.position, `a body of ${operation.id} is described in place. ${advice}`);
  return "unknown";
}

export function isProblem(contentType: string): boolean {
  return contentType === PROBLEM_CONTENT_TYPE;
}

/** A parameter's type as the runtime reads it. */
export interface SimpleType {
  readonly type: "string" | "number" | "integer" | "boolean";
  readonly array: boolean;
  /** Members of the runtime's ParameterConstraints, as source text. */
  readonly constraints: Readonly<Record<string, string>>;
}

/** Follows references and merges what binds; undefined for what cannot stand in a URL. */
export function simpleType(protocol: Protocol, type: Type): SimpleType | undefined {
  switch (type.kind) {
    case "ref": {
      const schema = protocol.schemas.find(({ name }) => name === type.name);
      return schema && simpleType(protocol, schema.type);
    }
    case "all": {
      const parts = type.parts.map((part) => simpleType(protocol, part));
      const [first] = parts;
      if (first === undefined || parts.includes(undefined)) return undefined;
      return { ...first, constraints: Object.assign({}, ...parts.map((part) => part?.constraints)) };
    }
    case "array": {
      const items = simpleType(protocol, type.items);
      return items === undefined || items.array ? undefined : { ...items, array: true };
    }
    case "string":
    case "number":
    case "integer":
    case "boolean":
      return { type: type.kind, array: false, constraints: constraintsOf(type) };
    default:
      return undefined;
  }
}

const BINDING = ["minLength", "maxLength", "enum", "minimum", "maximum"] as const;

function constraintsOf(type: Type): Record<string, string> {
  const constraints: Record<string, string> = {};
  for (const word of BINDING) {
    const value = (type as unknown as Readonly<Record<string, unknown>>)[word];
    if (value !== undefined) constraints[word] = literal(value);
  }
  if (type.kind === "string" && type.pattern !== undefined) {
    constraints.pattern = `/${type.pattern.replaceAll(/(?<!\\)\//g, "\\/")}/u`;
  }
  return constraints;
}

/** An object literal from member names and source text. */
export function objectText(members: Readonly<Record<string, string>>): string {
  const entries = Object.entries(members).map(([name, text]) => `${propertyName(name)}: ${text}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** The TypeScript type of a parameter's value. */
export function parameterTypeText(protocol: Protocol, parameter: Parameter, context: EmitContext): string {
  const simple = simpleType(protocol, parameter.type);
  if (simple === undefined || (parameter.in === "path" && simple.type !== "string")) {
    const advice =
      parameter.in === "path" ? "Make it a string." : "Make it a string, number, boolean or array of these.";
    context.problem(parameter.position, `parameter ${parameter.name} has a type that no URL can carry. ${advice}`);
    return "string";
  }
  const words = simple.constraints.enum;
  const base =
    words !== undefined
      ? (JSON.parse(words) as unknown[]).map((word) => literal(word)).join(" | ")
      : simple.type === "integer"
        ? "number"
        : simple.type;
  if (!simple.array) return base;
  return words === undefined ? `readonly ${base}[]` : `readonly (${base})[]`;
}

/** Parameters of an operation in one place, and a problem for those in headers, which nothing here carries. */
export function parametersIn(
  operation: Operation,
  place: "path" | "query",
  context: EmitContext,
): readonly Parameter[] {
  for (const parameter of operation.parameters) {
    if (parameter.in !== "header" || place !== "path") continue;
    const advice = "Leave it out: handlers see every header in their context, callers set them in their options.";
    context.problem(parameter.position, `header parameter ${parameter.name} is not generated. ${advice}`);
  }
  return operation.parameters.filter((parameter) => parameter.in === place);
}

/** First path segment that all operations share, if there is one: `pams`. */
export function commonSegment(protocol: Protocol): string | undefined {
  const [first, ...others] = new Set(protocol.operations.map(({ path }) => path.split("/")[1] ?? ""));
  return first === undefined || first === "" || first.startsWith("{") || others.length > 0 ? undefined : first;
}

/** `PampPeerRegServerRequest` and its like. */
export function roleType(operation: Operation, role: "Client" | "Server", what: "Request" | "Result"): string {
  return `${operation.typeName}${role}${what}`;
}

/** `createPampClient` and its like. */
export function factoryName(protocol: Protocol, what: string): string {
  return `create${pascalCase(protocol.prefix)}${what}`;
}

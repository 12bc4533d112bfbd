/** A spec as a flat table of facts: what two states of it are compared by, and what generated/spec-digest.json keeps. */
import { createHash } from "node:crypto";
import type { Cited, JsonValue, KsySpec, Member, Operation, Protocol, Schema, Spec, Type } from "../model/model.js";
import { compareText } from "../model/problem.js";
import { canonicalJson } from "../model/spec-file.js";

/** Aspects of one subject; an absent aspect says the default. */
export type Aspects = { readonly [aspect: string]: JsonValue };
/** Subjects, such as `pamp schema PeerId` or `homp operation HybridOverlayJoin response 404`. */
export type Facts = { readonly [subject: string]: Aspects };

export function factsOf(spec: Spec): Facts {
  const facts: [string, Aspects][] = [
    ...spec.protocols.flatMap(protocolFacts),
    ...spec.ksy.flatMap((ksy) => ksyFacts(ksy, spec.ksy)),
  ];
  return Object.fromEntries(facts.sort(([a], [b]) => compareText(a, b)));
}

function protocolFacts(protocol: Protocol): [string, Aspects][] {
  const use = usage(protocol);
  return [
    ...protocol.operations.flatMap((operation) => operationFacts(protocol.name, operation)),
    ...protocol.schemas.flatMap((schema) => schemaFacts(protocol.name, schema, use)),
  ];
}

function operationFacts(protocol: string, operation: Operation): [string, Aspects][] {
  const subject = `${protocol} operation ${operation.id}`;
  const { accept, requestBody } = operation;
  const facts: [string, Aspects][] = [
    [
      subject,
      aspects({
        route: `${operation.method} ${operation.path}`,
        idempotent: operation.idempotent,
        secured: operation.secured,
        accept: set([
          ...accept.paths.map((path) => `path ${path}`),
          ...accept.routes.map(({ method, path }) => `route ${method} ${path}`),
          ...accept.success.map((status) => `status ${status}`),
          ...(accept.trailingSlash ? ["trailing slash"] : []),
          ...(accept.query ? ["query for body"] : []),
          ...(accept.noBody ? ["no body"] : []),
        ]),
        query: set(operation.query.map(({ parameter, member }) => `${parameter} for /${member.join("/")}`)),
        fallback: set(
          operation.fallback.map(({ after, path, rename }) => `after ${after}: ${path ?? JSON.stringify(rename)}`),
        ),
        text: digest([operation.summary, documentation(operation)]),
      }),
    ],
  ];
  for (const parameter of operation.parameters) {
    facts.push([
      `${subject} ${parameter.in} parameter ${parameter.name}`,
      aspects({
        required: parameter.required,
        ...typeAspects(parameter.type),
        text: digest([documentation(parameter)]),
      }),
    ]);
  }
  if (requestBody !== undefined) {
    const { required, contentType, type } = requestBody;
    const text = digest([documentation(requestBody)]);
    facts.push([`${subject} request body`, aspects({ required, content: contentType, ...typeAspects(type), text })]);
  }
  for (const response of operation.responses) {
    facts.push([
      `${subject} response ${response.status}`,
      aspects({
        content: response.body?.contentType ?? null,
        ...(response.body === undefined ? {} : typeAspects(response.body.type)),
        headers: set(response.headers.map(({ name, required }) => `${name}${required ? "" : " (optional)"}`)),
        accept: set(response.acceptNoBody ? ["no body"] : []),
        text: digest([documentation(response)]),
      }),
    ]);
  }
  return facts;
}

function schemaFacts(protocol: string, schema: Schema, use: ReadonlyMap<string, string>): [string, Aspects][] {
  const subject = `${protocol} schema ${schema.name}`;
  const { type } = schema;
  const object = type.kind === "object" ? type.accept : undefined;
  const facts: [string, Aspects][] = [
    [
      subject,
      aspects({
        use: use.get(schema.name) ?? "",
        ...typeAspects(type),
        accept: set([
          ...(object?.trimNames === true ? ["blanks in names"] : []),
          ...(object?.unwrapped === true ? ["unwrapped"] : []),
          ...(object?.ignoreCase ?? []).map((name) => `${name} in any case`),
          ...(object?.places ?? []).map(
            ({ member, from }) => `/${member.join("/")} from ${canonicalJson(from as unknown as JsonValue)}`,
          ),
        ]),
        text: digest([schema.title, schema.document, schema.element ?? "", documentation(schema)]),
      }),
    ],
  ];
  for (const member of type.kind === "object" ? type.members : []) {
    facts.push([`${subject} member ${member.name}`, memberAspects(member)]);
  }
  return facts;
}

function memberAspects(member: Member): Aspects {
  const { accept } = member;
  return aspects({
    required: member.required,
    ...typeAspects(member.type),
    secret: member.secret,
    accept: set([
      ...accept.names.map((name) => `name ${name}`),
      ...accept.types.map((type) => `type ${type}`),
      ...(accept.nullAbsent ? ["null"] : []),
      ...(accept.roundUp ? ["fractions"] : []),
      ...(accept.nested ? ["nesting"] : []),
      ...(accept.wrappedItems ? ["wrapped items"] : []),
    ]),
    text: digest([documentation(member), member.knownValues, member.examples, member.default ?? null]),
  });
}

/** Where a schema travels: `request`, `response`, `request response`, or nowhere. */
function usage(protocol: Protocol): Map<string, string> {
  const schemas = new Map(protocol.schemas.map((schema) => [schema.name, schema]));
  const found = new Map<string, Set<string>>();
  const visit = (type: Type, where: string): void => {
    for (const name of references(type)) {
      const places = found.get(name) ?? new Set();
      if (places.has(where)) continue;
      found.set(name, places.add(where));
      const schema = schemas.get(name);
      if (schema !== undefined) visit(schema.type, where);
    }
  };
  for (const { parameters, requestBody, responses } of protocol.operations) {
    for (const { type } of parameters) visit(type, "request");
    if (requestBody !== undefined) visit(requestBody.type, "request");
    for (const { body } of responses) if (body !== undefined) visit(body.type, "response");
  }
  return new Map([...found].map(([name, places]) => [name, [...places].sort().join(" ")]));
}

function references(type: Type): string[] {
  switch (type.kind) {
    case "ref":
      return [type.name];
    case "object":
      return type.members.flatMap((member) => references(member.type));
    case "array":
      return references(type.items);
    case "union":
      return type.options.flatMap(references);
    case "all":
      return type.parts.flatMap(references);
    default:
      return [];
  }
}

/** Shape in words, bounds and enumerated values, each for itself. */
function typeAspects(type: Type): Aspects {
  return aspects({ type: shape(type), words: set(words(type)), ...bounds(type, "") });
}

function shape(type: Type): string {
  switch (type.kind) {
    case "ref":
      return type.name;
    case "array":
      return `array of ${shape(type.items)}`;
    case "object":
      return type.loose ? `with ${type.alsoRequired.join(" and ")}` : "object";
    case "union":
      return `${type.mode} (${type.options.map(shape).join(", ")})`;
    case "all":
      return type.parts.map(shape).join(" and ");
    case "boolean":
      return type.const === undefined ? "boolean" : String(type.const);
    default:
      return type.kind;
  }
}

function words(type: Type): string[] {
  if (type.kind === "string" || type.kind === "number" || type.kind === "integer") return (type.enum ?? []).map(String);
  return type.kind === "array" ? words(type.items) : [];
}

const BOUNDS = [
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
] as const;

function bounds(type: Type, prefix: string): Aspects {
  const found: Record<string, JsonValue> = {};
  const record = type as unknown as Readonly<Record<string, JsonValue | undefined>>;
  for (const bound of BOUNDS) {
    const value = record[bound];
    if (value !== undefined && value !== false) found[prefix + bound] = value;
  }
  if (type.kind === "object" && type.additional !== true) {
    found[`${prefix}additional`] = type.additional === false ? "none" : shape(type.additional);
  }
  return type.kind === "array" ? { ...found, ...bounds(type.items, `${prefix}items.`) } : found;
}

function ksyFacts({ name: folder, ksy, data }: KsySpec, all: readonly KsySpec[]): [string, Aspects][] {
  // Of several files in a folder each is a subject of its own.
  const name = all.filter((one) => one.name === folder).length === 1 ? folder : `${folder} ${ksy.name}`;
  const facts: [string, Aspects][] = [];
  // Everything in a .ksy decides on octets, except what documents it; each list item and each key is a fact of its own.
  const visit = (value: JsonValue, subject: string): void => {
    if (Array.isArray(value)) {
      value.forEach((item: JsonValue, index) => {
        const { id } = isRecord(item) ? item : { id: undefined };
        visit(item, `${subject} ${typeof id === "string" ? `${index + 1} ${id}` : index + 1}`);
      });
      return;
    }
    if (!isRecord(value)) {
      facts.push([subject, { value }]);
      return;
    }
    const own = Object.entries(value).filter(
      ([, one]) => !isRecord(one) && !(Array.isArray(one) && one.some(isRecord)),
    );
    const texts = own.filter(([key]) => isDocumentation(key));
    const rest = own.filter(([key]) => !isDocumentation(key));
    facts.push([subject, aspects({ ...Object.fromEntries(rest), text: digest(texts) })]);
    for (const [key, one] of Object.entries(value)) {
      if (!own.some(([known]) => known === key)) visit(one, `${subject} ${key}`);
    }
  };
  visit(ksy.value, `${name} layout`);
  for (const [file, { value }] of data) visit(value, `${name} ${file}`);
  return facts;
}

function isDocumentation(key: string): boolean {
  return (
    key === "doc" ||
    key === "doc-ref" ||
    key === "title" ||
    key === "-clause" ||
    key === "-errata" ||
    key === "description"
  );
}

function isRecord(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function documentation({ description, clause, errata }: Cited): JsonValue {
  return [description, clause, [...errata]];
}

function digest(values: readonly JsonValue[]): string {
  return createHash("sha256").update(canonicalJson(values)).digest("hex").slice(0, 8);
}

function set(values: readonly string[]): JsonValue {
  return [...new Set(values)].sort(compareText);
}

/** Leaves out what says nothing, so that the digest stays short. */
function aspects(all: Aspects): Aspects {
  const said = Object.entries(all).filter(
    ([, value]) => value !== false && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(said);
}

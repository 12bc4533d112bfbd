/** The reference page of one HTTP protocol. */
import type {
  Member,
  ObjectAccept,
  Operation,
  Parameter,
  Protocol,
  Response,
  Schema,
  Type,
} from "../../model/model.js";
import { citation, describeConstraints } from "../../print/describe.js";
import type { Evidence } from "./evidence.js";
import { code, heading, link, plain, table } from "./markdown.js";

export function protocolPage(protocol: Protocol, evidence: Evidence): string[] {
  const clauses = protocol.operations.map(({ clause }) => clause).filter((clause) => clause !== "");
  const others = evidence.otherStatements(protocol.document, clauses);
  return [
    `# ${protocol.title}`,
    "",
    plain(protocol.description),
    "",
    `Clauses are those of ${protocol.document} unless another document is named.`,
    "",
    ...operationTable(protocol),
    ...protocol.operations.flatMap((operation) => operationSection(protocol, operation, evidence)),
    ...part("Elements", "elements", schemaSections(protocol, "element")),
    ...part("Message bodies", "messages", schemaSections(protocol, "message")),
    ...(others.length === 0
      ? []
      : [...heading(2, `Other statements of ${protocol.document}`, "statements"), ...others]),
    ...heading(2, "Errata", "errata"),
    ...evidence.contradictions([
      ...protocol.operations.flatMap(operationErrata),
      ...protocol.schemas.flatMap(schemaErrata),
    ]),
  ];
}

function operationTable({ operations }: Protocol): string[] {
  const rows = operations.map(({ id, method, path, summary, clause }) => [
    link(code(id), id),
    code(`${method} ${path}`),
    plain(summary),
    clause,
  ]);
  return part("Operations", "operations", table(["operation", "request", "what it does", "clause"], rows), rows.length);
}

/** Nothing where there is nothing to say. */
function part(title: string, anchor: string, lines: readonly string[], count = lines.length): string[] {
  return count === 0 ? [] : [...heading(2, title, anchor), ...lines];
}

function operationSection(protocol: Protocol, operation: Operation, evidence: Evidence): string[] {
  const { id, method, path, clause, description, requestBody, parameters, responses } = operation;
  const clauses = clause === "" ? [] : [clause];
  const statements = evidence.statements(protocol.document, clauses);
  const carried = evidence.carried(operation.requirements, protocol.document, clauses);
  return [
    ...heading(3, id, id),
    `${code(`${method} ${path}`)} [${citation(protocol.document, clause)}]`,
    "",
    plain(description),
    "",
    ...list(acceptance(operation)),
    ...(parameters.length > 0 ? ["Parameters:", "", ...table(PARAMETER, parameters.map(parameterRow))] : []),
    ...(requestBody === undefined
      ? []
      : [
          `Request body${requestBody.required ? "" : " (optional)"}: ${requestBody.octets ? "octets" : typeLink(requestBody.type)} as ${code(requestBody.contentType)}. ${plain(requestBody.description)} [${requestBody.clause}]`,
          "",
        ]),
    "Responses:",
    "",
    ...table(["status", "body", "headers", "when", "clause"], responses.map(responseRow)),
    ...(statements.length > 0 ? [`What ${protocol.document} states about it:`, "", ...statements] : []),
    ...(carried.length > 0 ? ["What it carries of other clauses:", "", ...carried] : []),
  ];
}

const PARAMETER = ["name", "in", "type", "meaning", "clause"];

function parameterRow(parameter: Parameter): string[] {
  const { name, required, type, description, clause } = parameter;
  return [code(name), `${parameter.in}${required ? "" : ", optional"}`, typeText(type), plain(description), clause];
}

function responseRow({ status, body, headers, description, clause }: Response): string[] {
  return [
    code(String(status)),
    body === undefined ? "" : `${typeLink(body.type)} as ${code(body.contentType)}`,
    headers.map(({ name }) => code(name)).join(", "),
    plain(description),
    clause,
  ];
}

/** Tolerance and repetitions in sentences. */
function acceptance({ accept, query, fallback }: Operation): string[] {
  const carriers = query
    .map(({ parameter, member }) => `${code(parameter)} for ${code(`/${member.join("/")}`)}`)
    .join(", ");
  return [
    accept.paths.length === 0 ? "" : `Also served at ${accept.paths.map(code).join(", ")}.`,
    accept.routes.length === 0
      ? ""
      : `Also served as ${accept.routes.map((one) => code(`${one.method} ${one.path}`)).join(", ")}.`,
    accept.trailingSlash ? "Served with and without the final slash." : "",
    accept.noBody ? "An absent request body is read as an empty one." : "",
    carriers === "" ? "" : `Where a body cannot be sent, the query carries it: ${carriers}.`,
    accept.success.length === 0 ? "" : `Clients read ${accept.success.join(", ")} as 200.`,
    ...fallback.map(({ after, path, rename }) => {
      const renamed = Object.entries(rename).map(([from, to]) => `${code(from)} as ${code(to)}`);
      const form = path === undefined ? `with ${renamed.join(", ")}` : `at ${code(path)}`;
      return `After ${after.join(" or ")}, clients repeat the request once ${form}.`;
    }),
  ].filter((line) => line !== "");
}

function schemaSections(protocol: Protocol, role: Schema["role"]): string[] {
  return protocol.schemas.filter((schema) => schema.role === role).flatMap((schema) => schemaSection(schema));
}

function schemaSection(schema: Schema): string[] {
  const { type } = schema;
  const constraints = describeConstraints(type);
  const members = type.kind === "object" ? type.members : [];
  return [
    ...heading(3, schema.name, schema.name),
    `${schema.title === "" ? "" : `${code(schema.title)}: `}${plain(schema.description)} [${citation(schema.document, schema.clause)}]`,
    "",
    ...(type.kind === "object"
      ? list(objectTolerance(type.accept))
      : [`Type: ${typeText(type)}${constraints === "" ? "" : `, ${plain(constraints)}`}.`, ""]),
    ...table(["member", "type", "values", "meaning", "also accepted", "clause", "errata"], members.map(memberRow)),
  ];
}

function memberRow(member: Member): string[] {
  const { name, required, type, description, clause, errata, knownValues, secret } = member;
  const values = [
    plain(describeConstraints(type)),
    words(type),
    knownValues.length === 0 ? "" : `known: ${knownValues.map(code).join(", ")}`,
    member.default === undefined ? "" : `default ${code(JSON.stringify(member.default))}`,
    secret ? "secret" : "",
  ].filter((part) => part !== "");
  return [
    `${code(name)}${required ? "" : ", optional"}`,
    typeText(type),
    values.join("; "),
    plain(description),
    memberTolerance(member),
    clause,
    errata.join(", "),
  ];
}

function memberTolerance({ name, accept }: Member): string {
  return [
    accept.names.map(code).join(", "),
    accept.refuseConflict ? "refused if both differ" : "",
    accept.types.length === 0
      ? ""
      : `as ${accept.types.join(", ")}${accept.member === undefined ? "" : ` with ${code(accept.member)}`}`,
    accept.nullAbsent ? "null for absent" : "",
    accept.roundUp ? "fractions, rounded up" : "",
    accept.nested ? `${code(name)} inside itself` : "",
    accept.wrappedItems ? `items wrapped in ${code(name)}` : "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}

function objectTolerance(accept: ObjectAccept): string[] {
  return [
    accept.trimNames ? "Blanks around member names are ignored." : "",
    accept.ignoreCase.length === 0 ? "" : `The case of ${accept.ignoreCase.map(code).join(", ")} is ignored.`,
    accept.unwrapped ? "The body may also be what its wrapper member holds." : "",
    ...accept.places.map(({ member, from }) => {
      const places = from.map((one) =>
        "parameter" in one ? `the query parameter ${code(one.parameter)}` : code(`/${one.member.join("/")}`),
      );
      return `If ${code(`/${member.join("/")}`)} is absent, it is taken from ${places.join(" or ")}.`;
    }),
  ].filter((line) => line !== "");
}

function typeText(type: Type): string {
  switch (type.kind) {
    case "ref":
      return typeLink(type);
    case "array":
      return `array of ${typeText(type.items)}`;
    case "union":
      return type.options.map(typeText).join(" or ");
    case "all":
      return type.parts
        .filter((part) => part.kind === "ref")
        .map(typeText)
        .join(" and ");
    case "boolean":
      return type.const === undefined ? "boolean" : String(type.const);
    default:
      return type.kind;
  }
}

function typeLink(type: Type): string {
  return type.kind === "ref" ? link(type.name, type.name) : typeText(type);
}

function words(type: Type): string {
  if (type.kind === "array") return words(type.items);
  const values = "enum" in type ? (type.enum ?? []) : [];
  return values.map((value) => code(String(value))).join(", ");
}

function operationErrata(operation: Operation): readonly string[] {
  const parts = [
    operation,
    ...operation.parameters,
    ...operation.responses,
    ...(operation.requestBody === undefined ? [] : [operation.requestBody]),
  ];
  return parts.flatMap(({ errata }) => errata);
}

function schemaErrata(schema: Schema): readonly string[] {
  const members = schema.type.kind === "object" ? schema.type.members : [];
  return [schema, ...members].flatMap(({ errata }) => errata);
}

function list(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${line}`), ""];
}

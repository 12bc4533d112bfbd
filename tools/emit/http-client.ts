/** client.ts: one function per primitive, its request and its results, and a client object over all of them. */
import type { Operation, Protocol, Response } from "../model/model.js";
import { literal, type Printer, propertyName } from "../print/printer.js";
import type { EmitContext, OpenApiEmitter } from "./emitter.js";
import {
  bodyTypeName,
  commonSegment,
  constantName,
  declaredResponses,
  factoryName,
  isProblem,
  operationDoc,
  parametersIn,
  parameterTypeText,
  responseDoc,
  roleType,
} from "./http-names.js";

const TYPES = "../runtime/http-client-types.js";
const CLIENT = "../runtime/http-client.js";

export const clientEmitter: OpenApiEmitter = {
  name: "http-client",
  emit(protocol, context) {
    if (protocol.operations.length === 0) return [];
    const { source, hash, document, clauses } = protocol;
    const printer = context.printer({ source, hash, clauses: `${document} ${clauses}` });
    printer.import("CallOptions", TYPES, { type: true });
    printer.import("ClientOptions", TYPES, { type: true });
    printer.import("OtherResult", TYPES, { type: true });
    printer.import("createHttpClient", CLIENT);
    printer.import("HttpClient", CLIENT, { type: true });
    for (const operation of protocol.operations) {
      printRequest(printer, protocol, operation, context);
      printResult(printer, operation, context);
      printFunction(printer, protocol, operation);
    }
    printClient(printer, protocol);
    return [{ path: `${protocol.name}/client.ts`, content: printer.toString() }];
  },
};

function printRequest(printer: Printer, protocol: Protocol, operation: Operation, context: EmitContext): void {
  const path = parametersIn(operation, "path", context);
  const query = parametersIn(operation, "query", context);
  printer.jsDoc(`What {@link ${operation.id}} sends.`);
  if (path.length === 0 && query.length === 0 && operation.requestBody === undefined) {
    printer.print(`export type ${roleType(operation, "Client", "Request")} = Readonly<Record<string, never>>;`, "");
    return;
  }
  printer.block(`export interface ${roleType(operation, "Client", "Request")} {`, () => {
    if (path.length > 0) {
      printer.block(
        "readonly params: {",
        () => {
          for (const parameter of path) {
            printer.jsDoc({ text: parameter.description, clause: parameter.clause });
            printer.print(
              `readonly ${propertyName(parameter.name)}: ${parameterTypeText(protocol, parameter, context)};`,
            );
          }
        },
        "};",
      );
    }
    if (query.length > 0) {
      const optional = query.every(({ required }) => !required);
      printer.block(
        `readonly query${optional ? "?" : ""}: {`,
        () => {
          for (const parameter of query) {
            printer.jsDoc({ text: parameter.description, clause: parameter.clause });
            const type = parameterTypeText(protocol, parameter, context);
            const name = propertyName(parameter.name);
            printer.print(
              parameter.required ? `readonly ${name}: ${type};` : `readonly ${name}?: ${type} | undefined;`,
            );
          }
        },
        "};",
      );
    }
    if (operation.requestBody !== undefined) {
      const { type, required, description, clause, octets } = operation.requestBody;
      printer.jsDoc({ text: description, clause });
      const name = octets
        ? printer.import("OctetSource", "../runtime/http-source.js", { type: true })
        : printer.import(bodyTypeName(type, operation, context), "./types.js", { type: true });
      printer.print(`readonly body${required ? "" : "?"}: ${name};`);
    }
  });
  printer.print("");
}

/** Whether a call needs no request at all. */
function isRequestOptional(operation: Operation): boolean {
  return operation.requestBody?.required !== true && operation.parameters.every(({ required }) => !required);
}

function printResult(printer: Printer, operation: Operation, context: EmitContext): void {
  printer.jsDoc(`What {@link ${operation.id}} resolves to, told apart by \`status\`.`);
  printer.print(`export type ${roleType(operation, "Client", "Result")} =`);
  for (const response of declaredResponses(operation)) {
    printer.jsDoc(responseDoc(response));
    printer.print(`| ${resultType(printer, operation, response, context)}`);
  }
  printer.print("| OtherResult;", "");
}

function resultType(
  printer: Printer,
  operation: Operation,
  response: Response & { readonly status: number },
  context: EmitContext,
): string {
  const { status, body, headers } = response;
  const ok = status >= 200 && status <= 299;
  const names = headers.map(({ name }) => literal(name.toLowerCase())).join(" | ");
  const generic = printer.import(ok ? "SuccessResult" : "FailureResult", TYPES, { type: true });
  const loose = body === undefined || isProblem(body.contentType);
  const bodyText = loose
    ? ok
      ? "undefined"
      : ""
    : printer.import(bodyTypeName(body.type, operation, context), "./types.js", { type: true });
  if (bodyText === "" && names !== "") {
    printer.import("ProblemDetails", "../runtime/problem.js", { type: true });
    return `${generic}<${status}, ProblemDetails | undefined, ${names}>`;
  }
  return `${generic}<${[String(status), bodyText, names].filter((text) => text !== "").join(", ")}>`;
}

function printFunction(printer: Printer, protocol: Protocol, operation: Operation): void {
  const request = roleType(operation, "Client", "Request");
  const result = roleType(operation, "Client", "Result");
  const doc = operationDoc(protocol, operation);
  printer.jsDoc({ ...doc, tags: ["", ...throwsTags(operation)] });
  printer.block(
    `export function ${operation.id}(client: HttpClient, request: ${request}${isRequestOptional(operation) ? " = {}" : ""}, options?: CallOptions): Promise<${result}> {`,
    () => {
      printer.import(constantName(operation), "./operations.js");
      printer.print(`return client.call(${constantName(operation)}, request, options);`);
    },
  );
  printer.print("");
}

function throwsTags(operation: Operation): string[] {
  const carrier =
    operation.method === "GET" && operation.requestBody !== undefined
      ? ["Its body goes with the GET on Node; elsewhere as query parameters, or not at all: ERR_GET_BODY."]
      : [];
  const retry = operation.idempotent
    ? `Idempotent: repeated after a failure of the network or of a gateway${operation.requestBody?.octets === true ? ", if the octets can be had anew" : ""}.`
    : "Not idempotent: never repeated.";
  const octets =
    operation.requestBody?.octets === true
      ? ["Its octets are sent as they come: `timeoutMs` bounds what the server makes wait, not the source."]
      : [];
  return [
    ...carrier,
    ...octets,
    retry,
    "",
    "@throws HttpError when there is no answer, or one that its schema does not allow",
  ];
}

function printClient(printer: Printer, protocol: Protocol): void {
  const name = `${protocol.prefix}Client`;
  const segment = commonSegment(protocol);
  printer.jsDoc(
    `All primitives of ${protocol.document || protocol.title} as methods; the functions of the same names do the work.`,
  );
  printer.block(`export interface ${name} extends HttpClient {`, () => {
    for (const operation of protocol.operations) {
      const request = roleType(operation, "Client", "Request");
      printer.jsDoc(operationDoc(protocol, operation));
      printer.print(
        `${operation.id}(request${isRequestOptional(operation) ? "?" : ""}: ${request}, options?: CallOptions): Promise<${roleType(operation, "Client", "Result")}>;`,
      );
    }
  });
  printer.print("");
  const base =
    segment === undefined
      ? "its path, if any, is kept in front of every operation's"
      : `with or without \`/${segment}/\` at its end`;
  const factory = factoryName(protocol, "HttpClient");
  printer.jsDoc({
    text: `What the functions of this module take: for bundles that shall hold only the primitives they call. The base URL is absolute, ${base}.`,
    tags: ["", "@throws Mp2pError ERR_BASE_URL"],
  });
  printer.block(`export function ${factory}(options: ClientOptions): HttpClient {`, () => {
    printer.print(`return createHttpClient(${segment === undefined ? "options" : `options, ${literal(segment)}`});`);
  });
  printer.print("");
  printer.jsDoc({
    text: `A client with every primitive. The base URL is absolute, ${base}.`,
    tags: ["", "@throws Mp2pError ERR_BASE_URL"],
  });
  printer.block(`export function ${factoryName(protocol, "Client")}(options: ClientOptions): ${name} {`, () => {
    printer.print(`const client = ${factory}(options);`);
    printer.block(
      "return {",
      () => {
        printer.print("...client,");
        for (const { id } of protocol.operations) {
          printer.print(`${id}: (request, options) => ${id}(client, request, options),`);
        }
      },
      "};",
    );
  });
}

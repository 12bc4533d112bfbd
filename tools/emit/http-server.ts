/** server.ts: the handlers a server consists of, what each gets and may answer, and the listener over them. */
import type { Operation, Protocol, Response } from "../model/model.js";
import { camelCase } from "../print/names.js";
import { type Printer, propertyName } from "../print/printer.js";
import type { EmitContext, OpenApiEmitter } from "./emitter.js";
import {
  bodyTypeName,
  declaredResponses,
  factoryName,
  isProblem,
  operationDoc,
  parametersIn,
  parameterTypeText,
  responseDoc,
  roleType,
} from "./http-names.js";

const TYPES = "../runtime/http-server-types.js";

export const serverEmitter: OpenApiEmitter = {
  name: "http-server",
  emit(protocol, context) {
    if (protocol.operations.length === 0) return [];
    const { source, hash, document, clauses } = protocol;
    const printer = context.printer({ source, hash, clauses: `${document} ${clauses}` });
    for (const name of ["Listener", "MaybePromise", "RequestContext", "ServerOptions"]) {
      printer.import(name, TYPES, { type: true });
    }
    // What handlers are written with, so that one import line serves them.
    const octets = protocol.operations.some(({ requestBody }) => requestBody?.octets === true);
    const exported = ["Listener", "MaybePromise", ...(octets ? ["OctetStream"] : []), "Refusal", "RequestContext"];
    printer.export([...exported, "ResponseHeaders", "ServerLimits", "ServerOptions"], TYPES, { type: true });
    printer.export(["problem"], "../runtime/problem.js");
    for (const operation of protocol.operations) {
      printRequest(printer, protocol, operation, context);
      printResult(printer, operation, context);
    }
    printHandlers(printer, protocol);
    printListener(printer, protocol);
    return [{ path: `${protocol.name}/server.ts`, content: printer.toString() }];
  },
};

function printRequest(printer: Printer, protocol: Protocol, operation: Operation, context: EmitContext): void {
  const path = parametersIn(operation, "path", context);
  const query = parametersIn(operation, "query", context);
  const carried = operation.requestBody;
  printer.jsDoc(`What a ${operation.id} handler gets: canonical and valid, whatever form it arrived in.`);
  if (path.length === 0 && query.length === 0 && operation.requestBody === undefined) {
    printer.print(`export type ${roleType(operation, "Server", "Request")} = Readonly<Record<string, never>>;`, "");
    return;
  }
  printer.block(`export interface ${roleType(operation, "Server", "Request")} {`, () => {
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
      printer.block(
        "readonly query: {",
        () => {
          for (const parameter of query) {
            printer.jsDoc({ text: parameter.description, clause: parameter.clause });
            const optional = parameter.required ? "" : "?";
            const type = parameterTypeText(protocol, parameter, context);
            printer.print(`readonly ${propertyName(parameter.name)}${optional}: ${type};`);
          }
        },
        "};",
      );
    }
    if (carried !== undefined) {
      printer.jsDoc({ text: carried.description, clause: carried.clause });
      const name = carried.octets
        ? printer.import("OctetStream", TYPES, { type: true })
        : printer.import(bodyTypeName(carried.type, operation, context), "./types.js", { type: true });
      const always = carried.required || operation.accept.noBody;
      printer.print(`readonly body: ${name}${always ? "" : " | undefined"};`);
    }
  });
  printer.print("");
}

function printResult(printer: Printer, operation: Operation, context: EmitContext): void {
  const declared = declaredResponses(operation);
  const open = operation.responses.some(({ status }) => status === "default");
  printer.jsDoc(`What a ${operation.id} handler may answer.`);
  printer.print(`export type ${roleType(operation, "Server", "Result")} =`);
  for (const response of declared) {
    printer.jsDoc(responseDoc(response));
    printer.print(`| ${resultType(printer, operation, response, context)}`);
  }
  if (open) {
    const other = printer.import("OtherProblem", TYPES, { type: true });
    printer.jsDoc("Any other refusal, by the rules of HTTP.");
    printer.print(`| ${other}<${declared.map(({ status }) => status).join(" | ")}>`);
  }
  printer.print(";", "");
}

function resultType(printer: Printer, operation: Operation, response: Response, context: EmitContext): string {
  const headersType = printer.import("ResponseHeaders", TYPES, { type: true });
  const members = [`readonly status: ${response.status}`];
  if (response.body !== undefined) {
    const name = isProblem(response.body.contentType)
      ? printer.import("ProblemDetails", "../runtime/problem.js", { type: true })
      : printer.import(bodyTypeName(response.body.type, operation, context), "./types.js", { type: true });
    members.push(`readonly body: ${name}`);
  }
  const required = response.headers.filter(({ required }) => required);
  if (required.length === 0) members.push(`readonly headers?: ${headersType}`);
  else {
    const names = required.map(({ name }) => `readonly ${propertyName(name)}: string`).join("; ");
    members.push(`readonly headers: ${headersType} & { ${names} }`);
  }
  return `{ ${members.join("; ")} }`;
}

function printHandlers(printer: Printer, protocol: Protocol): void {
  printer.jsDoc({
    text: "One handler per primitive. Answer at once where nothing has to be waited for: that costs no promise. What is thrown becomes a 500.",
    clause: `${protocol.document} ${protocol.clauses}`,
  });
  printer.block(`export interface ${protocol.prefix}Handlers {`, () => {
    for (const operation of protocol.operations) {
      printer.jsDoc(operationDoc(protocol, operation));
      printer.print(
        `${operation.id}(request: ${roleType(operation, "Server", "Request")}, context: RequestContext): MaybePromise<${roleType(operation, "Server", "Result")}>;`,
      );
    }
  });
  printer.print("");
}

function printListener(printer: Printer, protocol: Protocol): void {
  const table = printer.import(`${camelCase(protocol.prefix)}Operations`, "./operations.js");
  printer.import("createListener", "../runtime/http-server.js");
  printer.jsDoc({
    text: `Answers the primitives on any \`node:http\` server: \`createServer(${factoryName(protocol, "Listener")}(handlers))\`. Other paths go to \`next\` where there is one, else they are answered with 404.`,
    tags: ["", "@throws TypeError when a handler is missing"],
  });
  printer.block(
    `export function ${factoryName(protocol, "Listener")}(handlers: ${protocol.prefix}Handlers, options: ServerOptions = {}): Listener {`,
    () => printer.print(`return createListener(Object.values(${table}), handlers, options);`),
  );
}

/** operations.ts: the table of a protocol's primitives, which client, server and conformance suite all read. */
import type { Operation, Protocol, Response } from "../model/model.js";
import { camelCase } from "../print/names.js";
import { literal, type Printer } from "../print/printer.js";
import type { EmitContext, OpenApiEmitter } from "./emitter.js";
import {
  bodyTypeName,
  checkName,
  constantName,
  isProblem,
  objectText,
  operationDoc,
  sentence,
  simpleType,
} from "./http-names.js";

export const operationsEmitter: OpenApiEmitter = {
  name: "http-operations",
  emit(protocol, context) {
    if (protocol.operations.length === 0) return [];
    const { source, hash, document, clauses } = protocol;
    const printer = context.printer({ source, hash, clauses: `${document} ${clauses}` });
    printer.import("Operation", "../runtime/http-operation.js", { type: true });
    for (const operation of protocol.operations) printOperation(printer, protocol, operation, context);

    printer.jsDoc(`Every primitive by its name.`);
    printer.block(
      `export const ${camelCase(protocol.prefix)}Operations = {`,
      () => {
        for (const operation of protocol.operations) printer.print(`${operation.id}: ${constantName(operation)},`);
      },
      "} as const satisfies Readonly<Record<string, Operation>>;",
    );
    return [{ path: `${protocol.name}/operations.ts`, content: printer.toString() }];
  },
};

function printOperation(printer: Printer, protocol: Protocol, operation: Operation, context: EmitContext): void {
  checkName(operation, context);
  const { accept, requestBody } = operation;
  const print = (name: string, text: string) => printer.print(`${name}: ${text},`);
  const routes = [
    ...accept.paths.map((path) => ({ method: operation.method, path, errata: accept.errata })),
    ...accept.routes.map(({ method, path }) => ({ method, path, errata: accept.errata })),
  ];
  printer.jsDoc(operationDoc(protocol, operation));
  printer.block(
    `export const ${constantName(operation)}: Operation = {`,
    () => {
      print("id", literal(operation.id));
      print("document", literal(protocol.document));
      print("clause", literal(operation.clause));
      print("summary", literal(sentence(operation.summary)));
      print("errata", literal(operation.errata));
      print("method", literal(operation.method));
      print("path", literal(operation.path));
      print("alternatives", literal(routes));
      print("trailingSlash", literal(accept.trailingSlash));
      print("parameters", `[${operation.parameters.flatMap((one) => parameterText(protocol, one)).join(", ")}]`);
      print(
        "query",
        literal(
          operation.query.flatMap(({ parameter, member, type }) => {
            const simple = simpleType(protocol, type);
            if (simple === undefined) {
              const advice = "Leave it out of x-query.";
              context.problem(operation.position, `x-query ${parameter}: no URL can carry its type. ${advice}`);
              return [];
            }
            return [{ parameter, member, type: simple.type, array: simple.array }];
          }),
        ),
      );
      print("takesQuery", literal(accept.query));
      if (requestBody === undefined) print("request", "undefined");
      else if (requestBody.octets) {
        const made = printer.import("octetsBody", "../runtime/http-operation.js");
        print("request", `/* @__PURE__ */ ${made}(${literal(requestBody.clause)})`);
      } else {
        printer.block(
          "request: {",
          () => {
            printBody(printer, bodyTypeName(requestBody.type, operation, context), requestBody);
            print("required", literal(requestBody.required));
            print("absent", accept.noBody ? literal(wrappers(protocol, operation)) : "undefined");
          },
          "},",
        );
      }
      printer.block(
        "responses: [",
        () => {
          for (const response of operation.responses) printResponse(printer, operation, response, context);
        },
        "],",
      );
      print("success", literal(accept.success));
      print(
        "fallbacks",
        literal(
          operation.fallback.map(({ after, path, rename, errata }) => ({
            after,
            ...(path === undefined ? {} : { path }),
            ...(Object.keys(rename).length === 0 ? {} : { rename }),
            errata,
          })),
        ),
      );
      print("idempotent", literal(operation.idempotent));
    },
    "};",
  );
  printer.print("");
}

function parameterText(protocol: Protocol, parameter: Operation["parameters"][number]): string[] {
  const simple = simpleType(protocol, parameter.type);
  // The client and server emitters report what no URL can carry.
  if (simple === undefined) return [];
  return [
    objectText({
      name: literal(parameter.name),
      in: literal(parameter.in),
      required: literal(parameter.required),
      type: literal(simple.type),
      array: literal(simple.array),
      constraints: objectText(simple.constraints),
      clause: literal(parameter.clause),
    }),
  ];
}

function printBody(
  printer: Printer,
  type: string,
  { contentType, clause }: { readonly contentType: string; readonly clause: string },
): void {
  printer.print(`type: ${literal(type)},`);
  printer.print(`contentType: ${literal(contentType)},`);
  printer.print(`clause: ${literal(clause)},`);
  printer.print(`validate: ${printer.import(`validate${type}`, "./validators.js")},`);
  printer.print(`read: ${printer.import(`read${type}`, "./readers.js")},`);
}

function printResponse(printer: Printer, operation: Operation, response: Response, context: EmitContext): void {
  const { status, clause, description, body } = response;
  const head = [
    `status: ${literal(status)}`,
    `clause: ${literal(clause)}`,
    `description: ${literal(sentence(description))}`,
  ];
  const tail = `mayBeEmpty: ${response.acceptNoBody}`;
  if (body === undefined || isProblem(body.contentType)) {
    const problem =
      body === undefined
        ? "undefined"
        : `/* @__PURE__ */ ${printer.import("problemBody", "../runtime/http-operation.js")}(${literal(clause)})`;
    printer.print(`{ ${[...head, `body: ${problem}`, tail].join(", ")} },`);
    return;
  }
  printer.block(
    "{",
    () => {
      for (const line of head) printer.print(`${line},`);
      printer.block(
        "body: {",
        () => {
          printBody(printer, bodyTypeName(body.type, operation, context), { contentType: body.contentType, clause });
        },
        "},",
      );
      printer.print(`${tail},`);
    },
    "},",
  );
}

/** Members that a request body must have and that are objects: what an absent body is read as. */
function wrappers(protocol: Protocol, { requestBody }: Operation): string[] {
  const type = requestBody?.type;
  const schema = type?.kind === "ref" ? protocol.schemas.find(({ name }) => name === type.name) : undefined;
  if (schema?.type.kind !== "object") return [];
  return schema.type.members.filter(({ required }) => required).map(({ name }) => name);
}

/** One openapi.yaml, or protocol.yaml of a protocol without operations, to the model's `Protocol`. */
import { pascalCase } from "../print/names.js";
import { clauseRange, compareClauses } from "./clause.js";
import { Cursor, isObject } from "./cursor.js";
import { pointerPath, readType } from "./json-schema.js";
import type {
  Fallback,
  HttpMethod,
  Operation,
  OperationAccept,
  Parameter,
  Protocol,
  QueryCarrier,
  RequestBody,
  Response,
  SpecFile,
  Type,
} from "./model.js";
import { checkOctets, readsOctets } from "./octets.js";
import { compareText, type Problem } from "./problem.js";
import { type ReadFile, type References, resolveReferences } from "./references.js";
import { SchemaTable } from "./schema-table.js";
import { contentHash } from "./spec-file.js";
import { accepts, checkExtensions, checkWords, extensions } from "./vocabulary.js";

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"] as const;
/** [RFC 9110 9.2.2] */
const IDEMPOTENT: readonly HttpMethod[] = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/** @param schemaFiles files under the folder's schemas/ and messages/, which are types even if nothing refers to them */
export async function readProtocol(
  entry: SpecFile,
  schemaFiles: readonly SpecFile[],
  read: ReadFile,
  problems: Problem[],
): Promise<Protocol | undefined> {
  const root = new Cursor(entry, [], entry.value, problems);
  const described = entry.name === "protocol";
  if (!isObject(entry.value)) {
    root.problem(
      described
        ? "what the messages are is meant here. Begin it with x-document."
        : "an OpenAPI document is meant here. Begin it with openapi: 3.1.0.",
    );
    return undefined;
  }
  if (described) checkWords(root, ["x-document", "info"], "key");
  else if (!/^3\.1\./.test(root.get("openapi").text())) {
    root.get("openapi").problem("the generator reads OpenAPI 3.1. Write openapi: 3.1.0.");
  }
  const references = await resolveReferences(entry, schemaFiles, read, problems);
  const document = root.get("x-document").text();
  const table = new SchemaTable(references, document);
  for (const [name, component] of root.get("components").get("schemas").entries()) table.addComponent(name, component);
  for (const file of schemaFiles) table.addFile(file, problems);

  const operations = new OperationReader(root, references, table).read();
  const schemas = table.schemas(problems);
  const name = entry.path.split("/").at(-2) ?? "api";
  const files = [...references.files].sort((a, b) => compareText(a.path, b.path));
  const clauses = [...operations, ...schemas.filter((schema) => schema.document === document)].map(
    ({ clause }) => clause,
  );
  return {
    name,
    prefix: pascalCase(name),
    title: root.get("info").get("title").text(),
    version: root.get("info").get("version").text(),
    description: root.get("info").get("description").text().trim(),
    document,
    source: entry.path,
    hash: contentHash(files.map(({ value }) => value)),
    clauses: clauseRange(clauses),
    operations,
    messagesOnly: described,
    schemas,
  };
}

class OperationReader {
  readonly root: Cursor;
  readonly references: References;
  readonly table: SchemaTable;

  constructor(root: Cursor, references: References, table: SchemaTable) {
    this.root = root;
    this.references = references;
    this.table = table;
  }

  read(): Operation[] {
    const seen = new Map<string, string>();
    const operations: Operation[] = [];
    for (const [path, item] of this.root.get("paths").entries()) {
      const pathItem = this.references.deref(item);
      checkExtensions(pathItem, extensions.pathItem);
      for (const method of METHODS) {
        if (!pathItem.has(method)) continue;
        const operation = this.operation(path, method.toUpperCase() as HttpMethod, pathItem.get(method), pathItem);
        const { file, line } = operation.position;
        const first = seen.get(operation.id);
        if (operation.id === "") {
          pathItem.get(method).problem("the operation has no operationId. Name it as its primitive is named.");
        } else if (first !== undefined) {
          pathItem
            .get(method)
            .get("operationId")
            .problem(`operationId ${operation.id} is taken by the operation at ${first}. Give each operation its own.`);
        } else {
          seen.set(operation.id, `${file}:${line}`);
        }
        operations.push(operation);
      }
    }
    return operations.sort((a, b) => compareClauses(a.clause, b.clause) || compareText(a.id, b.id));
  }

  private operation(path: string, method: HttpMethod, cursor: Cursor, pathItem: Cursor): Operation {
    checkExtensions(cursor, extensions.operation);
    const id = cursor.get("operationId").text();
    const parameters = [...pathItem.get("parameters").items(), ...cursor.get("parameters").items()].map((parameter) =>
      this.parameter(this.references.deref(parameter)),
    );
    this.checkPath(path, parameters, cursor);
    const requestBody = cursor.has("requestBody")
      ? this.requestBody(this.references.deref(cursor.get("requestBody")))
      : undefined;
    if (requestBody?.octets === true) checkOctets(cursor, method);
    const responses = cursor
      .get("responses")
      .entries()
      .map(([status, response]) => this.response(status, response));
    if (responses.length === 0)
      cursor.problem(`operation ${id} declares no responses. Add responses with at least one status.`);
    const security = cursor.has("security") ? cursor.get("security") : this.root.get("security");
    const idempotent = cursor.has("x-idempotent") ? cursor.get("x-idempotent").flag() : IDEMPOTENT.includes(method);
    return {
      ...cursor.cited(),
      id,
      typeName: pascalCase(id),
      method,
      path,
      summary: cursor.get("summary").text().trim(),
      parameters: parameters.sort((a, b) => compareText(a.in, b.in) || compareText(a.name, b.name)),
      requestBody,
      responses: responses.sort((a, b) => order(a.status) - order(b.status)),
      accept: this.accept(cursor.get("x-accept"), parameters),
      query: this.query(cursor.get("x-query"), requestBody),
      fallback: cursor.get("x-fallback").items().map(readFallback),
      idempotent,
      secured: security.items().some((item) => item.keys().length > 0),
      requirements: cursor.get("x-requirements").texts(),
    };
  }

  private checkPath(path: string, parameters: readonly Parameter[], cursor: Cursor): void {
    const inPath = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? "");
    const declared = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
    for (const name of inPath.filter((one) => !declared.includes(one))) {
      cursor.problem(`path ${path} has {${name}}, which no parameter declares. Add it to parameters, in: path.`);
    }
    for (const name of declared.filter((one) => !inPath.includes(one))) {
      cursor.problem(
        `path parameter ${name} is not in the path ${path}. Write {${name}} there, or remove the parameter.`,
      );
    }
  }

  private parameter(cursor: Cursor): Parameter {
    checkExtensions(cursor, extensions.parameter);
    checkWords(cursor.get("x-accept"), accepts.parameter, "x-accept key");
    const place = cursor.get("in").text();
    if (place !== "path" && place !== "query" && place !== "header") {
      cursor.get("in").problem("a parameter is in: path, query or header. Correct it.");
    }
    return {
      ...cursor.cited(),
      name: cursor.get("name").text(),
      in: place === "query" || place === "header" ? place : "path",
      required: place === "path" || cursor.get("required").flag(),
      type: this.typeOf(cursor.get("schema")),
    };
  }

  private requestBody(cursor: Cursor): RequestBody {
    checkExtensions(cursor, extensions.body);
    const content = this.content(cursor);
    if (content === undefined)
      cursor.problem("the request body has no content. Add content: application/json: schema.");
    return {
      ...cursor.cited(),
      required: cursor.get("required").flag(),
      contentType: content?.contentType ?? "application/json",
      type: content?.type ?? { kind: "unknown" },
      octets: readsOctets(cursor, "request"),
    };
  }

  private response(status: string, cursor: Cursor): Response {
    const response = this.references.deref(cursor);
    checkExtensions(response, extensions.body);
    checkWords(response.get("x-accept"), accepts.body, "x-accept key");
    readsOctets(response, "response");
    if (status !== "default" && !/^[1-5]\d\d$/.test(status)) {
      cursor.problem(`${status} is no status. Write a number from 100 to 599 in quotes, or default.`);
    }
    return {
      ...response.cited(),
      status: status === "default" ? "default" : Number(status),
      headers: response
        .get("headers")
        .entries()
        .map(([name, header]) => this.header(name, this.references.deref(header)))
        .sort((a, b) => compareText(a.name, b.name)),
      body: this.content(response),
      acceptNoBody: response.get("x-accept").get("no-body").flag(),
    };
  }

  private header(name: string, cursor: Cursor): Parameter {
    checkExtensions(cursor, extensions.parameter);
    return {
      ...cursor.cited(),
      name,
      in: "header",
      required: cursor.get("required").flag(),
      type: this.typeOf(cursor.get("schema")),
    };
  }

  private content(cursor: Cursor): Response["body"] {
    const [first, ...others] = cursor.get("content").entries();
    if (first === undefined) return undefined;
    if (others.length > 0) cursor.get("content").problem("one content type per body is read. Keep one.");
    const [contentType, media] = first;
    if (!media.has("schema")) media.problem("the content has no schema. Add schema: { $ref: … }.");
    return { contentType, type: this.typeOf(media.get("schema")) };
  }

  private typeOf(schema: Cursor): Type {
    return schema.value === undefined ? { kind: "unknown" } : readType(schema, (ref) => this.table.nameOf(ref));
  }

  private accept(cursor: Cursor, parameters: readonly Parameter[]): OperationAccept {
    checkWords(cursor, accepts.operation, "x-accept key");
    const paths = cursor.get("paths").texts();
    for (const path of paths) this.checkPath(path, parameters, cursor.get("paths"));
    return {
      paths,
      trailingSlash: cursor.get("trailing-slash").flag(),
      routes: cursor
        .get("routes")
        .items()
        .flatMap((item) => {
          const [method = "", path = ""] = item.text().split(" ");
          if (METHODS.some((known) => known.toUpperCase() === method) && path.startsWith("/")) {
            this.checkPath(path, parameters, item);
            return [{ method: method as HttpMethod, path }];
          }
          item.problem('a route is a method and a path: "POST /path". Correct it.');
          return [];
        }),
      query: cursor.get("query").flag(),
      noBody: cursor.get("no-body").flag(),
      success: cursor
        .get("success")
        .items()
        .map((item) => item.number() ?? 200),
      errata: cursor.get("erratum").texts(),
    };
  }

  private query(cursor: Cursor, body: RequestBody | undefined): QueryCarrier[] {
    return cursor
      .entries()
      .map(([parameter, target]) => {
        const member = pointerPath(target.text(), target);
        const type = body === undefined ? undefined : this.table.typeAt(body.type, member);
        if (type === undefined) {
          target.problem(`x-query ${parameter}: the request body has no member ${target.text()}. Correct the pointer.`);
        }
        return { parameter, member, type: type ?? ({ kind: "unknown" } as const) };
      })
      .sort((a, b) => compareText(a.parameter, b.parameter));
  }
}

function readFallback(cursor: Cursor): Fallback {
  checkWords(cursor, ["after", "path", "rename", "erratum"], "x-fallback key");
  const path = cursor.get("path").text();
  const rename = cursor.get("rename");
  return {
    after: cursor
      .get("after")
      .items()
      .map((item) => item.number() ?? 0),
    path: path === "" ? undefined : path,
    rename: Object.fromEntries(rename.entries().map(([name, to]) => [name, to.text()])),
    errata: cursor.get("erratum").texts(),
  };
}

function order(status: number | "default"): number {
  return status === "default" ? 1000 : status;
}

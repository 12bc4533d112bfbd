/** Rules on openapi.yaml: cited throughout, failures declared, bodies named, secrets out of URLs. */
import type { Cursor } from "../model/cursor.js";
import { isOctetsSchema } from "../model/octets.js";
import { checkCited } from "./citations.js";
import { checkSchema } from "./schemas.js";
import { below, nameOf, type SpecTree } from "./spec-tree.js";

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

export function checkOpenApi(api: Cursor, tree: SpecTree): void {
  const document = api.get("x-document");
  if (typeof document.value !== "string" || document.value === "") {
    api.problem("x-document is missing. Name the Recommendation that every x-clause refers to: x-document: X.609.1.");
  }
  for (const [path, item] of api.get("paths").entries()) {
    for (const parameter of item.get("parameters").items()) checkParameter(local(api, parameter), tree);
    for (const method of METHODS) {
      if (item.has(method)) checkOperation(api, path, item.get(method), tree);
    }
  }
  for (const [, parameter] of api.get("components").get("parameters").entries()) checkParameter(parameter, tree);
  for (const [name, response] of api.get("components").get("responses").entries()) checkResponse(response, name, tree);
  checkListed(api, tree);
}

function checkOperation(api: Cursor, path: string, operation: Cursor, tree: SpecTree): void {
  const id = operation.get("operationId").value;
  if (typeof id !== "string")
    operation.problem("the operation has no operationId. Give the primitive's name as printed.");
  const what = String(id ?? `${nameOf(operation)} ${path}`);
  checkCited(operation, what);
  for (const parameter of operation.get("parameters").items()) checkParameter(local(api, parameter), tree);

  const body = operation.get("requestBody");
  if (body.value !== undefined) {
    checkCited(body, `the request body of ${what}`);
    if (body.get("required").value !== true) {
      body.problem(
        `the request body of ${what} may be left out. Add required: true; tolerance belongs under x-accept.`,
      );
    }
    checkContent(body, `the request body of ${what}`, tree, true);
  }

  const responses = operation.get("responses");
  for (const status of ["400", "default"]) {
    if (!responses.has(status)) {
      responses.problem(`${what} does not declare ${status}. Add it with problem details: clients have to expect it.`);
    }
  }
  for (const [status, response] of responses.entries()) {
    if (!response.has("$ref")) checkResponse(response, `response ${status} of ${what}`, tree);
    else if (local(api, response) === response) {
      response.problem(`response ${status} of ${what} refers to nothing. Point $ref to #/components/responses/….`);
    }
  }
  checkPaths(path, operation, what);
  checkQuery(operation, what, tree);
}

function checkParameter(parameter: Cursor, tree: SpecTree): void {
  const what = `parameter ${String(parameter.get("name").value ?? nameOf(parameter))}`;
  checkCited(parameter, what);
  checkSchema(parameter.get("schema"), tree, what);
}

function checkResponse(response: Cursor, what: string, tree: SpecTree): void {
  checkCited(response, what);
  for (const [name, header] of response.get("headers").entries()) {
    checkCited(header, `header ${name} of ${what}`);
    checkSchema(header.get("schema"), tree, `header ${name} of ${what}`);
  }
  checkContent(response, what, tree);
}

/** @param octets whether they are allowed here: their schema has neither name nor bound */
function checkContent(body: Cursor, what: string, tree: SpecTree, octets = false): void {
  for (const [type, media] of body.get("content").entries()) {
    const schema = media.get("schema");
    if (octets && isOctetsSchema(type, schema)) continue;
    if (typeof schema.get("$ref").value !== "string") {
      schema.problem(`${what} has a schema without a name. Move it to a file of messages/, and $ref that.`);
    } else {
      checkSchema(schema, tree, what);
    }
  }
}

/** Other paths of an operation address the same thing: they have the same parameters. */
function checkPaths(path: string, operation: Cursor, what: string): void {
  const accept = operation.get("x-accept");
  const routes = accept.get("routes").items();
  for (const route of routes) {
    if (!/^[A-Z]+ \//.test(String(route.value))) route.problem(`a route of ${what} is no "METHOD /path". Write it so.`);
  }
  const fallbacks = operation
    .get("x-fallback")
    .items()
    .map((fallback) => fallback.get("path"));
  for (const other of [...accept.get("paths").items(), ...routes, ...fallbacks]) {
    if (typeof other.value === "string" && placeholders(other.value) !== placeholders(path)) {
      other.problem(`${other.value} has other parameters than ${path}. Use the same ones, so that ${what} finds them.`);
    }
  }
}

function placeholders(path: string): string {
  return [...path.matchAll(/\{[^}]*\}/g)].map(String).sort().join();
}

/** A query carrier leads to a declared member that may stand in a URL. */
function checkQuery(operation: Cursor, what: string, tree: SpecTree): void {
  const body = operation.get("requestBody").get("content").get("application/json").get("schema").get("$ref");
  if (operation.has("requestBody") && body.value === undefined) return;
  for (const [parameter, pointer] of operation.get("x-query").entries()) {
    let schema = tree.follow(body);
    let secret = false;
    for (const step of String(pointer.value).split("/").slice(1)) {
      const property: Cursor | undefined = schema?.get("properties").get(step);
      secret ||= property?.get("x-secret").value === true;
      schema = property?.has("$ref") ? tree.follow(property.get("$ref")) : property;
    }
    if (schema?.value === undefined) {
      pointer.problem(`${parameter} of ${what} leads to no member of its body. Correct the JSON pointer.`);
    } else if (secret) {
      pointer.problem(`${parameter} of ${what} is a secret, and URLs are logged. Remove it from x-query.`);
    }
  }
}

/** What components.schemas does not list loses its name in the generated types. */
function checkListed(api: Cursor, tree: SpecTree): void {
  const folder = below(tree.root, api.file).split("/")[0] ?? "";
  const schemas = api.get("components").get("schemas");
  const listed = new Set(schemas.entries().map(([, schema]) => tree.follow(schema.get("$ref"))?.file.path));
  for (const [path, file] of tree.files) {
    if (/^[^/]+\/(schemas|messages)\//.test(path) && path.startsWith(`${folder}/`) && !listed.has(file.path)) {
      schemas.problem(`${path} is not listed. Add ${file.name}: { $ref: ${path.slice(folder.length + 1)} } here.`);
    }
  }
  for (const [name, schema] of schemas.entries()) {
    const file = tree.follow(schema.get("$ref"))?.file;
    if (file === undefined) schema.problem(`${name} is not a $ref to a file. Move it to schemas/${name}.yaml.`);
    else if (file.name !== name) schema.problem(`${name} refers to ${file.name}. Use one name for both.`);
  }
}

/** The target of a reference within the same file; otherwise the cursor itself. */
function local(api: Cursor, cursor: Cursor): Cursor {
  const ref = cursor.get("$ref").value;
  if (typeof ref !== "string" || !ref.startsWith("#/")) return cursor;
  let target = api;
  for (const step of ref.slice(2).split("/")) target = target.get(step);
  return target.value === undefined ? cursor : target;
}

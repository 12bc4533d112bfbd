/**
 * The server behind the generated listeners: route, authorize, read, canonicalise, validate, handle, check, answer.
 * A handler that answers at once is answered in the same turn of the event loop, without a promise in between.
 */
import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { longerThan } from "./checks.js";
import { isMp2pError } from "./errors.js";
import { handle, isPromise } from "./http-answer.js";
import { type BodyFailure, lingerThen, readBody } from "./http-body.js";
import { allowedMethods, allowOrigin, answerOptions } from "./http-cors.js";
import {
  type Endpoint,
  Exchange,
  fail,
  JSON_TYPE,
  observe,
  PROBLEM_TYPE,
  refuse,
  refuseIssues,
  refuseStranger,
  type Settings,
  send,
} from "./http-exchange.js";
import { acceptsJson, isJsonContentType } from "./http-negotiation.js";
import { takeOctets } from "./http-octets.js";
import { cite, type Operation, takesOctets } from "./http-operation.js";
import {
  fillFromQuery,
  parameterFault,
  parseQuery,
  readQueryParameters,
  repeatedCarriers,
  unknownParameters,
} from "./http-parameters.js";
import { type Route, routeOperations } from "./http-router.js";
import type { Listener, Refusal, ResponseHeaders, ServerOptions } from "./http-server-types.js";
import { percentDecode } from "./http-url.js";
import { illFormedMember, inspect, mayBeIllFormed, parseJson } from "./json.js";
import { problem } from "./problem.js";
import type { QueryValues, ValidationIssue } from "./validation.js";

/**
 * Compiles a table of operations and their handlers into a listener.
 *
 * @param handlers one method per operation id; generated code narrows this to its handlers interface
 * @throws TypeError when a handler is missing
 */
export function createListener(
  operations: readonly Operation[],
  handlers: object,
  options: ServerOptions = {},
): Listener {
  const { limits = {} } = options;
  const settings: Settings = {
    router: routeOperations(operations, (operation) => createEndpoint(operation, handlers)),
    json: { depth: limits.depth ?? 32, members: limits.members ?? 1024 },
    bodyBytes: limits.bodyBytes ?? 256 * 1024,
    octets: limits.octets ?? 1024 ** 3,
    octetsSilenceMs: limits.octetsSilenceMs ?? 60_000,
    idLength: limits.idLength ?? 256,
    validateResponses: options.validateResponses ?? true,
    prefix: (options.pathPrefix ?? "").replace(/\/+$/, ""),
    options,
    onError: options.onError ?? ((error) => console.error(error)),
  };
  return (request, response, next) => accept(settings, request, response, next);
}

function createEndpoint(operation: Operation, handlers: object): Endpoint {
  const handler: unknown = Reflect.get(handlers, operation.id);
  if (typeof handler !== "function") throw new TypeError(`no handler for ${operation.id}`);
  const at = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  const { responses } = operation;
  return {
    operation,
    handle: handler.bind(handlers) as Endpoint["handle"],
    pathParameters: new Map(at("path").map((parameter) => [parameter.name, parameter])),
    queryParameters: at("query"),
    responses: new Map(responses.flatMap((entry) => (entry.status === "default" ? [] : [[entry.status, entry]]))),
    otherProblems: responses.some(({ status }) => status === "default"),
    answersJson: responses.some(({ status, body }) => status !== "default" && status < 300 && body !== undefined),
    takesOctets: takesOctets(operation),
  };
}

/** 1. Which operation, if any? */
function accept(settings: Settings, request: IncomingMessage, response: ServerResponse, next: Parameters<Listener>[2]) {
  const target = request.url ?? "/";
  const question = target.indexOf("?");
  const path = localPath(settings, question === -1 ? target : target.slice(0, question));
  const match = path === undefined ? undefined : settings.router.match(path);
  if (match === undefined) {
    if (next !== undefined) return next();
    return refuse(new Exchange(settings, request, response), 404, { detail: "no operation has this path" });
  }

  const exchange = new Exchange(settings, request, response);
  if (settings.options.cors !== undefined) allowOrigin(exchange, settings.options.cors);
  const method = request.method ?? "";
  const route = match.methods.get(method) ?? (method === "HEAD" ? match.methods.get("GET") : undefined);
  if (route === undefined) {
    if (method === "OPTIONS") return answerOptions(exchange, match);
    const headers = { Allow: allowedMethods(match) };
    const detail = `this resource does not know ${method}`;
    return refuse(exchange, 405, { detail, member: "", clause: "RFC 9110 15.5.6" }, headers);
  }
  if (route.trailingSlash !== undefined && route.trailingSlash !== match.trailingSlash) {
    if (next !== undefined) return next();
    return refuse(exchange, 404, { detail: "no operation has this path: mind the slash at its end" });
  }
  exchange.endpoint = route.target;
  if (!readPath(exchange, route, match.values)) return;
  if (question !== -1) {
    exchange.query = parseQuery(target.slice(question + 1));
    if (exchange.query === undefined) {
      const clause = cite(route.target.operation, route.target.operation.clause);
      return refuse(exchange, 400, { detail: "the query is malformed", member: "?", clause });
    }
  }
  authorize(exchange);
}

/** The path below the prefix, also of a target in absolute form [RFC 9112 3.2.2]; undefined when it lies elsewhere. */
function localPath({ prefix }: Settings, target: string): string | undefined {
  let path = target;
  if (target.charCodeAt(0) !== 47) {
    const authority = /^https?:\/\/[^/]*/i.exec(target)?.[0];
    if (authority === undefined) return undefined;
    path = target.slice(authority.length) || "/";
  }
  if (prefix === "") return path;
  if (!path.startsWith(prefix) || path.charCodeAt(prefix.length) !== 47) return undefined;
  return path.slice(prefix.length);
}

function readPath(exchange: Exchange, { names, target }: Route<Endpoint>, values: readonly string[]): boolean {
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = percentDecode(values[i] as string);
    const parameter = target.pathParameters.get(name);
    const fault =
      value === undefined
        ? "has malformed percent-encoding"
        : longerThan(value, exchange.settings.idLength)
          ? `is longer than ${exchange.settings.idLength} characters`
          : parameter && parameterFault(parameter, value);
    if (value === undefined || fault !== undefined) {
      const clause = parameter?.clause ?? target.operation.clause;
      refuseIssues(exchange, [{ member: `{${name}}`, clause: cite(target.operation, clause), message: fault ?? "" }]);
      return false;
    }
    exchange.params[name] = value;
  }
  return true;
}

/** 2. May they? */
function authorize(exchange: Exchange) {
  const { authorize: decide } = exchange.settings.options;
  if (decide === undefined) return negotiate(exchange);
  try {
    const refusal = decide(exchange.operation, exchange);
    if (!isPromise(refusal)) return authorized(exchange, refusal);
    refusal.then(
      (late) => authorized(exchange, late),
      (error: unknown) => fail(exchange, "ERR_HANDLER", "authorize failed", error),
    );
  } catch (error) {
    fail(exchange, "ERR_HANDLER", "authorize failed", error);
  }
}

function authorized(exchange: Exchange, refusal: Refusal | undefined) {
  if (refusal === undefined) return negotiate(exchange);
  if (refusal.status === 401)
    return refuseStranger(exchange, { "WWW-Authenticate": refusal.challenge }, refusal.detail);
  const { detail } = refusal;
  const declared = exchange.endpoint?.responses.get(403);
  // The Recommendation's own refusals come as it prints them, mostly without a body.
  if (declared !== undefined && declared.body === undefined) return send(exchange, 403, undefined, "", undefined);
  refuse(exchange, 403, detail === undefined ? {} : { detail });
}

/** 3. Can we understand each other? */
function negotiate(exchange: Exchange) {
  const { request, endpoint, settings } = exchange;
  const { operation, answersJson, takesOctets: octetsCome } = endpoint as Endpoint;
  if (answersJson && !acceptsJson(request.headers.accept)) {
    const detail = "the answer would be application/json, which Accept excludes";
    return refuse(exchange, 406, { detail, member: "Accept", clause: "RFC 9110 12.5.1" });
  }
  if (operation.request === undefined) return understand(exchange, undefined);
  if (octetsCome) {
    const octets = takeOctets(exchange);
    return octets === undefined ? undefined : understand(exchange, octets);
  }

  const parsed = (request as { body?: unknown }).body;
  if (parsed !== undefined) return adoptBody(exchange, parsed);
  readBody(request, settings.bodyBytes, (text, failure) => {
    if (failure !== undefined) return refuseBody(exchange, failure);
    if (text === undefined || text === "") return understand(exchange, undefined);
    parseText(exchange, text);
  });
}

/** An Express parser came first: its objects are inspected, its text and octets parsed. */
function adoptBody(exchange: Exchange, body: unknown) {
  if (typeof body === "string") return parseText(exchange, body);
  if (Buffer.isBuffer(body)) return parseText(exchange, body.toString("utf8"));
  try {
    const { depth, members } = exchange.settings.json;
    if (typeof body === "object" && body !== null) inspect(body, depth, members);
  } catch (error) {
    return refuseJson(exchange, error);
  }
  const at = illFormedMember(body);
  if (at !== undefined) return refuseText(exchange, at);
  understand(exchange, body);
}

function parseText(exchange: Exchange, text: string) {
  const { headers } = exchange.request;
  const coding = headers["content-encoding"];
  if (!isJsonContentType(headers["content-type"]) || (coding !== undefined && coding.toLowerCase() !== "identity")) {
    const accepted: ResponseHeaders = { "Accept-Encoding": "identity", Accept: JSON_TYPE };
    const detail = "the body must be application/json in UTF-8, without coding";
    const fault = isJsonContentType(headers["content-type"])
      ? { member: "Content-Encoding", clause: "RFC 9110 8.4" }
      : { member: "Content-Type", clause: "RFC 9110 8.3" };
    return refuse(exchange, 415, { detail, ...fault }, accepted);
  }
  let body: unknown;
  try {
    body = parseJson(text, exchange.settings.json);
  } catch (error) {
    return refuseJson(exchange, error);
  }
  const at = mayBeIllFormed(text) ? illFormedMember(body) : undefined;
  if (at !== undefined) return refuseText(exchange, at);
  understand(exchange, body);
}

/** Who is named by such a string could never be addressed in a URL. */
function refuseText(exchange: Exchange, member: string) {
  const { operation } = exchange.endpoint as Endpoint;
  const clause = cite(operation, operation.request?.clause ?? operation.clause);
  refuseIssues(exchange, [{ member, clause, message: "has no UTF-8 form: a surrogate stands alone" }]);
}

/** 4. What do they want? `body` is undefined when there was none. */
function understand(exchange: Exchange, received: unknown) {
  const { operation, queryParameters } = exchange.endpoint as Endpoint;
  const { request } = operation;
  const issues: ValidationIssue[] = [];
  let body = received;
  if (request !== undefined) {
    if (body === undefined) body = absentBody(operation, exchange.query);
    if (body !== undefined) {
      body = request.read(body, { query: exchange.query, issues });
      if (operation.takesQuery && exchange.query) body = fillFromQuery(body, operation.query, exchange.query);
      const found = request.validate(body);
      if (found !== undefined) issues.push(...found);
    } else if (request.required) {
      issues.push({ member: "", clause: cite(operation, request.clause), message: "is missing: the body is empty" });
    }
  }
  const query =
    queryParameters.length === 0 ? NO_QUERY : readQueryParameters(operation, queryParameters, exchange.query, issues);
  if (exchange.query !== undefined) {
    if (operation.takesQuery) repeatedCarriers(operation, exchange.query, issues);
    if (exchange.settings.options.unknownParameters === "refuse") unknownParameters(operation, exchange.query, issues);
  }
  if (issues.length > 0) return refuseIssues(exchange, issues);
  handle(exchange, { params: exchange.params, query, body });
}

const NO_QUERY: Readonly<Record<string, unknown>> = Object.freeze({});

/** What stands for a missing body, where the operation lets one be missing or come in the query. */
function absentBody({ request, query, takesQuery }: Operation, given: QueryValues | undefined): unknown {
  if (request?.absent !== undefined) return Object.fromEntries(request.absent.map((name) => [name, {}]));
  return takesQuery && given !== undefined && query.some(({ parameter }) => given[parameter] !== undefined)
    ? {}
    : undefined;
}

const jsonFaults = {
  ERR_JSON_SYNTAX: "is not JSON",
  ERR_JSON_DEPTH: "is nested too deeply",
  ERR_JSON_MEMBERS: "has an object with too many members",
} as const;

function refuseJson(exchange: Exchange, error: unknown) {
  const { operation } = exchange.endpoint as Endpoint;
  const code = isMp2pError(error) ? error.code : undefined;
  const message =
    code !== undefined && code in jsonFaults ? jsonFaults[code as keyof typeof jsonFaults] : "is not JSON";
  const clause = cite(operation, operation.request?.clause ?? operation.clause);
  refuseIssues(exchange, [{ member: "", clause, message }]);
}

function refuseBody(exchange: Exchange, failure: BodyFailure) {
  const { request, response, settings, endpoint } = exchange;
  const { operation } = endpoint as Endpoint;
  if (failure === "not UTF-8") {
    const clause = cite(operation, operation.request?.clause ?? operation.clause);
    return refuseIssues(exchange, [{ member: "", clause, message: "is not UTF-8" }]);
  }
  const detail = `the body is larger than ${settings.bodyBytes} octets`;
  const clause = cite(operation, operation.request?.clause ?? operation.clause);
  const text = JSON.stringify(problem(413, { detail, member: "", clause }));
  response.writeHead(413, {
    "Content-Type": PROBLEM_TYPE,
    "Content-Length": Buffer.byteLength(text),
    Connection: "close",
  });
  response.write(text);
  if (settings.options.onRequest !== undefined) observe(exchange, 413);
  lingerThen(request, () => response.end());
}

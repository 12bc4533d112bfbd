/** One request under way, and the ways to end it. */
import { Buffer } from "node:buffer";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";
import { Mp2pError } from "./errors.js";
import { lingerThen } from "./http-body.js";
import { cite, type Operation, type OperationParameter, type OperationResponse } from "./http-operation.js";
import type { Router } from "./http-router.js";
import type {
  HandlerRequest,
  HandlerResult,
  MaybePromise,
  RequestContext,
  ResponseHeaders,
  ServerOptions,
} from "./http-server-types.js";
import type { JsonLimits } from "./json.js";
import { type ProblemOptions, problem } from "./problem.js";
import type { QueryValues, ValidationIssue } from "./validation.js";

export const JSON_TYPE = "application/json";
export const PROBLEM_TYPE = "application/problem+json";

/** An operation with everything looked up once. */
export interface Endpoint {
  readonly operation: Operation;
  readonly handle: (request: HandlerRequest, context: RequestContext) => MaybePromise<HandlerResult>;
  readonly pathParameters: ReadonlyMap<string, OperationParameter>;
  readonly queryParameters: readonly OperationParameter[];
  readonly responses: ReadonlyMap<number, OperationResponse>;
  /** Whether problem details may accompany statuses that are not declared. */
  readonly otherProblems: boolean;
  /** Whether a success has a body, so that Accept matters. */
  readonly answersJson: boolean;
  /** Whether the body is octets, which are still coming while the handler is at work. */
  readonly takesOctets: boolean;
}

export interface Settings {
  readonly router: Router<Endpoint>;
  readonly json: JsonLimits;
  readonly bodyBytes: number;
  readonly octets: number;
  readonly octetsSilenceMs: number;
  readonly idLength: number;
  readonly validateResponses: boolean;
  readonly prefix: string;
  readonly options: ServerOptions;
  readonly onError: (error: Error, context: RequestContext) => void;
}

/** One request under way; what handlers see of it is its {@link RequestContext}. */
export class Exchange implements RequestContext {
  readonly settings: Settings;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly started: number;
  endpoint: Endpoint | undefined;
  params: Record<string, string> = {};
  query: QueryValues | undefined;
  /** Why the octets of the body ended before their end: a handler may let it through. */
  cutOff: Mp2pError | undefined;
  #controller: AbortController | undefined;

  constructor(settings: Settings, request: IncomingMessage, response: ServerResponse) {
    this.settings = settings;
    this.request = request;
    this.response = response;
    this.started = settings.options.onRequest === undefined ? 0 : performance.now();
  }

  get operation(): string {
    return this.endpoint?.operation.id ?? "";
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  get remoteAddress(): string {
    return this.request.socket.remoteAddress ?? "";
  }

  get secure(): boolean {
    return (this.request.socket as { encrypted?: boolean }).encrypted === true;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      const { response } = this;
      response.once("close", () => {
        if (!response.writableFinished) controller.abort(new Mp2pError("ERR_ABORTED", "the client went away"));
      });
      this.#controller = controller;
    }
    return this.#controller.signal;
  }
}

/** Writes head and body in one go. `text` undefined: no body. */
export function send(
  exchange: Exchange,
  status: number,
  text: string | undefined,
  type: string,
  extra: ResponseHeaders | undefined,
): void {
  const { response, settings } = exchange;
  if (exchange.endpoint?.takesOctets === true && !exchange.request.complete) {
    sendEarly(exchange, status, text, type, extra);
  } else if (text === undefined) {
    response.writeHead(
      status,
      extra === undefined ? { "Content-Length": 0 } : outgoing(extra, { "Content-Length": 0 }),
    );
    response.end();
  } else {
    const own = { "Content-Type": type, "Content-Length": Buffer.byteLength(text) };
    response.writeHead(status, extra === undefined ? own : outgoing(extra, own));
    endWith(response, text);
  }
  if (settings.options.onRequest !== undefined) observe(exchange, status);
}

/**
 * An answer while octets are still coming: what is left of them would be taken for the next request, and if the connection were closed
 * over octets that nobody has read, it would be reset and the answer lost.
 */
function sendEarly(
  { request, response }: Exchange,
  status: number,
  text: string | undefined,
  type: string,
  extra: ResponseHeaders = {},
): void {
  if (response.destroyed) return;
  const length = text === undefined ? 0 : Buffer.byteLength(text);
  const own = { ...(text !== undefined && { "Content-Type": type }), "Content-Length": length, Connection: "close" };
  response.writeHead(status, outgoing(extra, own));
  if (text === undefined) response.flushHeaders();
  else response.write(text);
  lingerThen(request, () => response.end());
}

/**
 * `response.end(text)` hands two pieces to the socket, the second of them empty, and the system gets them as a vector: dearer by
 * a fifteenth of a whole request than one string. So the socket is held until head and body are one, and let go before the end.
 */
function endWith(response: ServerResponse, text: string): void {
  const { socket } = response;
  // Null: an earlier request on this connection has yet to be answered.
  if (socket === null) return void response.end(text);
  socket.cork();
  response.write(text);
  socket.uncork();
  response.end();
}

function outgoing(extra: ResponseHeaders, own: Record<string, string | number>) {
  const headers: Record<string, string | number | string[]> = {};
  for (const [name, value] of Object.entries(extra)) headers[name] = typeof value === "object" ? [...value] : value;
  return Object.assign(headers, own);
}

export function observe(exchange: Exchange, status: number): void {
  exchange.settings.options.onRequest?.(exchange.operation, status, (performance.now() - exchange.started) / 1000);
}

/** Refuses with problem details. What is left of the body is thrown away by node, which keeps the connection. */
export function refuse(exchange: Exchange, status: number, options: ProblemOptions, headers?: ResponseHeaders): void {
  send(exchange, status, JSON.stringify(problem(status, options)), PROBLEM_TYPE, headers);
}

/** 401 always says what was wanted, also where the Recommendation prints no body. */
export function refuseStranger(
  exchange: Exchange,
  headers: ResponseHeaders | undefined,
  detail = "this takes credentials that are right: see WWW-Authenticate",
): void {
  const { operation } = exchange.endpoint as Endpoint;
  refuse(exchange, 401, { detail, member: "Authorization", clause: cite(operation, operation.clause) }, headers);
}

export function refuseIssues(exchange: Exchange, errors: readonly ValidationIssue[]): void {
  refuse(exchange, 400, { detail: "the request does not have the form that the Recommendation gives it", errors });
}

/** For a handler that let through why its octets ended early: 413, or nobody is left to be answered. */
export function breakOff(exchange: Exchange, { code, message }: Mp2pError): void {
  const { endpoint, response, settings } = exchange;
  if (code === "ERR_BODY_SIZE") {
    const { operation } = endpoint as Endpoint;
    refuse(exchange, 413, { detail: message, member: "", clause: cite(operation, operation.clause) });
  } else {
    response.destroy();
    if (settings.options.onRequest !== undefined) observe(exchange, GONE);
  }
}

/** What observers are told instead of a status, after a client that went away before its octets were there. */
const GONE = 499;

/** 500 for the client, the reason for the operator. */
export function fail(
  exchange: Exchange,
  code: "ERR_HANDLER" | "ERR_HANDLER_RESULT",
  message: string,
  cause?: unknown,
): void {
  const { response, settings } = exchange;
  try {
    settings.onError(new Mp2pError(code, message, cause === undefined ? undefined : { cause }), exchange);
  } catch {
    // An observer's own failure must not take the server down.
  }
  if (response.headersSent) response.destroy();
  else refuse(exchange, 500, {});
}

/** The client behind the generated ones: check, send, repeat where that is safe, read tolerantly, check again. */
import { isMp2pError } from "./errors.js";
import { aborted, type Bounds, createPatience, late } from "./http-bounds.js";
import {
  type AnyRequest,
  type AnyResult,
  type CallOptions,
  type ClientOptions,
  HttpError,
  type ValidationMode,
} from "./http-client-types.js";
import { requestHeaders } from "./http-headers.js";
import { cite, type Operation, type OperationFallback, takesOctets } from "./http-operation.js";
import { parameterFault, queryFromBody } from "./http-parameters.js";
import { interpretResponse } from "./http-result.js";
import { backoffMs, defaultAttempts, retryAfterMs, retryableStatuses, sleep } from "./http-retry.js";
import { isSpent, type OctetSource, outgoing } from "./http-source.js";
import { defaultTransport, fetchTransport, type Transport, type TransportResponse } from "./http-transport.js";
import { expandPath, normalizeBaseUrl } from "./http-url.js";
import { describeIssues, type ValidationIssue } from "./validation.js";

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_DEADLINE_MS = 30_000;
/** Nobody knows how long octets take to come. */
const defaultDeadlineMs = (operation: Operation) =>
  takesOctets(operation) ? Number.POSITIVE_INFINITY : DEFAULT_DEADLINE_MS;
const DEFAULT_MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

/** Performs any operation of a table; the generated functions give it its types. */
export interface HttpClient {
  /** Where operations live, without the path they share. */
  readonly baseUrl: string;
  /** @throws HttpError (as a rejection) when there is no answer, or one that its schema does not allow */
  call<Result extends AnyResult>(operation: Operation, request: AnyRequest, options?: CallOptions): Promise<Result>;
}

/**
 * @param segment first path segment of all operations, if they share one
 * @throws Mp2pError ERR_BASE_URL
 */
export function createHttpClient(options: ClientOptions, segment?: string): HttpClient {
  const { validate = "throw" } = options;
  const modes = typeof validate === "string" ? { request: validate, response: validate } : validate;
  const settings: Settings = {
    ...options,
    baseUrl: normalizeBaseUrl(options.baseUrl, segment),
    transport: options.transport ?? (options.fetch === undefined ? defaultTransport() : fetchTransport(options.fetch)),
    validateRequest: modes.request ?? "throw",
    validateResponse: modes.response ?? "throw",
    warn: options.onWarning ?? ((error) => console.warn(error.message)),
  };
  return {
    baseUrl: settings.baseUrl,
    async call<Result extends AnyResult>(operation: Operation, request: AnyRequest, call: CallOptions = {}) {
      return (await perform(settings, operation, request, call)) as Result;
    },
  };
}

interface Settings extends ClientOptions {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly validateRequest: ValidationMode;
  readonly validateResponse: ValidationMode;
  readonly warn: (error: HttpError) => void;
}

/** What is sent, again and again if need be. */
interface Message {
  readonly operation: Operation;
  readonly url: string;
  readonly body: string | undefined;
  /** Instead of `body`. */
  readonly octets?: OctetSource;
  readonly headers: Readonly<Record<string, string>>;
}

async function perform(settings: Settings, operation: Operation, request: AnyRequest, call: CallOptions) {
  const bounds: Bounds = {
    signal: call.signal,
    timeoutMs: call.timeoutMs ?? settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    endsAt: Date.now() + (call.deadlineMs ?? settings.deadlineMs ?? defaultDeadlineMs(operation)),
    retry: call.retry ?? settings.retry ?? {},
  };
  checkRequest(settings, operation, request);
  const headers = await requestHeaders(settings, operation, call, bounds);
  const compose = (fallback?: OperationFallback) => composeMessage(settings, operation, request, headers, fallback);

  let response = await sendRepeatedly(settings, compose(), bounds);
  const fallback = settings.fallbacks
    ? operation.fallbacks.find(({ after }) => after.includes(response.status))
    : undefined;
  if (fallback !== undefined) {
    const second = await sendRepeatedly(settings, compose(fallback), bounds);
    // Refused again: the first refusal was about the content, not about its form.
    if (!fallback.after.includes(second.status)) response = second;
  }
  return interpretResponse(operation, response, settings.validateResponse, settings.warn);
}

/** Strict in what is sent. */
function checkRequest(settings: Settings, operation: Operation, { params = {}, query = {}, body }: AnyRequest): void {
  if (settings.validateRequest === "off") return;
  const issues: ValidationIssue[] = [];
  for (const parameter of operation.parameters) {
    const { name, required, array } = parameter;
    const value = parameter.in === "path" ? params[name] : query[name];
    const member = parameter.in === "path" ? `{${name}}` : `?${name}`;
    if (parameter.in === "header") continue;
    if (value === undefined) {
      if (required) issues.push({ member, clause: cite(operation, parameter.clause), message: "is missing" });
      continue;
    }
    for (const item of array && Array.isArray(value) ? value : [value]) {
      const fault = parameterFault(parameter, item);
      if (fault !== undefined) issues.push({ member, clause: cite(operation, parameter.clause), message: fault });
    }
  }
  if (operation.request !== undefined) {
    if (body !== undefined) issues.push(...(operation.request.validate(body) ?? []));
    else if (operation.request.required) {
      issues.push({ member: "", clause: cite(operation, operation.request.clause), message: "is missing" });
    }
  }
  if (issues.length === 0) return;
  const error = new HttpError("ERR_REQUEST_INVALID", `${operation.id} request: ${describeIssues(issues)}`, {
    operation: operation.id,
    issues,
  });
  if (settings.validateRequest === "throw") throw error;
  settings.warn(error);
}

function composeMessage(
  { baseUrl, transport }: Settings,
  operation: Operation,
  { params = {}, query = {}, body }: AnyRequest,
  headers: Readonly<Record<string, string>>,
  fallback: OperationFallback | undefined,
): Message {
  const path = expandPath(fallback?.path ?? operation.path, params);
  if (path === undefined) {
    throw new HttpError(
      "ERR_REQUEST_INVALID",
      `${operation.id}: a path parameter is empty, "." or "..", or not Unicode`,
      {
        operation: operation.id,
      },
    );
  }
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item));
  }
  const url = baseUrl + path;
  if (operation.request === undefined || body === undefined) {
    return { operation, url: withQuery(url, search.toString()), body: undefined, headers };
  }

  if (takesOctets(operation)) {
    const headersOfOctets = { "content-type": operation.request.contentType, ...headers };
    const octets = body as OctetSource;
    return { operation, url: withQuery(url, search.toString()), body: undefined, octets, headers: headersOfOctets };
  }
  if (operation.method === "GET" && !transport.carriesGetBody) {
    const carried = queryFromBody(body, operation.query);
    if (carried === undefined) {
      const message = `${operation.id}: this platform sends no body with GET, and the query cannot carry all of this one`;
      throw new HttpError("ERR_GET_BODY", message, { operation: operation.id });
    }
    const all = [search.toString(), carried].filter((part) => part !== "").join("&");
    return { operation, url: withQuery(url, all), body: undefined, headers };
  }
  const text = JSON.stringify(fallback?.rename === undefined ? body : renameMembers(body, fallback.rename));
  const typed = { "content-type": operation.request.contentType, ...headers };
  return { operation, url: withQuery(url, search.toString()), body: text, headers: typed };
}

function withQuery(url: string, query: string): string {
  return query === "" ? url : `${url}?${query}`;
}

function renameMembers(body: unknown, names: Readonly<Record<string, string>>): unknown {
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [names[name] ?? name, value]));
}

/** Attempts until one is answered for good, or the operation may not be repeated, or attempts or time run out. */
async function sendRepeatedly(settings: Settings, message: Message, bounds: Bounds): Promise<TransportResponse> {
  const { operation } = message;
  const { retry } = bounds;
  const attempts = retry === false || !operation.idempotent ? 1 : (retry.attempts ?? defaultAttempts);
  for (let attempt = 1; ; attempt++) {
    let response: TransportResponse | undefined;
    let failure: unknown;
    let again = true;
    const spent = () => {
      again = false;
    };
    try {
      response = await sendOnce(settings, message, bounds, spent);
      if (!retryableStatuses.has(response.status)) return response;
    } catch (error) {
      if (!isMp2pError(error, "ERR_NETWORK") && !isMp2pError(error, "ERR_TIMEOUT")) throw error;
      failure = error;
    }
    const asked = retryAfterMs(response?.headers["retry-after"], Date.now()) ?? 0;
    const wait = retry === false ? 0 : Math.max(asked, backoffMs(attempt, retry));
    if (!again || attempt >= attempts || Date.now() + wait >= bounds.endsAt) {
      if (response !== undefined) return response;
      throw failure;
    }
    await sleep(wait, bounds.signal).catch((cause: unknown) => {
      throw aborted(operation, cause);
    });
  }
}

/** One attempt, with a signal of its own: a retry must not inherit one that a timeout has ended. */
async function sendOnce(
  settings: Settings,
  message: Message,
  bounds: Bounds,
  spent: () => void,
): Promise<TransportResponse> {
  const { operation, url, headers } = message;
  const { signal, timeoutMs, endsAt } = bounds;
  if (signal?.aborted) throw aborted(operation, signal.reason);

  const attempt = new AbortController();
  const onAbort = () => attempt.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const patience = createPatience(endsAt, () => attempt.abort());
  patience.wait(timeoutMs);
  const octets =
    message.octets === undefined
      ? undefined
      : outgoing(message.octets, {
          callers: () => patience.wait(Number.POSITIVE_INFINITY),
          servers: () => patience.wait(timeoutMs),
        });
  const body = octets ?? message.body;
  try {
    const maxResponseBytes = settings.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
    const { method } = operation;
    return await settings.transport.send({ method, url, headers, body, signal: attempt.signal, maxResponseBytes });
  } catch (cause) {
    const { id } = operation;
    if (signal?.aborted) throw aborted(operation, signal.reason);
    if (patience.ended === "deadline") throw late(operation, cause);
    if (patience.ended === "timeout") {
      throw new HttpError("ERR_TIMEOUT", `${id} was not answered within ${timeoutMs} ms`, { operation: id, cause });
    }
    // What a source throws is its owner's own, and passed on as it is.
    if (octets?.failure !== undefined) throw octets.failure.error;
    if (isMp2pError(cause)) throw new HttpError(cause.code, `${id}: ${cause.message}`, { operation: id, cause });
    throw new HttpError("ERR_NETWORK", `${id}: no answer from ${new URL(url).host}${reason(cause)}`, {
      operation: id,
      cause,
    });
  } finally {
    patience.end();
    signal?.removeEventListener("abort", onAbort);
    if (octets?.begun === true && isSpent(message.octets)) spent();
    octets?.stop();
  }
}

/** `fetch` hides the reason of a failure one level below. */
function reason(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return "";
  const { code } = inner as { code?: unknown };
  return `: ${inner.message || (typeof code === "string" ? code : inner.name)}`;
}

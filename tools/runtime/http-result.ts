/** From a response on the wire to a result told apart by its status. */
import { type AnyResult, HttpError, type ValidationMode } from "./http-client-types.js";
import type { Operation, OperationBody } from "./http-operation.js";
import type { TransportResponse } from "./http-transport.js";
import { parseJson } from "./json.js";
import { isProblemDetails } from "./problem.js";
import { describeIssues, type ValidationIssue } from "./validation.js";

/** Servers are trusted further than clients, but not to exhaust the stack. */
const RESPONSE_JSON_LIMITS = { depth: 64, members: 65_536 };

/** @throws HttpError ERR_RESPONSE_JSON, ERR_RESPONSE_INVALID */
export function interpretResponse(
  operation: Operation,
  response: TransportResponse,
  mode: ValidationMode,
  warn: (error: HttpError) => void,
): AnyResult {
  const { status: code, headers } = response;
  const find = (status: number) => operation.responses.find((entry) => entry.status === status);
  const declared = find(code) ?? (operation.success.includes(code) ? find(200) : undefined);
  if (declared === undefined || declared.status === "default") {
    const body = looseBody(response.text);
    return { operation: operation.id, status: "other", code, ok: false, body, headers };
  }

  const { status } = declared;
  const ok = status >= 200 && status <= 299;
  const result = (body: unknown): AnyResult => ({ operation: operation.id, status, code, ok, body, headers });
  if (declared.body === undefined || isProblemBody(declared.body)) {
    // A failure may always explain itself, and need not; a success without a declared body has nothing to say.
    return result(ok ? undefined : problemBody(response.text));
  }
  if (response.text === "" && declared.mayBeEmpty) return result({});
  return result(readBody(operation, declared.body, response, mode, warn));
}

function isProblemBody({ contentType }: OperationBody): boolean {
  return contentType === "application/problem+json";
}

function problemBody(text: string): unknown {
  const body = looseBody(text);
  return isProblemDetails(body) ? body : undefined;
}

function looseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return parseJson(text, RESPONSE_JSON_LIMITS);
  } catch {
    return text;
  }
}

/** Tolerant first, then strict on what came of it. */
function readBody(
  { id, document }: Operation,
  { read, validate, clause }: OperationBody,
  { status, headers, text }: TransportResponse,
  mode: ValidationMode,
  warn: (error: HttpError) => void,
): unknown {
  let received: unknown;
  try {
    received = parseJson(text, RESPONSE_JSON_LIMITS);
  } catch (cause) {
    const message = `${id}: the body of the ${status} response is not JSON [${document} ${clause}]`;
    throw new HttpError("ERR_RESPONSE_JSON", message, { operation: id, status, headers, body: text, cause });
  }
  const issues: ValidationIssue[] = [];
  const body = read(received, { issues });
  if (mode === "off") return body;
  issues.push(...(validate(body) ?? []));
  if (issues.length === 0) return body;
  const message = `${id}: the ${status} response breaks its schema: ${describeIssues(issues)}`;
  const error = new HttpError("ERR_RESPONSE_INVALID", message, { operation: id, status, headers, body, issues });
  if (mode === "throw") throw error;
  warn(error);
  return body;
}

/**
 * The body of a success; anything else throws.
 *
 * @throws HttpError ERR_STATUS with the status, body and headers of the failure
 */
export function unwrap<Result extends AnyResult>(result: Result): Extract<Result, { ok: true }>["body"] {
  if (result.ok) return result.body as Extract<Result, { ok: true }>["body"];
  const { operation, code, body, headers } = result;
  const detail = isProblemDetails(body) ? (body.detail ?? body.title) : undefined;
  throw new HttpError("ERR_STATUS", `${operation} answered ${code}${detail === undefined ? "" : `: ${detail}`}`, {
    operation,
    status: code,
    body,
    headers,
  });
}

/**
 * Every error this package throws on purpose is an {@link Mp2pError} with one of these codes.
 * Codes are stable: match on `code`, never on the message. The README beside this file documents each one, and a test
 * holds the two tables together.
 */
export const errorCodes = {
  /** The base URL of a client is no absolute http(s) URL. */
  ERR_BASE_URL: "ERR_BASE_URL",
  /** A request does not satisfy its schema; nothing was sent. `issues` lists why. */
  ERR_REQUEST_INVALID: "ERR_REQUEST_INVALID",
  /** A response arrived that its schema does not allow. `issues` lists why. */
  ERR_RESPONSE_INVALID: "ERR_RESPONSE_INVALID",
  /** A response body that should be JSON is not. */
  ERR_RESPONSE_JSON: "ERR_RESPONSE_JSON",
  /** A response is larger than `maxResponseBytes`. */
  ERR_RESPONSE_SIZE: "ERR_RESPONSE_SIZE",
  /** `unwrap` met a failure status; `status`, `body` and `headers` tell which. */
  ERR_STATUS: "ERR_STATUS",
  /** No response: connection refused, reset, name not found, TLS failure. `cause` has the platform's error. */
  ERR_NETWORK: "ERR_NETWORK",
  /** One attempt took longer than `timeoutMs`. */
  ERR_TIMEOUT: "ERR_TIMEOUT",
  /** All attempts together took longer than `deadlineMs`. */
  ERR_DEADLINE: "ERR_DEADLINE",
  /** The caller's signal was aborted; `cause` has its reason. */
  ERR_ABORTED: "ERR_ABORTED",
  /** This platform cannot send a GET with a body and the operation declares no other carrier. */
  ERR_GET_BODY: "ERR_GET_BODY",
  /** A request body of octets has more of them than the server takes. */
  ERR_BODY_SIZE: "ERR_BODY_SIZE",
  /** Text is not JSON. */
  ERR_JSON_SYNTAX: "ERR_JSON_SYNTAX",
  /** JSON is nested more deeply than the limit. */
  ERR_JSON_DEPTH: "ERR_JSON_DEPTH",
  /** One JSON object has more members than the limit. */
  ERR_JSON_MEMBERS: "ERR_JSON_MEMBERS",
  /** A handler answered something its operation does not declare; the client got a 500. */
  ERR_HANDLER_RESULT: "ERR_HANDLER_RESULT",
  /** A handler threw; the client got a 500 and `cause` has what was thrown. */
  ERR_HANDLER: "ERR_HANDLER",
  /** LDMP, R10: the octets end before the message does. */
  ERR_TRUNCATED: "ERR_TRUNCATED",
  /** LDMP, R10: octets follow the message. */
  ERR_TRAILING: "ERR_TRAILING",
  /** LDMP, R10: the version is not one this codec speaks. */
  ERR_VERSION: "ERR_VERSION",
  /** LDMP, R10: a reserved value or bit is used. */
  ERR_RESERVED: "ERR_RESERVED",
  /** LDMP, R10: a value does not fit its field. */
  ERR_RANGE: "ERR_RANGE",
  /** LDMP, R10: a length that the other fields contradict. */
  ERR_LENGTH: "ERR_LENGTH",
  /** LDMP, R10: a field is there although another forbids it, or is missing although another demands it. */
  ERR_PRESENCE: "ERR_PRESENCE",
  /** LDMP, R10: the message is longer than the target has room for, or than the limit of a stream decoder. */
  ERR_SPACE: "ERR_SPACE",
  /** R10: text is not UTF-8, or has no UTF-8. */
  ERR_TEXT: "ERR_TEXT",
} as const;

export type Mp2pErrorCode = (typeof errorCodes)[keyof typeof errorCodes];

/** Registered globally, so that the guard also recognises errors thrown by another copy of this package. */
const brand = Symbol.for("mp2p.error");

/** Base of all errors of this package. `cause` holds what lies beneath, when something does. */
export class Mp2pError extends Error {
  readonly code: Mp2pErrorCode;
  readonly [brand] = true;

  constructor(code: Mp2pErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "Mp2pError";
    this.code = code;
  }
}

/** True for an error of this package, whichever copy of it threw; with `code`, for that one code. */
export function isMp2pError(value: unknown, code?: Mp2pErrorCode): value is Mp2pError {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as { readonly [brand]?: unknown; readonly code?: unknown };
  return candidate[brand] === true && (code === undefined || candidate.code === code);
}

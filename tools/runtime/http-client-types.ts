import { Mp2pError, type Mp2pErrorCode } from "./errors.js";
import type { RetryOptions } from "./http-retry.js";
import type { Transport } from "./http-transport.js";
import type { ProblemDetails } from "./problem.js";
import type { ValidationIssue } from "./validation.js";

/** What to do about messages that do not satisfy their schema. */
export type ValidationMode = "throw" | "warn" | "off";

/** Credentials: a token, a name and password, or a function that gives the whole value of the Authorization header. */
export type Auth =
  | { readonly bearer: string }
  | { readonly basic: { readonly username: string; readonly password: string } }
  | (() => string | undefined | Promise<string | undefined>);

/** What may be set for a client and again for one call. */
export interface CallOptions {
  /** Ends the call with ERR_ABORTED. */
  readonly signal?: AbortSignal;
  /**
   * For one attempt, in ms. Default 10,000. With a body of octets: for the server to take what there is, and to answer after the last;
   * the source may take its time.
   */
  readonly timeoutMs?: number;
  /** For all attempts and the waits between them, in ms. Default 30,000; none where the body is octets. */
  readonly deadlineMs?: number;
  /** Added to the client's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Only idempotent operations are ever repeated. `false`: not even those. */
  readonly retry?: RetryOptions | false;
}

export interface ClientOptions extends Omit<CallOptions, "signal"> {
  /** Absolute URL of the server, with or without the path that all operations share (`/pams/`). */
  readonly baseUrl: string | URL;
  readonly auth?: Auth;
  /** Default: `fetch`, and node:http for a GET with a body and for octets. */
  readonly transport?: Transport;
  /** Another `fetch` for everything; a GET with a body then uses its query carrier. */
  readonly fetch?: typeof globalThis.fetch;
  /** Requests are checked before they are sent, responses after they were read tolerantly. Default `throw` for both. */
  readonly validate?: ValidationMode | { readonly request?: ValidationMode; readonly response?: ValidationMode };
  /** Receives what `warn` finds. Default: `console.warn`. */
  readonly onWarning?: (error: HttpError) => void;
  /** Default 4 MiB. */
  readonly maxResponseBytes?: number;
  /**
   * Repeat a refused request once in the form of another reading of the Recommendation, where the spec names one (such as
   * `/peers` for `/peer`). Default false.
   */
  readonly fallbacks?: boolean;
}

/** Response headers, names in lower case. `Declared` are those that the spec gives this response. */
export type ResultHeaders<Declared extends string = never> = Readonly<Record<string, string>> & {
  readonly [Name in Declared]?: string;
};

/** Any result; generated code has a union of these per operation, told apart by `status`. */
export interface AnyResult {
  readonly operation: string;
  /** A declared status, or `other`. */
  readonly status: number | "other";
  /** The status on the wire: differs from `status` where another success is read as the declared one. */
  readonly code: number;
  readonly ok: boolean;
  readonly body: unknown;
  readonly headers: ResultHeaders;
}

/** A declared success. */
export interface SuccessResult<Status extends number, Body, Headers extends string = never> extends AnyResult {
  readonly status: Status;
  readonly ok: true;
  readonly body: Body;
  readonly headers: ResultHeaders<Headers>;
}

/** A declared failure; servers may explain it with problem details. */
export interface FailureResult<Status extends number, Body = ProblemDetails | undefined, Headers extends string = never>
  extends AnyResult {
  readonly status: Status;
  readonly ok: false;
  readonly body: Body;
  readonly headers: ResultHeaders<Headers>;
}

/** An answer that the operation does not declare. */
export interface OtherResult extends AnyResult {
  readonly status: "other";
  readonly ok: false;
  /** Parsed if it is JSON, else its text; undefined if empty. */
  readonly body: unknown;
}

/** What a call gives to an operation, untyped. */
export interface AnyRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

export interface HttpErrorDetails {
  readonly operation: string;
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly headers?: ResultHeaders | undefined;
  readonly issues?: readonly ValidationIssue[] | undefined;
  readonly cause?: unknown;
}

/** Every error that a call rejects with; `code` tells the kinds apart. */
export class HttpError extends Mp2pError {
  /** The primitive: `PAMP_PEER_REG`. */
  readonly operation: string;
  /** Status on the wire, once there is an answer. */
  readonly status: number | undefined;
  readonly body: unknown;
  readonly headers: ResultHeaders | undefined;
  /** With ERR_REQUEST_INVALID and ERR_RESPONSE_INVALID: what is wrong. */
  readonly issues: readonly ValidationIssue[];

  constructor(code: Mp2pErrorCode, message: string, details: HttpErrorDetails) {
    super(code, message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "HttpError";
    this.operation = details.operation;
    this.status = details.status;
    this.body = details.body;
    this.headers = details.headers;
    this.issues = details.issues ?? [];
  }
}

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { ProblemDetails } from "./problem.js";

/** Handlers may answer at once, which costs no promise, or later. */
export type MaybePromise<T> = T | Promise<T>;

/** Response headers that a handler adds; the body's own headers are the server's business. */
export type ResponseHeaders = Readonly<Record<string, string | number | readonly string[]>>;

/** What a handler learns about a request beside its content. */
export interface RequestContext {
  /** Name of the primitive: `PAMP_PEER_REG`. */
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  /** Address of the other end of the connection; "" once that is closed. */
  readonly remoteAddress: string;
  /** Whether the connection is encrypted. */
  readonly secure: boolean;
  /** Aborted when the client goes away before it is answered. Made when first asked for. */
  readonly signal: AbortSignal;
}

/**
 * The octets of a request body, to be read once: as they come, and no faster than they are read. Throws ERR_ABORTED when the client
 * goes away, or falls silent, before their end, and ERR_BODY_SIZE beyond the limit; a handler that lets this through is done.
 */
export type OctetStream = AsyncIterable<Uint8Array>;

/** How `authorize` refuses: 401 with a challenge [RFC 9110 11.6.1], or 403; `detail` says whose credentials are wanted, or why not. */
export type Refusal =
  | { readonly status: 401; readonly challenge: string; readonly detail?: string }
  | { readonly status: 403; readonly detail?: string };

export interface ServerLimits {
  /** Octets of a request body. Default 256 KiB. */
  readonly bodyBytes?: number;
  /** Octets of a request body that is octets and goes to its handler as it comes. Default 1 GiB. */
  readonly octets?: number;
  /** How long such a body may fall silent, in ms, before its connection is cut. Default 60,000. */
  readonly octetsSilenceMs?: number;
  /** Levels of nesting of a JSON body. Default 32. */
  readonly depth?: number;
  /** Members of one JSON object. Default 1024. */
  readonly members?: number;
  /** Characters of an identifier in the path. Default 256. */
  readonly idLength?: number;
}

export interface ServerOptions {
  readonly limits?: ServerLimits;
  /** Checks what handlers return against the spec; what it does not declare becomes a 500. Default true. */
  readonly validateResponses?: boolean;
  /** Decides before anything of the body is read. Default: everybody may do everything. */
  readonly authorize?: (operation: string, context: RequestContext) => MaybePromise<Refusal | undefined>;
  /** Path in front of every operation's, such as `/api`; not for Express mounts, which strip theirs. */
  readonly pathPrefix?: string;
  /** Query parameters that an operation does not know: passed over, as extensions are, or refused with 400. Default `ignore`. */
  readonly unknownParameters?: "ignore" | "refuse";
  /** Origins whose pages may call the server, or `*`. Default: none, no CORS header is ever sent. */
  readonly cors?: "*" | readonly string[];
  /** Told about every error that made a 500. Default: `console.error`. */
  readonly onError?: (error: Error, context: RequestContext) => void;
  /**
   * Told about every answer: the operation ("" when none was reached), its status, and the seconds it took. 499: the client went away
   * before its octets were there.
   */
  readonly onRequest?: (operation: string, status: number, seconds: number) => void;
}

/** Fits `http.createServer` and, with `next`, Express: paths outside the spec go to `next`, or are answered with 404. */
export type Listener = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void;

/** What handlers get, untyped: generated code narrows it per operation. */
export interface HandlerRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** What handlers give, untyped. */
export interface HandlerResult {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: ResponseHeaders;
}

/** Client and server errors that problem details may accompany. */
type ErrorStatus =
  | (400 | 401 | 402 | 403 | 404 | 405 | 406 | 407 | 408 | 409 | 410 | 411 | 412 | 413 | 414 | 415 | 416 | 417)
  | (421 | 422 | 423 | 424 | 425 | 426 | 428 | 429 | 431 | 451)
  | (500 | 501 | 502 | 503 | 504 | 505 | 506 | 507 | 508 | 510 | 511);

/** What `default` in a spec allows: problem details with any error status that the operation does not declare itself. */
export interface OtherProblem<Declared extends number> {
  readonly status: Exclude<ErrorStatus, Declared>;
  readonly body: ProblemDetails;
  readonly headers?: ResponseHeaders;
}

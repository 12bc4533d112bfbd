import type { ValidationIssue } from "./validation.js";

/** Problem details [RFC 9457 3.1], with one extension member: the issues found in the request. */
export interface ProblemDetails {
  /** URI reference that names the kind of problem; `about:blank` when the status says it all. */
  type?: string;
  /** The kind of problem in a few words, the same for every occurrence. */
  title?: string;
  /** The HTTP status code. */
  status?: number;
  /** This occurrence, for a human reader. */
  detail?: string;
  /** URI reference that names this occurrence. */
  instance?: string;
  /** Extension: members of the request that were refused, with the clause each refusal rests on. */
  errors?: readonly ValidationIssue[];
}

/** What `problem` needs to know. */
export interface ProblemOptions {
  title?: string;
  detail?: string;
  /** JSON Pointer of the member at fault. */
  member?: string;
  /** Clause that the refusal rests on. */
  clause?: string;
  errors?: readonly ValidationIssue[];
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

/** The reason phrase of a status, as used for problem titles. */
export function statusTitle(status: number): string {
  return titles[status] ?? `Status ${status}`;
}

/** Builds problem details: `return { status: 400, body: problem(400, { detail, member, clause }) }`. */
export function problem<S extends number>(status: S, options: ProblemOptions = {}): ProblemDetails & { status: S } {
  const body: ProblemDetails & { status: S } = {
    type: "about:blank",
    title: options.title ?? statusTitle(status),
    status,
  };
  if (options.detail !== undefined) body.detail = options.detail;
  const errors =
    options.errors ??
    (options.member !== undefined || options.clause !== undefined
      ? [{ member: options.member ?? "", clause: options.clause ?? "", message: options.detail ?? body.title ?? "" }]
      : undefined);
  if (errors !== undefined) body.errors = errors;
  return body;
}

/** True when a value has the shape of problem details. */
export function isProblemDetails(value: unknown): value is ProblemDetails {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { type, title, status, detail } = value as Record<string, unknown>;
  return (
    (type === undefined || typeof type === "string") &&
    (title === undefined || typeof title === "string") &&
    (status === undefined || typeof status === "number") &&
    (detail === undefined || typeof detail === "string") &&
    (type !== undefined || title !== undefined || status !== undefined || detail !== undefined)
  );
}

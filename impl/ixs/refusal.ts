import { type ProblemDetails, problem } from "../../generated/runtime/problem.js";

/** Why the IXS does not do it: 400 something missing, 404 no such session, 409 a newer version is there, 413 too large, 429 too much from one address, 503 a limit. */
export interface Refusal<S extends number = 400 | 404 | 409 | 413 | 429 | 503> {
  readonly status: S;
  readonly body: ProblemDetails;
}

/** `member` is a JSON Pointer into the body, or the name of a query parameter; `clause` one of X.609.10. */
export function refuse<S extends number>(status: S, clause: string, member: string, detail: string): Refusal<S> {
  return { status, body: problem(status, { detail, member, clause: `X.609.10 ${clause}` }) };
}

import { type ProblemDetails, problem } from "../../generated/runtime/problem.js";

/** Why the UMS does not do it: 400 a wrong value, 404 no such user or channel, 409 taken by another user, 503 a limit. */
export interface Refusal {
  readonly status: 400 | 404 | 409 | 503;
  readonly body: ProblemDetails;
}

/** `member` is a JSON Pointer into the body, or the name of a path parameter; `clause` one of X.609.10. */
export function refuse(status: Refusal["status"], clause: string, member: string, detail: string): Refusal {
  return { status, body: problem(status, { detail, member, clause: `X.609.10 ${clause}` }) };
}

import { type ProblemDetails, problem } from "../../generated/runtime/problem.js";

/** Why something was not done. `Status`: those that can be the case. */
export interface Refusal<Status extends number = 400 | 403 | 404 | 409 | 503> {
  readonly status: Status;
  readonly body: ProblemDetails;
}

export interface Unauthorized extends Refusal<401> {
  readonly headers: { readonly "WWW-Authenticate": string };
}

/** `member` is a JSON pointer into the request or the name of a path parameter; `clause` one of X.609.10, unless it says of which. */
export function refuse<Status extends number>(
  status: Status,
  clause: string,
  member: string,
  detail: string,
): Refusal<Status> {
  const cited = /^[A-Z]/.test(clause) ? clause : `X.609.10 ${clause}`;
  return { status, body: problem(status, { detail, member, clause: cited }) };
}

/** `clause` of X.609.10: what it takes the token for. */
export function unauthorized(detail: string, clause = "8.5"): Unauthorized {
  const body = problem(401, { detail, member: "Authorization", clause: `X.609.10 ${clause}` });
  return { status: 401, body, headers: { "WWW-Authenticate": 'Bearer realm="oms"' } };
}

export const unknownOverlay = () => refuse(404, "8.5 b)", "NID", "there is no such overlay network");

export const isRefusal = <T extends object>(value: T | Refusal<number>): value is Refusal<number> =>
  "status" in value && "body" in value;

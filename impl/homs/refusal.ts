import { type ProblemDetails, problem } from "../../generated/runtime/problem.js";

/**
 * The failure statuses of this HOMS. Q.4103 only asks for an appropriate HTTP code (E-HOMP-31 A): 400 malformed or against a
 * rule, 403 wrong key or not admitted, 404 no such overlay or peer, 409 already there, 503 a limit of this server is reached.
 * 401 is not used: HTTP ties it to a challenge, and HOMP's credentials travel in the body.
 */
export type RefusalStatus = 400 | 403 | 404 | 409 | 503;

export interface Refusal {
  status: RefusalStatus;
  /** Never has a member `overlay`: some peers in the field take that for success whatever the status. */
  body: ProblemDetails;
}

export interface Success<Body> {
  status: 200;
  body: Body;
  /** Takes the change back, where a client that got no 200 could not simply try again. For when the store fails. */
  undo?: () => void;
}

/** What a primitive answers: 200 with its body, or why not. */
export type Answer<Body> = Success<Body> | Refusal;

/** `member` is a JSON Pointer into the request; `clause` one of Q.4103. */
export function refuse(status: RefusalStatus, clause: string, member: string, detail: string): Refusal {
  return { status, body: problem(status, { detail, member, clause: `Q.4103 ${clause}` }) };
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === "object" && value !== null && "status" in value && value.status !== 200;

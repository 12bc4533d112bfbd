import type { Operation } from "../../generated/runtime/http-operation.js";
import type { ValidationIssue } from "../../generated/runtime/validation.js";
import { describeIssues } from "../../generated/runtime/validation.js";
import type { HttpReply } from "./http.js";
import { valueAt } from "./matchers.js";
import { SuiteError } from "./outcome.js";
import type { Cite, Test } from "./test.js";

/** A body in canonical form: other spellings and types that an erratum allows are read as the ones chosen. */
export interface Canonical {
  readonly body: unknown;
  /** True if the product sent the canonical form itself. */
  readonly literal: boolean;
  get(path: string): unknown;
}

/**
 * The body of an answer as the errata allow it to be read, or undefined where it is no JSON. Judges nothing: for reading identifiers and
 * members in any of the accepted spellings.
 */
export function canonical(reply: HttpReply, operation: Operation): Canonical | undefined {
  const response = operation.responses.find(({ status }) => status === reply.status)?.body;
  if (!response) throw new SuiteError(`${operation.id} has no body for status ${reply.status}`);
  if (reply.json === undefined) return undefined;
  const body = response.read(structuredClone(reply.json), { issues: [] });
  const literal = JSON.stringify(body) === JSON.stringify(reply.json);
  return { body, literal, get: (path) => valueAt(body, path) };
}

/** Judges the whole body by the generated validator, after the tolerant reading. Cite only statements that the whole body is about. */
export function conforms(t: Test, reply: HttpReply, operation: Operation, cite: Cite): Canonical {
  const read = canonical(reply, operation);
  const response = operation.responses.find(({ status }) => status === reply.status)?.body;
  const issues: ValidationIssue[] = [];
  if (read && response) {
    response.read(structuredClone(reply.json), { issues });
    issues.push(...(response.validate(read.body) ?? []));
  }
  const wanted = `a body as ${operation.document} ${response?.clause ?? operation.clause} has it`;
  const seen = read ? describeIssues(issues) : `no JSON: ${reply.outcome}`;
  t.that(read !== undefined && issues.length === 0, wanted, seen, { entry: reply.entry, ...cite });
  return read ?? { body: undefined, literal: false, get: () => undefined };
}

/** One way in which a value differs from its schema. */
export interface ValidationIssue {
  /** The offending member as a JSON Pointer (RFC 6901) into the message; "" is the message itself. */
  readonly member: string;
  /** Clause of the Recommendation that the constraint comes from, such as `X.609.1 9.1.3`. */
  readonly clause: string;
  /** What is wrong, in words; never contains the value itself, which may be a secret. */
  readonly message: string;
}

/** Checks a value against its schema: `undefined` when it conforms, else every issue found (at least one). */
export type Validator = (value: unknown) => readonly ValidationIssue[] | undefined;

/** Query parameters by name, decoded; a repeated parameter has several values. */
export type QueryValues = Readonly<Record<string, readonly string[]>>;

/** What a reader may need beside the value, and where it reports what it cannot settle. */
export interface ReadContext {
  /** Query of the request, for members that may stand there instead (`x-accept` places); absent in responses. */
  readonly query?: QueryValues | undefined;
  /** Receives what a reader must refuse itself: two spellings of one member with different values. */
  readonly issues: ValidationIssue[];
}

/**
 * Brings a received value to the canonical form: other spellings of members, other JSON types and other shapes that an
 * erratum lets a receiver accept. May change the value in place. Never throws, and leaves what it does not understand
 * for the validator to refuse.
 */
export type Reader = (value: unknown, context: ReadContext) => unknown;

/** One line for logs and error messages. */
export function describeIssues(issues: readonly ValidationIssue[]): string {
  return issues.map(({ member, clause, message }) => `${member || "message"} ${message} [${clause}]`).join("; ");
}

import type { Level, RequirementId } from "../../generated/catalogue/requirements.js";

/** One broken expectation, with everything that its reader needs. All members are mandatory: a failure never goes without. */
export interface Failure {
  readonly requirements: readonly RequirementId[];
  /** `Q.4103 6.2.1 Table 6-10`; several where several statements are cited. */
  readonly clauses: readonly string[];
  /** The strongest level among the requirements: recommended and optional ones are graded apart. */
  readonly level: Level;
  /** What was being judged. */
  readonly what: string;
  /** Every outcome the clause permits. */
  readonly permitted: readonly string[];
  readonly actual: string;
  /** Index into the transcript of the message judged. */
  readonly entry: number | undefined;
  /** Where in that message, in octets from its beginning, where a field of a binary header is judged. */
  readonly offset?: number;
  /** Which member of that message, as a JSON pointer. */
  readonly pointer?: string;
  /** This project's profile that puts the member there, where the Recommendation leaves the form open: `spec/ixs`. */
  readonly form?: string;
  /** One line that repeats the exchange when pasted into a shell. */
  readonly reproduce: string;
}

/** Thrown by a check on a mandatory statement; ends the case. */
export class CheckFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.what}: expected ${failure.permitted.join(" or ")}, got ${failure.actual}`);
    this.name = "CheckFailed";
    this.failure = failure;
  }
}

/** A precondition is missing: nothing can be said about the product. Ends the case. */
export class Inconclusive extends Error {
  /** Nobody was there to answer. */
  readonly gone: boolean;
  constructor(reason: string, gone = false) {
    super(reason);
    this.name = "Inconclusive";
    this.gone = gone;
  }
}

/** It turned out that the product does not have what the case is about, and need not: n/a. Ends the case. */
export class NotApplicable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "NotApplicable";
  }
}

/** The suite's own machine was too busy to measure a time: worth another try, for it says nothing about the product. */
export class HeldUp extends Inconclusive {
  constructor(milliseconds: number) {
    super(`the machine of the suite was held up for ${Math.round(milliseconds)} ms: no time can be judged`);
    this.name = "HeldUp";
  }
}

/** The product did not answer a message at all. */
export class NoAnswer extends Error {
  readonly kind: "unreachable" | "timeout" | "closed" | "malformed";
  readonly entry: number | undefined;

  constructor(kind: NoAnswer["kind"], message: string, entry?: number) {
    super(message);
    this.name = "NoAnswer";
    this.kind = kind;
    this.entry = entry;
  }
}

/** A fault of the suite: a case that breaks its own rules, or a message of its own that the spec refuses. Never the product's failure. */
export class SuiteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SuiteError";
  }
}

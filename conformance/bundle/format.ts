import type { DeclarationInput } from "../engine/declaration.js";
import type { EntityId, Target } from "../engine/entity.js";
import type { CaseResult } from "../engine/result.js";

/** conformance/schemas/bundle.schema.json: one JSON value per line, first a header, then the log, the results, and the end. */
export const FORMAT = "mp2p-conformance-bundle/1";

export interface Header {
  readonly format: typeof FORMAT;
  readonly suite: string;
  readonly entity: EntityId;
  readonly target: Target;
  readonly seed: string;
  /** ISO 8601, UTC; all times of the log count in ms from here. */
  readonly started: string;
  /** As it was given, but for credentials. */
  readonly declaration: DeclarationInput;
  readonly declarationFile?: string;
  readonly timeoutMs?: number;
  readonly only: readonly string[];
  /** What `--edition` named; the newest edition of each Recommendation otherwise. */
  readonly edition?: readonly string[];
  /** Those that it was judged by. */
  readonly editions: readonly string[];
  /** How many cases there were to select from. */
  readonly of: number;
  /** What stands in the place of credentials. */
  readonly masks: readonly string[];
  /** The bundle's name when it was written: for the lines that repeat a case. */
  readonly bundle: string;
}

/** One line of the log, in the order in which everything happened. `in` numbers the scope, `source` the source within it. */
export type Line =
  /** A case begins, or its next try; scope 0 is the run. */
  | { readonly scope: number; readonly name: string; readonly at: number }
  | { readonly open: string; readonly in: number; readonly source: number; readonly asked: unknown }
  | { readonly order: unknown; readonly in: number; readonly source: number; readonly at: number }
  /** null: a timer fired, or a turn was asked for. */
  | { readonly event: unknown; readonly in: number; readonly source: number; readonly at: number }
  | { readonly value: number; readonly in: number }
  | { readonly close: string; readonly in: number; readonly at: number };

/** What a case came to, without its transcript. */
export type Recorded = Pick<
  CaseResult,
  "id" | "verdict" | "level" | "security" | "reason" | "failures" | "warnings" | "judged" | "milliseconds"
>;

export interface Results {
  readonly milliseconds: number;
  readonly conclusion: string;
  readonly preflight: readonly { readonly what: string; readonly holds: boolean; readonly hint: string }[];
  readonly results: readonly Recorded[];
}

export interface End {
  readonly end: {
    /** Lines before this one. */
    readonly lines: number;
    /** Over the octets of all lines before this one, in hexadecimal. */
    readonly sha256: string;
  };
}

export function recorded(result: CaseResult): Recorded {
  const { id, verdict, level, security, reason, failures, warnings, judged, milliseconds } = result;
  return { id, verdict, level, security, reason, failures, warnings, judged, milliseconds };
}

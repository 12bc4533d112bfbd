import type { Level, RequirementId } from "../../generated/catalogue/requirements.js";
import type { Group } from "./case.js";
import type { EntityId } from "./entity.js";
import type { Failure } from "./outcome.js";
import type { Note } from "./test.js";
import type { Entry } from "./transcript.js";
import type { CaseVerdict } from "./verdict.js";

/** How one case ended. */
export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  readonly requirements: readonly RequirementId[];
  readonly clauses: readonly string[];
  readonly verdict: CaseVerdict;
  /** The level the verdict counts at: that of the strongest failure, else that of the case's strongest requirement. */
  readonly level: Level;
  /** The case judges the secrecy of keys and passwords: reported apart from conformance. */
  readonly security: boolean;
  /** Why it is not a pass: one sentence. Empty for a pass. */
  readonly reason: string;
  readonly failures: readonly Failure[];
  readonly warnings: readonly Note[];
  /** What each claimed requirement came to in this case. */
  readonly judged: readonly { readonly requirement: RequirementId; readonly verdict: CaseVerdict }[];
  readonly milliseconds: number;
  /** The command that runs this case again with the same random choices. */
  readonly repeat: string;
  readonly transcript: readonly Entry[];
}

export interface PreflightResult {
  readonly what: string;
  readonly holds: boolean;
  /** What to do; empty where it holds. */
  readonly hint: string;
}

export type Conclusion = "conforms" | "fails" | "inconclusive" | "suite error";

/** One run against one product: what `--json` writes (conformance/schemas/report.schema.json). */
export interface RunResult {
  readonly format: "mp2p-conformance-report/1";
  readonly suite: string;
  readonly entity: EntityId;
  readonly product: string;
  readonly target: string;
  readonly seed: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly milliseconds: number;
  readonly declaration: {
    readonly options: Readonly<Record<string, boolean>>;
    readonly readings: Readonly<Record<string, string>>;
    readonly values: Readonly<Record<string, unknown>>;
  };
  readonly preflight: readonly PreflightResult[];
  readonly conclusion: Conclusion;
  /** Cases by verdict, apart for each level; without the security cases. */
  readonly totals: Readonly<Record<Level, Readonly<Record<CaseVerdict, number>>>>;
  /** Security cases by verdict; they are in no other total. */
  readonly security: Readonly<Record<CaseVerdict, number>>;
  readonly cases: readonly CaseResult[];
}

import type { Level, RequirementId } from "../../generated/catalogue/requirements.js";
import type { Finding } from "../declare/finding.js";
import type { EditionName } from "../editions/edition.js";
import type { Group } from "./case.js";
import type { EffectiveDeclaration } from "./declaration.js";
import type { EntityId, NetworkSeen } from "./entity.js";
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
  /** What to declare, if a failure comes from a reading that nobody declared. */
  readonly hint?: string;
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

/** What the network and the suite's own machine were seen to do, and which cases were tried again for that. */
export interface NetworkNote extends NetworkSeen {
  readonly triedAgain: readonly {
    readonly case: string;
    readonly tries: number;
    /** What the first try came to. */
    readonly first: string;
  }[];
}

/** A server that stopped answering in the middle of a run. */
export interface ProductEnded {
  /** The case whose message it had then. */
  readonly case: string;
  /** Others whose messages it had as well: any of them may have been the one. */
  readonly others: readonly string[];
  /** How many cases could not be judged for it. */
  readonly unjudged: number;
}

/** What a file of known failures (`--baseline`) says about the run: only the exit code depends on it. */
export interface BaselineResult {
  readonly file: string;
  /** Failures that the file knows. */
  readonly known: readonly KnownFailure[];
  /** Entries that no longer hold, with the reason why. */
  readonly stale: readonly { readonly case: string; readonly why: string }[];
}

export interface KnownFailure {
  readonly case: string;
  readonly reason: string;
  /** The last day on which it may be known, `2027-01-31`. */
  readonly expires?: string;
  /** The only statement whose failure is known; any other of the case's is not. */
  readonly requirement?: string;
}

export type Conclusion = "conforms" | "fails" | "inconclusive" | "suite error";

/** One run against one product: what `--json` writes (conformance/schemas/report.schema.json). */
export interface RunResult {
  readonly format: "mp2p-conformance-report/1";
  readonly suite: string;
  readonly entity: EntityId;
  readonly product: string;
  readonly target: string;
  /** The editions of the entity's Recommendations that it was judged by. */
  readonly edition: readonly EditionName[];
  readonly seed: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly milliseconds: number;
  readonly declaration: EffectiveDeclaration;
  /** What is to be said about the declaration: against the rules of static review, and against what the product showed. */
  readonly review: readonly Finding[];
  readonly preflight: readonly PreflightResult[];
  /** What `--only` selected; nothing in `only` means all cases. */
  readonly selection?: { readonly only: readonly string[]; readonly of: number };
  /** What the product is; a baseline does not change it. */
  readonly conclusion: Conclusion;
  readonly baseline?: BaselineResult;
  /** Cases by verdict, apart for each level; without the security cases. */
  readonly totals: Readonly<Record<Level, Readonly<Record<CaseVerdict, number>>>>;
  /** Security cases by verdict; they are in no other total. */
  readonly security: Readonly<Record<CaseVerdict, number>>;
  /** Where the network, or this machine, was seen to be in the way. */
  readonly network?: NetworkNote;
  /** Where the product stopped answering. */
  readonly ended?: ProductEnded;
  readonly cases: readonly CaseResult[];
}

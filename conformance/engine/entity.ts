import type { Actor, Document } from "../../generated/catalogue/requirements.js";
import type { Probe } from "../declare/probe.js";
import type { Rule } from "../declare/rule.js";
import type { CaseDefinition } from "./case.js";
import type { Declaration, DeclarationShape } from "./declaration.js";
import type { SeededRandom } from "./random.js";
import type { Test } from "./test.js";
import type { RunWorld } from "./world.js";

export type EntityId =
  | "pams"
  | "homs"
  | "ldmp-source-peer"
  | "ldmp-data-source"
  | "pamp-oms"
  | "pamp-peer"
  | "homp-hybrid-peer"
  | "hybrid-peer"
  | "oms"
  | "ixs"
  | "unis"
  | "ums"
  | "cs"
  | "peer"
  | "source-peer"
  | "managing-oms";

/** How to reach the implementation under test. */
export interface Target {
  /** Base address of a server under test: `http://127.0.0.1:8080`, `udp://127.0.0.1:7609`, `tcp://…`. */
  readonly url?: string;
  /** Address the suite listens on for a product that connects by itself. */
  readonly listen?: string;
  /** Shell command that starts the product; `{url}` is the suite's address. */
  readonly exec?: string;
  /** Shell command of a JSON-lines adapter that drives the product: conformance/client/ADAPTER.md. */
  readonly adapter?: string;
  /** Says what a case is about to do and waits for Enter before it does; times are not limited then. */
  readonly wait?: boolean;
}

/** What all cases of one run share. */
export interface RunContext {
  readonly target: Target;
  readonly declared: Declaration;
  readonly seed: string;
  readonly random: SeededRandom;
  /** Longest wait for one answer, in ms. */
  readonly timeoutMs: number;
  /** The only way to the clock and to anything outside; each case has its own as `t.world`. */
  readonly world: RunWorld;
  /** The command that repeats one case. */
  repeat(caseId: string): string;
  /** The same from the bundle, where one is written: for failures that no line of its own repeats. */
  replay(caseId: string): string;
}

/** What the network between suite and product was seen to do. */
export interface NetworkSeen {
  /** Requests that were answered only when they were asked again. */
  readonly askedAgain: number;
  /** Messages that came twice with the same octets, where a sender has no reason to repeat them. */
  readonly twice: number;
  /** Messages that came behind later ones of the same sender. */
  readonly outOfOrder: number;
}

/** One thing that has to hold before any case makes sense. */
export interface PreflightStep<T extends Test = Test> {
  readonly what: string;
  /** What to do when it does not hold. */
  readonly hint: string;
  /** Throws, or gives back false, when it does not hold; or a sentence that says what is wrong and what to do, instead of the hint. */
  check(t: T): Promise<boolean | string | undefined>;
}

/** A kind of product that the suite judges. */
export interface EntityUnderTest<T extends Test = Test> {
  readonly id: EntityId;
  readonly title: string;
  readonly documents: readonly Document[];
  /** The actor in the catalogue that this entity is. */
  readonly actor: Actor;
  readonly declaration: DeclarationShape;
  /** Static conformance review: what a declaration has to keep beyond the status of its options. */
  readonly rules?: readonly Rule[];
  /** What tells from the wire which option or reading the product has; run apart from the cases, never judged. */
  readonly probes?: readonly Probe<T>[];
  readonly cases: readonly CaseDefinition<T>[];
  /** How many cases run side by side. */
  parallel(run: RunContext): number;
  /** Gives a case its instruments; called once per case. */
  equip(t: Test, run: RunContext): T;
  readonly preflight: readonly PreflightStep<T>[];
  /** With `--wait` its instruments say themselves what a case is about to do, and wait. */
  readonly announces?: true;
  /** True if the product still answers; asked after every negative case and after every missing answer. */
  alive(t: T): Promise<boolean>;
  /**
   * For products whose messages may get lost, come twice, late or out of order, and whose timers are measured: what was seen of that in
   * this run. Their failures count when they come again.
   */
  network?(run: RunContext): NetworkSeen;
  /** Makes what the whole run shares (a listener, a process); undone by what it gives back. */
  open?(run: RunContext): Promise<() => Promise<void>>;
}

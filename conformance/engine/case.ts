import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Declaration } from "./declaration.js";
import type { Target } from "./entity.js";
import type { Test } from "./test.js";

/** X.290: can anything be exchanged at all; does the product have what it claims; does it behave in all situations. */
export type Group = "basic" | "capability" | "behaviour";

export interface CaseDefinition<T extends Test = Test> {
  /** `<entity>/<topic>/<name>`; never changes once published. */
  readonly id: string;
  /** What is expected of the product, as a sentence without "should". */
  readonly title: string;
  /** Statements that a pass of this case speaks for; each has to be cited by at least one check. */
  readonly requirements: readonly RequirementId[];
  /** Errata whose readings the case allows for. */
  readonly errata?: readonly ErratumId[];
  /**
   * Options of the declaration without which the case is not applicable, or a rule on the declaration and on how the product is reached,
   * which may say why not.
   */
  readonly needs?: readonly string[] | ((declared: Declaration, target: Target) => boolean | string);
  /** The options that `needs` looks at, where that is a function. */
  readonly options?: readonly string[];
  readonly group: Group;
  /** Judges the secrecy of keys and passwords: its failure is reported apart and never makes the product non-conforming. */
  readonly security?: boolean;
  /** Longest time the case may take, in ms; 5,000 unless given. A case that waits for the product's timers computes it from the declared ones. */
  readonly budgetMs?: number | ((declared: Declaration) => number);
  /** Runs with no other case beside it. */
  readonly alone?: boolean;
  run(t: T): Promise<void>;
}

/** Checks the form of a case and gives it back; use the `defineCase` of the entity's folder, which knows the type of `t`. */
export function defineCase<T extends Test = Test>(definition: CaseDefinition<T>): CaseDefinition<T> {
  if (!/^[a-z][a-z0-9-]*(\/[a-z0-9][a-z0-9.-]*){2}$/.test(definition.id)) {
    throw new TypeError(`case id ${definition.id}: write <entity>/<topic>/<name> in lower case`);
  }
  if (definition.requirements.length === 0) throw new TypeError(`case ${definition.id} claims no requirement`);
  return definition;
}

const DEFAULT_BUDGET_MS = 5_000;

export function budgetOf({ budgetMs = DEFAULT_BUDGET_MS }: CaseDefinition, declared: Declaration): number {
  return typeof budgetMs === "function" ? budgetMs(declared) : budgetMs;
}

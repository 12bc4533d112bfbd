import type { RequirementId } from "../../generated/catalogue/requirements.js";

/**
 * What the suite has to say about a declaration, apart from the verdicts of cases.
 *
 * - `rule`: the declaration breaks a rule of static conformance (X.290), before anything was sent;
 * - `declared-but-absent`: the maker declared it, and the product does otherwise;
 * - `undeclared-but-answering`: not declared, or declared absent, and the product has it all the same;
 * - `inferred`: not declared, and taken or learnt from what the product does.
 */
export interface Finding {
  readonly kind: "rule" | "declared-but-absent" | "undeclared-but-answering" | "inferred";
  /** The item of the declaration: `options.releases`, `readings.E-LDMP-01`, `values.heartbeat-time`. */
  readonly item: string;
  readonly text: string;
  /** Document and clause. */
  readonly clause?: string;
  readonly requirement?: RequirementId;
  /** The product does not conform because of it. */
  readonly breaks: boolean;
}

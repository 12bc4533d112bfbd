import type { ErratumId } from "../../generated/catalogue/errata.js";
import type { RequirementId } from "../../generated/catalogue/requirements.js";
import type { Test } from "../engine/test.js";

/** What the product showed of one item. */
export interface Observation {
  /** The letter of a reading, or whether the product has the option. */
  readonly shows: string | boolean;
  /** Letters that cannot be the product's reading after this; what is shown may agree with several. */
  readonly excludes?: readonly string[];
  /** What was seen, to be read after "because": `a report with amounts in strings got 400`. */
  readonly because: string;
}

/** Looks on the wire for one item of the declaration. Judges nothing: what it cannot see, it gives back as undefined. */
export interface Probe<T extends Test = Test> {
  readonly item: `options.${string}` | `readings.${ErratumId}`;
  /** A statement on which the item bears. */
  readonly requirement: RequirementId;
  /** Looked for before the cases, and held to in them where nothing is declared: the suite has to talk as the product does. */
  readonly adopt?: true;
  observe(t: T): Promise<Observation | undefined>;
}

import type { Possession } from "./possession.js";

/** Decides which fragments are asked for first. Counts who holds what; knows nothing of links and time but what it is told. */
export interface Picker {
  /** One more link holds it. @returns whether it is wanted and not asked for yet */
  claimed(index: number): boolean;
  unclaimed(index: number): void;
  /** Links that hold it. */
  holders(index: number): number;
  /** Asked for, or held: not to be picked. */
  close(index: number): void;
  /** To be picked again. */
  open(index: number): void;
  isOpen(index: number): boolean;
  /** Open fragments that are to be had somewhere. */
  readonly openCount: number;
  /** Fragments to be picked before all others; replaces the ones before [X.609.1 8.2.4 step 7, 8.2.5 step 9]. */
  advise(indices: readonly number[]): void;
  /** The best open ones of those that somebody holds, at most `most`, best first. */
  pick(theirs: Possession, most: number, skip: ((index: number) => boolean) | undefined): number[];
}

import type { Timers } from "../core/ports.js";
import type { Puller, Round } from "./pull.js";
import type { Range } from "./ranges.js";
import type { Source } from "./sources.js";

/** Looks at what is missing in `recoveryMs`, which is also the pause after a round in vain. */
const LOOKS = 4;

export interface GapsOptions {
  readonly timers: Timers;
  readonly recoveryMs: number;
  /** False where the overlay has no recovery [Q.4103 6.1.8]: missing data is only waited for. */
  recovers(): boolean;
  /** Rounds in a row, in which nobody had any of what is missing, before it is given up. */
  patience(): number;
  gaveUp(source: Source, range: Range): void;
}

/**
 * Watches for missing data on living paths: what does not come by itself within a short time is asked for, and what nobody has is
 * given up in the end, so that delivery goes on.
 */
export class Gaps {
  readonly #options: GapsOptions;
  readonly #puller: Puller;
  readonly #watched = new Set<Source>();
  #scheduled = false;
  #pause = 0;

  constructor(options: GapsOptions, puller: Puller) {
    this.#options = options;
    this.#puller = puller;
  }

  /** To be called when something of the source came and something is missing. */
  watch(source: Source): void {
    if (source.gap !== undefined) return;
    this.#begin(source);
    this.#watched.add(source);
    this.#schedule();
  }

  forget(source: Source): void {
    this.#watched.delete(source);
  }

  roundOver({ paths, answered }: Round): void {
    for (const source of this.#watched) {
      if (!this.#stuck(source)) continue;
      this.#pause = LOOKS - 1;
      // That somebody claims to have it, or is silent, says less than an answer; and without a path nothing is learnt.
      if (paths === 0) continue;
      if (this.#puller.obtainable(source.id, source.window, source.gap?.upTo ?? 0)) this.#inVain(source, 0.25);
      else this.#inVain(source, answered > 0 ? 1 : 0.5);
    }
  }

  #begin(source: Source): void {
    const upTo = source.window.received.max ?? 0;
    source.gap = { upTo, missing: source.window.missingUpTo(upTo), vain: 0 };
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.timers.after(this.#options.recoveryMs / LOOKS, () => {
      this.#scheduled = false;
      this.#look();
      if (this.#watched.size > 0) this.#schedule();
    });
  }

  #look(): void {
    let stuck = false;
    for (const source of this.#watched) {
      if (!this.#stuck(source)) continue;
      if (this.#options.recovers()) stuck = true;
      else this.#inVain(source, 1);
    }
    this.#pause -= 1;
    if (stuck && this.#pause <= 0 && !this.#puller.asking && !this.#puller.busy) this.#puller.ask(false);
  }

  /** Nothing of what is missing came since the last look. Where nothing is missing any more, it is not watched any longer. */
  #stuck(source: Source): boolean {
    const { gap, window } = source;
    if (gap === undefined) return false;
    const missing = window.missingUpTo(gap.upTo);
    if (missing > 0 && missing >= gap.missing) return true;
    if (missing > 0) {
      gap.missing = missing;
      gap.vain = 0;
    } else if (window.missing > 0) this.#begin(source);
    else {
      source.gap = undefined;
      this.#watched.delete(source);
    }
    return false;
  }

  #inVain(source: Source, by: number): void {
    const { gap } = source;
    if (gap === undefined) return;
    gap.vain += by;
    if (gap.vain < this.#options.patience()) return;
    for (const range of source.window.giveUp(gap.upTo)) this.#options.gaveUp(source, range);
    this.#stuck(source);
  }
}

import { Shelf } from "./cache.js";
import { Sequencer } from "./sequencer.js";
import { Window } from "./window.js";

/** What is remembered of one source of data. */
export interface Source {
  readonly id: string;
  readonly window: Window;
  readonly shelf: Shelf;
  readonly sequencer: Sequencer;
  /** Counts messages of all sources: when this one was heard last. */
  heard: number;
  /** The highest sequence that the application has. */
  delivered: number | undefined;
  /** While something is missing, see `./gaps.ts`. */
  gap: Gap | undefined;
}

export interface Gap {
  /** What is missing up to here is looked at: later gaps are younger. */
  upTo: number;
  /** How much that was when it was looked at last. */
  missing: number;
  /** How often in a row nobody had any of it. */
  vain: number;
}

export interface SourceTableOptions {
  readonly most: number;
  /** Never forgotten. */
  readonly self: () => string | undefined;
  forgotten(source: Source): void;
  gaveUp(source: Source, from: number, to: number): void;
}

/** Sources by identifier. Of too many, those quiet longest are forgotten: what they sent may be delivered again. */
export class SourceTable {
  readonly #options: SourceTableOptions;
  readonly #sources = new Map<string, Source>();
  #clock = 0;

  constructor(options: SourceTableOptions) {
    this.#options = options;
  }

  get(id: string): Source | undefined {
    return this.#sources.get(id);
  }

  values(): IterableIterator<Source> {
    return this.#sources.values();
  }

  /** The source, which is heard now. */
  hear(id: string): Source {
    let source = this.#sources.get(id);
    if (source === undefined) {
      if (this.#sources.size >= this.#options.most) this.#forgetQuietest();
      const window = new Window((from, to) => this.#options.gaveUp(source as Source, from, to));
      const sequencer = new Sequencer();
      source = { id, window, shelf: new Shelf(), sequencer, heard: 0, delivered: undefined, gap: undefined };
      this.#sources.set(id, source);
    }
    this.#clock += 1;
    source.heard = this.#clock;
    return source;
  }

  /** Those heard last first. */
  byActivity(): Source[] {
    return [...this.#sources.values()].sort((a, b) => b.heard - a.heard);
  }

  /** A sixteenth at once, so that a flood of new sources does not make each of them cost a look at all. */
  #forgetQuietest(): void {
    const self = this.#options.self();
    const quietest = this.byActivity().filter((one) => one.id !== self);
    for (const source of quietest.slice(-Math.max(1, Math.ceil(this.#options.most / 16)))) {
      this.#sources.delete(source.id);
      this.#options.forgotten(source);
    }
  }
}

/** What a UNIS said of one pair, and until when it is not to be asked again. */
export interface Known {
  readonly distance: number;
  readonly class: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** The pairs of one asking peer under one set of preferences. */
interface Asker {
  readonly known: Map<string, Known>;
  /** Pairs that are being asked about. */
  readonly asked: Map<string, Promise<void>>;
}

/** Distances by asking peer, bounded: the asker that was looked up longest ago is forgotten first. */
export class Pairs {
  readonly #limit: number;
  readonly #askers = new Map<string, Asker>();
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Pairs known. */
  get size(): number {
    return this.#count;
  }

  of(asker: string): Asker {
    const found = this.#askers.get(asker) ?? { known: new Map(), asked: new Map() };
    this.#askers.delete(asker);
    this.#askers.set(asker, found);
    return found;
  }

  learn(asker: string, pair: string, known: Known): void {
    const { known: pairs } = this.of(asker);
    const before = pairs.size;
    pairs.set(pair, known);
    this.#count += pairs.size - before;
    for (const [oldest, { known: forgotten }] of this.#askers) {
      if (this.#count <= this.#limit || oldest === asker) break;
      this.#askers.delete(oldest);
      this.#count -= forgotten.size;
    }
    for (const oldest of pairs.keys()) {
      if (this.#count <= this.#limit) break;
      pairs.delete(oldest);
      this.#count--;
    }
  }
}

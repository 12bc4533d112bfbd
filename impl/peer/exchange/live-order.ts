/** A live fragment whose turn it is, and how many before it never came. */
export interface Turn {
  readonly index: number;
  readonly missed: number;
}

/**
 * Live fragments in order of their index: each waits until those before it came or are given up. Where a peer begins is known only after a
 * while, since the first ones come from several others at once.
 */
export class LiveOrder {
  #next: number | undefined;
  #missed = 0;
  readonly #arrived = new Set<number>();
  readonly #given = new Set<number>();

  /** @param first where to begin, for those that have to begin there; otherwise `begin` says when to start */
  constructor(first?: number) {
    this.#next = first;
  }

  get begun(): boolean {
    return this.#next !== undefined;
  }

  /** Everything below has had its turn. */
  get next(): number | undefined {
    return this.#next;
  }

  /** What has come by now is where the order begins. */
  begin(): Turn[] {
    if (this.#next !== undefined || this.#arrived.size === 0) return [];
    let lowest = Number.POSITIVE_INFINITY;
    for (const index of this.#arrived) lowest = Math.min(lowest, index);
    this.#next = lowest;
    for (const index of this.#given) if (index < lowest) this.#given.delete(index);
    return this.#turns();
  }

  arrived(index: number): Turn[] {
    if (index < (this.#next ?? 0)) return [];
    this.#arrived.add(index);
    this.#given.delete(index);
    return this.#turns();
  }

  /** It will not come in time. */
  missed(index: number): Turn[] {
    if (index < (this.#next ?? 0) || this.#arrived.has(index)) return [];
    this.#given.add(index);
    return this.#turns();
  }

  /** Fragments have come and wait for others before them. */
  get waiting(): boolean {
    return this.#arrived.size > 0;
  }

  /** What waits has waited long enough. */
  skip(): Turn[] {
    return this.dropped(this.#lowest(Number.POSITIVE_INFINITY));
  }

  /** Nothing below comes any more: what has come of it has its turn now. */
  dropped(below: number): Turn[] {
    const turns = this.#lowest(below) < below ? this.begin() : [];
    if (this.#next === undefined || below === Number.POSITIVE_INFINITY) return turns;
    while (this.#next < below) {
      if (this.#arrived.delete(this.#next)) turns.push(this.#turn(this.#next));
      else {
        const upTo = this.#lowest(below);
        for (const index of this.#given) if (index < upTo) this.#given.delete(index);
        this.#missed += upTo - this.#next;
        this.#next = upTo;
        continue;
      }
      this.#next++;
    }
    return [...turns, ...this.#turns()];
  }

  #lowest(limit: number): number {
    let lowest = limit;
    for (const index of this.#arrived) lowest = Math.min(lowest, index);
    return lowest;
  }

  #turns(): Turn[] {
    const turns: Turn[] = [];
    if (this.#next === undefined) return turns;
    for (;;) {
      if (this.#arrived.delete(this.#next)) turns.push(this.#turn(this.#next));
      else if (this.#given.delete(this.#next)) this.#missed++;
      else return turns;
      this.#next++;
    }
  }

  #turn(index: number): Turn {
    const missed = this.#missed;
    this.#missed = 0;
    return { index, missed };
  }
}

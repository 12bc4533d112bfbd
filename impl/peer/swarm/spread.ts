import type { Link } from "./link.js";

/** What becomes of what a source peer sends. */
export class Spread {
  /** How often each fragment was sent. */
  readonly #copies = new Map<number, number>();
  /** The only one that it was sent to, as long as nobody else has it. */
  readonly #carriers = new Map<number, Link>();

  copiesOf(index: number): number {
    return this.#copies.get(index) ?? 0;
  }

  begun(index: number): void {
    this.#copies.set(index, this.copiesOf(index) + 1);
  }

  /** It was begun and did not leave whole. */
  aborted(index: number): void {
    this.#copies.set(index, (this.#copies.get(index) ?? 1) - 1);
  }

  /** It has left, and nobody is known to hold it. */
  sent(link: Link, index: number): void {
    if (this.#copies.get(index) !== 1) return;
    this.#carriers.set(index, link);
    link.unspread += 1;
  }

  claimed(link: Link, index: number): void {
    const carrier = this.#carriers.get(index);
    if (carrier !== undefined && carrier !== link) this.#forget(index, carrier);
  }

  closed(link: Link): void {
    for (const [index, carrier] of this.#carriers) if (carrier === link) this.#carriers.delete(index);
  }

  /** Fragments below are not kept any more. */
  dropped(below: number): void {
    for (const index of this.#copies.keys()) if (index < below) this.#copies.delete(index);
    for (const [index, carrier] of this.#carriers) if (index < below) this.#forget(index, carrier);
  }

  #forget(index: number, carrier: Link): void {
    this.#carriers.delete(index);
    carrier.unspread -= 1;
  }
}

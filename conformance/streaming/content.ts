import type { KeyPair } from "../engine/ed25519.js";
import type { R10Link } from "../engine/r10-link.js";
import { describe, sha256 } from "../engine/r10-message.js";
import type { SeededRandom } from "../engine/random.js";

/** What a source peer of the suite's has to give: fragments, and what it says of them. */
export class Content {
  readonly overlay: string;
  readonly fragments: Buffer[] = [];
  readonly #key: KeyPair;
  readonly #time: () => number;
  /** Number of the last fragment, once there is one. */
  last: number | undefined;
  /** How far each link has been told. */
  readonly #told = new WeakMap<R10Link, Set<number>>();

  constructor(overlay: string, key: KeyPair, time: () => number) {
    this.overlay = overlay;
    this.#key = key;
    this.#time = time;
  }

  /** Makes so many more fragments of so many octets. */
  make(random: SeededRandom, count: number, octets: number, ends = true): this {
    for (let at = 0; at < count; at++) this.fragments.push(Buffer.from(random.bytes(octets)));
    this.last = ends ? this.fragments.length - 1 : undefined;
    return this;
  }

  get indexes(): number[] {
    return [...this.fragments.keys()];
  }

  digest(index: number): string {
    return sha256(this.fragments[index] ?? Buffer.alloc(0)).toString("hex");
  }

  /** What is said of the fragments from `first` on. */
  descriptors(first: number, count: number) {
    const fragments = this.fragments.slice(first, first + count);
    return describe(this.overlay, this.#key, first, fragments, { time: this.#time(), last: this.last });
  }

  /** Describes a fragment on a link, where that has not been done, and sends it. */
  give(link: R10Link, index: number): void {
    const payload = this.fragments[index];
    if (payload === undefined) return;
    this.describeOn(link, index);
    link.send({ type: "fragment", index, offset: 0, size: payload.length, payload });
  }

  describeOn(link: R10Link, index: number): void {
    const told = this.#told.get(link) ?? new Set<number>();
    this.#told.set(link, told);
    if (told.has(index)) return;
    told.add(index);
    link.send(this.descriptors(index, 1));
  }
}

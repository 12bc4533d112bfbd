import { blockOf, type Octets } from "./address.js";
import { PrefixTrie } from "./prefix-trie.js";

/** What an autonomous system is to another: its customer, its peer, its provider. */
export type Relation = "customer" | "peer" | "provider";

/** Where an address is. */
export interface Place {
  readonly octets: Octets;
  /** Number of its prefix in the tables; undefined where no prefix is known. */
  readonly known: number | undefined;
  /** Name of its prefix, or of the block around it where no prefix is known; the same in other tables. */
  readonly prefix: string;
  /** The autonomous systems that announce the prefix; none where it is not known. */
  readonly systems: readonly number[];
}

/** Whether two places have their prefix in common. */
export function samePrefix(a: Place, b: Place): boolean {
  if (a.known !== undefined || b.known !== undefined) return a.known === b.known;
  return a.prefix === b.prefix;
}

/** Bits of the block that stands in for a prefix where none is known: what is announced in the world is seldom smaller. */
const blockBits = { 4: 24, 6: 48 } as const;

/** The tables: which prefix is whose, and what these are to each other. Filled once, then only read. */
export class Network {
  readonly #tries = { 4: new PrefixTrie(), 6: new PrefixTrie() };
  /** By prefix: its length in bits, which list of systems announces it, and its name once that was asked for. */
  readonly #lengths: number[] = [];
  readonly #origins: number[] = [];
  readonly #names: string[] = [];
  readonly #lists: (readonly number[])[] = [];
  readonly #listIndex = new Map<string, number>();
  readonly #relations = new Map<number, Map<number, Relation>>();
  #related = 0;

  get prefixes(): number {
    return this.#lengths.length;
  }

  /** Pairs of systems whose relation is known. */
  get relations(): number {
    return this.#related;
  }

  addPrefix(octets: Octets, length: number, systems: readonly number[]): void {
    const name = systems.join();
    let list = this.#listIndex.get(name);
    if (list === undefined) {
      list = this.#lists.push(systems) - 1;
      this.#listIndex.set(name, list);
    }
    this.#lengths.push(length);
    this.#tries[octets.length === 4 ? 4 : 6].insert(octets, length, this.#origins.push(list) - 1);
  }

  /** `relation`: what `other` is to `system`. The opposite follows. */
  addRelation(system: number, other: number, relation: Relation): void {
    if (this.relation(system, other) === undefined) this.#related++;
    this.#relate(system, other, relation);
    this.#relate(other, system, relation === "peer" ? "peer" : relation === "customer" ? "provider" : "customer");
  }

  place(octets: Octets): Place {
    const family = octets.length === 4 ? 4 : 6;
    const known = this.#tries[family].match(octets);
    if (known === undefined) return { octets, known, prefix: blockOf(octets, blockBits[family]), systems: [] };
    // The same prefixes are asked for again and again: their names are made once.
    const prefix = this.#names[known] ?? blockOf(octets, this.#lengths[known] as number);
    this.#names[known] = prefix;
    return { octets, known, prefix, systems: this.#lists[this.#origins[known] as number] as readonly number[] };
  }

  /** What `other` is to `system`; undefined where they are not neighbours. */
  relation(system: number, other: number): Relation | undefined {
    return this.#relations.get(system)?.get(other);
  }

  #relate(system: number, other: number, relation: Relation): void {
    const known = this.#relations.get(system);
    if (known === undefined) this.#relations.set(system, new Map([[other, relation]]));
    else known.set(other, relation);
  }
}

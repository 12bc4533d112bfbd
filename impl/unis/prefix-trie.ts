import type { Octets } from "./address.js";

/** Numbers of a node: its two children, and its value + 1. */
const stride = 3;

/** Longest-prefix match over addresses of one length: a binary trie in one growing array, one node per bit. */
export class PrefixTrie {
  #nodes = new Int32Array(1024 * stride);
  #count = 1;

  /** @param value from 0 on; a later one of the same prefix takes the place of the earlier */
  insert(octets: Octets, length: number, value: number): void {
    let node = 0;
    for (let bit = 0; bit < length; bit++) {
      const slot = node * stride + bitAt(octets, bit);
      let next = this.#nodes[slot] as number;
      if (next === 0) {
        next = this.#grow();
        this.#nodes[slot] = next;
      }
      node = next;
    }
    this.#nodes[node * stride + 2] = value + 1;
  }

  /** The value of the longest prefix that the address is in; undefined where it is in none. */
  match(octets: Octets): number | undefined {
    const nodes = this.#nodes;
    const bits = octets.length * 8;
    let best = nodes[2] as number;
    let node = 0;
    for (let bit = 0; bit < bits; bit++) {
      node = nodes[node * stride + bitAt(octets, bit)] as number;
      if (node === 0) break;
      const value = nodes[node * stride + 2] as number;
      if (value !== 0) best = value;
    }
    return best === 0 ? undefined : best - 1;
  }

  #grow(): number {
    if ((this.#count + 1) * stride > this.#nodes.length) {
      const larger = new Int32Array(this.#nodes.length * 2);
      larger.set(this.#nodes);
      this.#nodes = larger;
    }
    return this.#count++;
  }
}

function bitAt(octets: Octets, bit: number): 0 | 1 {
  return (((octets[bit >> 3] as number) >> (7 - (bit & 7))) & 1) as 0 | 1;
}

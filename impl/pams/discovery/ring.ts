import { createHash } from "node:crypto";

/** Positions of one PAMS on the ring: with so many the shares differ by a few per cent only. */
const positionsEach = 128;
/** No PAMS has more than this share above the average [X.609.1 REQ-GEN-02]. */
const slack = 1.1;

/** A PAMS as the ring sees it. */
export interface RingMember {
  /** Tells it from all others, also after its address has changed. */
  readonly id: string;
  /** Peers registered with it. */
  readonly peers: number;
}

/** The key of a peer in an overlay network, or, with the peer ID "0", of the overlay network itself [X.609.1 8.2.1, E-PAMP-49]: 160 bits. */
export function keyOf(overlayId: string, peerId = "0"): Buffer {
  // The length in front keeps ("a", "bc") and ("ab", "c") apart.
  return hash(`${Buffer.byteLength(overlayId)}:${overlayId}${peerId}`);
}

/**
 * Which PAMS is in charge of a key: the owner of the next position on a ring of hashes. One that joins or leaves changes this for its own share
 * of the keys only. One that is full already is passed over for keys of peers, so that none is overloaded however the keys fall.
 */
export class Ring<M extends RingMember> {
  readonly #positions: { readonly at: bigint; readonly member: M }[];
  readonly members: readonly M[];

  constructor(members: readonly M[]) {
    this.members = members;
    this.#positions = members
      .flatMap((member) =>
        Array.from({ length: positionsEach }, (_, i) => ({
          at: numberOf(hash(`position ${i} of ${member.id}`)),
          member,
        })),
      )
      .sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** In charge of the key, whatever its load. */
  ownerOf(key: Buffer): M | undefined {
    return this.#from(key).next().value;
  }

  /** In charge of the key, with room for one more peer. */
  lightestOwnerOf(key: Buffer): M | undefined {
    const total = this.members.reduce((sum, { peers }) => sum + peers, 0) + 1;
    const most = Math.ceil((slack * total) / this.members.length);
    for (const member of this.#from(key)) if (member.peers < most) return member;
    return this.ownerOf(key);
  }

  /** Each member once, in the order of the ring from the key on. */
  *#from(key: Buffer): Generator<M, undefined> {
    const at = numberOf(key);
    let low = 0;
    let high = this.#positions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#positions[middle]?.at ?? 0n) < at) low = middle + 1;
      else high = middle;
    }
    const seen = new Set<M>();
    for (let i = 0; i < this.#positions.length && seen.size < this.members.length; i++) {
      const member = this.#positions[(low + i) % this.#positions.length]?.member;
      if (member === undefined || seen.has(member)) continue;
      seen.add(member);
      yield member;
    }
    return undefined;
  }
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest().subarray(0, 20);
}

function numberOf(octets: Buffer): bigint {
  return BigInt(`0x${octets.toString("hex")}`);
}

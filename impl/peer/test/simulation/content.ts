import type { Descriptor, Descriptors, Message } from "../../core/message.js";

/** Places in the buffer that fragments begin at lie so far apart. */
const apart = 16;
const nothing = new Uint8Array(64);

/**
 * Content of a session without its octets: every fragment is a view of one buffer, told by where it begins. Parts of it that a peer cuts
 * and sends keep their place, so that each octet's origin can be checked, while hundreds of megabytes take no memory.
 */
export interface Content {
  readonly fragmentSize: number;
  /** Fragments so far. */
  readonly count: number;
  sizeOf(index: number): number;
  fragment(index: number): Uint8Array;
  /** The same size, wrong octets. */
  corrupt(index: number): Uint8Array;
  /** The source peer describes the next fragment. */
  describe(time: number, last: boolean): Descriptors;
  isGenuine(descriptors: Descriptors): boolean;
  check(descriptor: Descriptor, parts: readonly Uint8Array[]): boolean;
}

/** @param octets of everything; the last fragment may be shorter. @param most fragments at most */
export function createContent(octets: number, fragmentSize: number, most = Math.ceil(octets / fragmentSize)): Content {
  const right = new ArrayBuffer(most * apart + fragmentSize);
  const wrong = new ArrayBuffer(most * apart + fragmentSize);
  const genuine = new WeakSet<Descriptors>();
  const described: Descriptor[] = [];
  const places = new Map<Descriptor, number>();
  const sizeOf = (index: number) => Math.min(fragmentSize, octets - index * fragmentSize);
  return {
    fragmentSize,
    get count() {
      return described.length;
    },
    sizeOf,
    fragment: (index) => new Uint8Array(right, index * apart, sizeOf(index)),
    corrupt: (index) => new Uint8Array(wrong, index * apart, sizeOf(index)),
    describe(time, last) {
      const first = described.length;
      const item = { size: sizeOf(first), time, digest: nothing.subarray(0, 32), last };
      described.push(item);
      places.set(item, first);
      const descriptors = { type: "descriptors", first, items: [item], signature: nothing } as const;
      genuine.add(descriptors);
      return descriptors;
    },
    isGenuine: (descriptors) => genuine.has(descriptors),
    check(descriptor, parts) {
      const index = places.get(descriptor);
      if (index === undefined) return false;
      let place = index * apart;
      for (const part of parts) {
        if (part.buffer !== right || part.byteOffset !== place) return false;
        place += part.length;
      }
      return place === index * apart + descriptor.size;
    },
  };
}

/** Octets of a message on the wire, about. */
export function octetsOf(message: Message): number {
  switch (message.type) {
    case "fragment":
      return 32 + message.payload.length;
    case "buffermap":
      return 16 + message.bits.length;
    case "have":
    case "request":
    case "cancel":
    case "refuse":
      return 16 + 12 * message.runs.length;
    case "descriptors":
      return 96 + 48 * message.items.length;
    case "receipt":
      return 256;
    default:
      return 16;
  }
}

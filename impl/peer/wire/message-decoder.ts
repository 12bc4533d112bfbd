import type { Message } from "../core/message.js";
import { WireError } from "./errors.js";
import { wireLimits } from "./limits.js";
import { decodeMessage, fragmentHeadOctets, fragmentType, headOctets, lengthOctets, version } from "./message-codec.js";
import { octetReader } from "./octets.js";

/** Cuts a stream into messages. Holds at most one incomplete message without the payload of a fragment. */
export interface MessageDecoder {
  /**
   * What the chunk completes, in order. A fragment message is given out in parts, as the chunks have them; payloads are views of the chunk.
   * @throws WireError at the first fault, and the stream is over
   */
  push(chunk: Uint8Array): Message[];
  /** Octets held of an incomplete message. */
  readonly pending: number;
  /** Longest frame taken; small until the other end has shown who it is. */
  maxFrame: number;
}

const nothing = new Uint8Array(0);

export function createMessageDecoder(maxFrame: number = wireLimits.frame): MessageDecoder {
  let held = nothing;
  let limit = maxFrame;
  /** The fragment of which octets are to come. */
  let open: { index: number; offset: number; size: number; left: number } | undefined;

  const partOf = (bytes: Uint8Array, at: number): Message => {
    const { index, offset, size, left } = open ?? { index: 0, offset: 0, size: 0, left: 0 };
    const count = Math.min(left, bytes.length - at);
    open = count === left ? undefined : { index, offset: offset + count, size, left: left - count };
    return {
      type: "fragment",
      index,
      offset,
      size,
      payload: new Uint8Array(bytes.buffer, bytes.byteOffset + at, count),
    };
  };

  return {
    push(chunk) {
      const messages: Message[] = [];
      let bytes = chunk;
      let at = 0;
      if (held.length > 0) {
        bytes = new Uint8Array(held.length + chunk.length);
        bytes.set(held);
        bytes.set(chunk, held.length);
        held = nothing;
      }
      while (at < bytes.length) {
        if (open !== undefined) {
          const part = partOf(bytes, at) as Message & { payload: Uint8Array };
          messages.push(part);
          at += part.payload.length;
          continue;
        }
        const there = bytes.length - at;
        if (there < headOctets) break;
        const view = new DataView(bytes.buffer, bytes.byteOffset + at, there);
        const length = view.getUint32(0);
        if (length + lengthOctets > limit)
          throw new WireError("ERR_SPACE", "length", `${length} octets, more than ${limit}`);
        if (length < 2) throw new WireError("ERR_TRUNCATED", "length", `${length} octets, less than version and type`);
        if (view.getUint8(4) !== version)
          throw new WireError("ERR_VERSION", "version", `${view.getUint8(4)} is not ${version}`);
        if (view.getUint8(5) === fragmentType && length + lengthOctets >= fragmentHeadOctets) {
          if (there < fragmentHeadOctets) break;
          const reader = octetReader(bytes, at + headOctets);
          open = {
            index: reader.u8("fragment.index"),
            offset: reader.u4("fragment.offset"),
            size: reader.u4("fragment.size"),
            left: length + lengthOctets - fragmentHeadOctets,
          };
          at += fragmentHeadOctets;
          if (open.left === 0) messages.push(partOf(bytes, at));
          continue;
        }
        if (there < length + lengthOctets) break;
        messages.push(decodeMessage(bytes.subarray(at, at + length + lengthOctets)));
        at += length + lengthOctets;
      }
      if (at < bytes.length) held = bytes.slice(at);
      return messages;
    },
    get pending() {
      return held.length;
    },
    get maxFrame() {
      return limit;
    },
    set maxFrame(octets) {
      limit = octets;
    },
  };
}

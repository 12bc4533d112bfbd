import { peekHeader } from "../../../generated/hybrid-peer/frame/index.js";
import type { Message } from "../core/message.js";
import { WireError } from "./errors.js";
import type { Members } from "./fields.js";
import { parseHeader } from "./header.js";
import { type Extent, readExtent, readMessage } from "./read-message.js";
import { createRepeats } from "./repeats.js";
import type { Spelling } from "./spelling.js";

const HEAD = 4;
const FIRST_ALLOCATION = 256;
const NOTHING = new Uint8Array(0);

export interface DecoderLimits {
  /** Longest frame taken, in octets; a longer one is refused before its octets are kept. */
  readonly maxFrame: number;
  /** Told of frames with codes that do not exist; they are passed over, as the field's peers do. */
  readonly onUnknown?: (error: WireError) => void;
}

export interface FrameDecoder {
  /**
   * The messages that `chunk` completes. Those that lie within it are views of it: it must not be written to again.
   * @throws WireError at the first fault and on every later call; `preceding` has the messages before it
   */
  push(chunk: Uint8Array): Message[];
  /** Octets held of an incomplete frame. */
  readonly pending: number;
}

/** As much of a frame as has been understood, so that no header is read twice. */
interface Begun {
  readonly header: Members;
  readonly extent: Extent;
  readonly behind: number;
  readonly total: number;
}

/** Octets of the header, once the four before it are there. */
export function headerLength(octets: Uint8Array, start: number, order: Spelling["frame"]): number {
  return peekHeader(start === 0 ? octets : octets.subarray(start, start + HEAD), order)?.headerLength ?? 0;
}

/** Cuts a stream into messages, holding at most one incomplete frame. */
export function createFrameDecoder(profile: string, spelling: Spelling, limits: DecoderLimits): FrameDecoder {
  const { maxFrame, onUnknown } = limits;
  let held = NOTHING;
  let pending = 0;
  let begun: Begun | undefined;
  let failure: WireError | undefined;
  const repeats = createRepeats(profile);

  /** Octets that the frame at `start` has at least; exact once `begun` is there. */
  function needed(octets: Uint8Array, start: number, end: number): number {
    if (begun !== undefined) return begun.total;
    const repeated = repeats.extent(octets, start, end);
    if (repeated !== undefined) return repeated;
    if (end - start < HEAD) return HEAD;
    const behind = HEAD + headerLength(octets, start, spelling.frame);
    if (behind > maxFrame) throw tooLarge(behind);
    if (end - start < behind) {
      if (end - start > HEAD && octets[start + HEAD] !== 0x7b) {
        throw new WireError("ERR_HEADER", "", "the header is no JSON object");
      }
      return behind;
    }
    const header = parseHeader(octets, start + HEAD, start + behind, "header");
    const extent = extentOf(header);
    const total = behind + extent.extension + extent.payload;
    if (total > maxFrame) throw tooLarge(total);
    begun = { header, extent, behind, total };
    return total;
  }

  function extentOf(header: Members): Extent {
    try {
      return readExtent(header, spelling);
    } catch (error) {
      if (error instanceof WireError && error.code === "ERR_UNKNOWN_CODE") return { extension: 0, payload: 0 };
      throw error;
    }
  }

  function tooLarge(length: number): WireError {
    return new WireError("ERR_TOO_LARGE", "", `a frame of ${length} octets, more than ${maxFrame}`);
  }

  function take(octets: Uint8Array, start: number, messages: Message[]): void {
    if (begun === undefined) {
      messages.push(repeats.take(octets, start));
      return;
    }
    const { header, extent, behind, total } = begun;
    begun = undefined;
    const frame = octets.subarray(start, start + total);
    try {
      const message = readMessage(header, extent, frame, behind, profile, spelling);
      messages.push(message);
      repeats.learn(message, frame, behind + extent.extension);
    } catch (error) {
      if (!(error instanceof WireError) || error.code !== "ERR_UNKNOWN_CODE") throw error;
      onUnknown?.(error);
    }
  }

  /** Room grows with what has arrived, not with what a length promises. */
  function hold(chunk: Uint8Array, from: number, to: number, wanted: number): void {
    const total = pending + (to - from);
    if (held.length < total) {
      const room = new Uint8Array(
        Math.min(Math.max(total, held.length * 2, FIRST_ALLOCATION), Math.max(wanted, total)),
      );
      room.set(held.subarray(0, pending));
      held = room;
    }
    held.set(chunk.subarray(from, to), pending);
    pending = total;
  }

  /** Completes the held frame from the head of the chunk. @returns where the next one starts */
  function fill(chunk: Uint8Array, messages: Message[]): number {
    let at = 0;
    for (;;) {
      const wanted = needed(held, 0, pending);
      if (pending >= wanted) {
        const complete = held;
        held = NOTHING;
        pending = 0;
        take(complete, 0, messages);
        return at;
      }
      if (at === chunk.length) return at;
      const to = Math.min(chunk.length, at + wanted - pending);
      hold(chunk, at, to, wanted);
      at = to;
    }
  }

  function cut(chunk: Uint8Array, messages: Message[]): void {
    const end = chunk.length;
    let at = pending > 0 ? fill(chunk, messages) : 0;
    while (at < end) {
      const wanted = needed(chunk, at, end);
      if (wanted > end - at) {
        hold(chunk, at, end, wanted);
        return;
      }
      take(chunk, at, messages);
      at += wanted;
    }
  }

  return {
    push(chunk) {
      if (failure !== undefined) throw failure;
      const messages: Message[] = [];
      try {
        cut(chunk, messages);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        held = NOTHING;
        pending = 0;
        error.preceding = messages;
        failure = error;
        throw error;
      }
      return messages;
    },
    get pending() {
      return pending;
    },
  };
}

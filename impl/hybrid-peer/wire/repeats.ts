import { type BroadcastData, Code, type Message } from "../core/message.js";

/** Sources whose messages alternate on one link, each remembered; more are read at length. */
const MOST = 4;
const HEAD = 4;
/** Sequences may count from the time of a source's start, in microseconds. */
const MAX_DIGITS = 16;
const ZERO = 0x30;

/** Of a broadcast that was read at length: everything in front of its payload, and where its sequence stands in it. */
interface Pattern {
  readonly octets: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly message: BroadcastData;
}

/**
 * Broadcasts of one source mostly differ in sequence and payload alone. One whose octets are those of an earlier one but for the digits of
 * its sequence says the same: it need not be read as JSON again, which is most of what a relay has to do.
 */
export interface Repeats {
  /** Octets of the frame that begins at `start`, where what is there of it is like one before, all in front of its payload at least. */
  extent(octets: Uint8Array, start: number, end: number): number | undefined;
  /** The message of the frame whose extent was asked for last. */
  take(octets: Uint8Array, start: number): BroadcastData;
  /** Takes over a message that was read from a frame. `behind`: octets in front of its payload */
  learn(message: Message, frame: Uint8Array, behind: number): void;
}

export function createRepeats(profile: string): Repeats {
  const patterns: Pattern[] = [];
  /** Sources of the last messages that were read at length. */
  const recent: string[] = [];
  let found: Pattern | undefined;
  let sequence: number | undefined;

  function fits({ octets: known, from, to }: Pattern, octets: Uint8Array, start: number, end: number): boolean {
    if (end - start < known.length) return false;
    // From the end: a source's identifier and the lengths stand there, flags that are always alike in front.
    for (let at = known.length - 1; at >= to; at--) if (known[at] !== octets[start + at]) return false;
    for (let at = from - 1; at >= 0; at--) if (known[at] !== octets[start + at]) return false;
    return true;
  }

  return {
    extent(octets, start, end) {
      for (let index = 0; index < patterns.length; index++) {
        const pattern = patterns[index] as Pattern;
        if (!fits(pattern, octets, start, end)) continue;
        sequence = digits(octets, start + pattern.from, start + pattern.to);
        if (sequence === undefined) return undefined;
        found = pattern;
        return pattern.total;
      }
      return undefined;
    },
    take(octets, start) {
      const { message, total, octets: known } = found as Pattern;
      const { code, ack, candidatePath, data } = message;
      const at = octets.byteOffset + start;
      return {
        code,
        ack,
        candidatePath,
        data: {
          source: data.source,
          sequence: sequence as number,
          payloadType: data.payloadType,
          appId: data.appId,
          payload: new Uint8Array(octets.buffer, at + known.length, total - known.length),
        },
        frame: { octets: new Uint8Array(octets.buffer, at, total), profile },
      };
    },
    learn(message, frame, behind) {
      if (message.code !== Code.broadcastData) return;
      const { data } = message;
      if (data.part !== undefined || data.signature !== undefined) return;
      // To learn a pattern costs as much as to read a message: not for a source that is one of many.
      const known = recent.includes(data.source);
      recent.unshift(data.source);
      if (recent.length > MOST) recent.pop();
      if (!known) return;
      const place = placeOfSequence(frame, behind, data.sequence);
      if (place === undefined) return;
      // The source's former pattern, of fewer digits or another length, will not be seen soon.
      const former = patterns.findIndex((pattern) => pattern.message.data.source === data.source);
      if (former !== -1) patterns.splice(former, 1);
      else if (patterns.length === MOST) patterns.pop();
      const octets = new Uint8Array(frame.subarray(0, behind));
      patterns.unshift({
        octets,
        ...place,
        total: frame.length,
        // Nothing of the frame is kept but the copy of its header.
        message: { ...message, data: { ...data, payload: octets.subarray(0, 0) }, frame: { octets, profile } },
      });
    },
  };
}

/** Within JSON a key in quotation marks is a key: in a string its marks would be escaped. One that is there twice tells nothing. */
function placeOfSequence(
  frame: Uint8Array,
  behind: number,
  sequence: number,
): { from: number; to: number } | undefined {
  const text = Buffer.from(frame.buffer, frame.byteOffset, behind).toString("latin1", HEAD, behind);
  const key = '"sequence":';
  const at = text.indexOf(key);
  if (at === -1 || text.includes(key, at + 1)) return undefined;
  const from = at + key.length;
  const digitsThere = `${sequence}`;
  const next = text[from + digitsThere.length];
  if (!text.startsWith(digitsThere, from) || (next !== "," && next !== "}")) return undefined;
  if (digitsThere.length > MAX_DIGITS) return undefined;
  return { from: HEAD + from, to: HEAD + from + digitsThere.length };
}

/** @returns undefined where there is something else, or a number that JSON does not write so */
function digits(octets: Uint8Array, from: number, to: number): number | undefined {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (octets[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value > Number.MAX_SAFE_INTEGER || (octets[from] === ZERO && to - from > 1) ? undefined : value;
}

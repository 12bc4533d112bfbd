import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Code,
  createDecoder,
  type DecoderOptions,
  decode,
  encode,
  LdmpError,
  type LdmpMessage,
  PayloadType,
  Type,
} from "../../../generated/ldmp/index.js";
import { layouts, messages, octets, seeded } from "./arbitraries.js";

type Outcome = { readonly messages: readonly LdmpMessage[]; readonly error: LdmpError | undefined };

/** All that a decoder makes of some chunks, with the payloads copied as a receiver has to. */
function outcome(chunks: readonly Uint8Array[], options?: DecoderOptions): Outcome {
  const decoder = createDecoder(options);
  const messages: LdmpMessage[] = [];
  const keep = (list: readonly unknown[]): void => {
    for (const message of list as readonly LdmpMessage[])
      messages.push({ ...message, payload: message.payload?.slice() });
  };
  try {
    for (const chunk of chunks) keep(decoder.push(chunk));
    decoder.end();
    return { messages, error: undefined };
  } catch (error) {
    if (!(error instanceof LdmpError)) throw error;
    keep(error.preceding);
    return { messages, error };
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function cutAt(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
  return [...sorted, whole.length].map((end, i) => whole.slice(i === 0 ? 0 : sorted[i - 1], end));
}

const post = (messageId: number, size = 4): LdmpMessage => ({
  version: 1,
  type: Type.acknowledgementNotRequired,
  payloadType: PayloadType.binary,
  reserved: 0,
  code: Code.post,
  messageId,
  sourceId: 7,
  destinationId: 1,
  payload: new Uint8Array(size).fill(messageId & 0xff),
});

describe("stream decoder", () => {
  test("gives the same for any chunking, good messages and bad ones", () => {
    const streams = fc
      .tuple(fc.array(messages, { maxLength: 5 }), fc.option(octets), layouts)
      .map(([good, tail, layout]) => ({
        whole: concat([...good.map((message) => encode(message, { layout })), ...(tail === null ? [] : [tail])]),
        layout,
      }));
    fc.assert(
      fc.property(streams, fc.array(fc.nat(20_000), { maxLength: 8 }), ({ whole, layout }, places) => {
        const atOnce = outcome([whole], { layout });
        const inParts = outcome(cutAt(whole, places), { layout });
        assert.deepEqual(inParts.messages, atOnce.messages);
        assert.equal(inParts.error?.message, atOnce.error?.message);
      }),
      seeded(2_000),
    );
  });

  test("gives what decode gives, octet by octet", () => {
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 3 }), layouts, (sent, layout) => {
        const whole = concat(sent.map((message) => encode(message, { layout })));
        const { messages: received, error } = outcome(
          [...whole].map((octet) => Uint8Array.of(octet)),
          { layout },
        );
        assert.equal(error, undefined);
        assert.deepEqual(received, sent);
      }),
      seeded(300),
    );
  });

  test("fails with the error that decode gives for the last message", () => {
    fc.assert(
      fc.property(octets, layouts, (bytes, layout) => {
        const { messages: before, error } = outcome([bytes], { layout });
        if (error === undefined || before.length > 0) return;
        assert.equal(attempt(() => decode(bytes, { layout })).message, error.message);
      }),
      seeded(3_000),
    );
  });

  test("does not copy a message that lies within one chunk, and copies one that does not", () => {
    const chunk = encode(post(1));
    const [whole] = createDecoder().push(chunk);
    expect(whole?.payload?.buffer).toBe(chunk.buffer);
    const decoder = createDecoder();
    decoder.push(chunk.subarray(0, 11));
    const [parted] = decoder.push(chunk.subarray(11));
    expect(parted?.payload?.buffer).not.toBe(chunk.buffer);
    expect(parted).toEqual(post(1));
  });

  test("keeps its own copy of what it holds", () => {
    const octets = encode(post(1));
    const chunk = octets.slice(0, 11);
    const decoder = createDecoder();
    decoder.push(chunk);
    chunk.fill(0);
    expect(decoder.push(octets.subarray(11))).toEqual([post(1)]);
  });

  test("tells what it holds, and misses the rest at the end", () => {
    const octets = encode(post(1));
    const decoder = createDecoder();
    expect(decoder.push(octets.subarray(0, 9))).toEqual([]);
    expect(decoder.pending).toBe(9);
    expect(() => decoder.end()).toThrow(expect.objectContaining({ code: "ERR_TRUNCATED", field: "length", offset: 9 }));
    expect(() => decoder.push(octets)).toThrow(expect.objectContaining({ code: "ERR_TRUNCATED" }));
  });

  test("refuses a wrong version with its first octet", () => {
    expect(() => createDecoder().push(Uint8Array.of(0x80))).toThrow(expect.objectContaining({ code: "ERR_VERSION" }));
  });

  test("hands over the messages before the fault, stays failed and lets go of what it held", () => {
    const decoder = createDecoder();
    const fault = attempt(() => decoder.push(concat([encode(post(1)), encode(post(2)), Uint8Array.of(0, 0)])));
    expect(fault.preceding).toEqual([post(1), post(2)]);
    expect(decoder.pending).toBe(0);
    expect(attempt(() => decoder.push(encode(post(3))))).toBe(fault);
    expect(attempt(() => decoder.end())).toBe(fault);
  });

  test("goes on behind a faulty message whose end is known, if asked to", () => {
    const reserved = encode(post(2));
    reserved[0] = 0x78;
    for (const size of [1, 5, 100]) {
      const faults: [string, Uint8Array][] = [];
      const decoder = createDecoder({ onInvalid: (error, octets) => faults.push([error.field, octets.slice()]) });
      const whole = concat([encode(post(1)), reserved, encode(post(3))]);
      const received: LdmpMessage[] = [];
      for (let at = 0; at < whole.length; at += size) received.push(...decoder.push(whole.slice(at, at + size)));
      expect(received).toEqual([post(1), post(3)]);
      expect(faults).toEqual([["type", reserved]]);
      expect(() => decoder.push(Uint8Array.of(0x80))).toThrow(expect.objectContaining({ code: "ERR_VERSION" }));
    }
  });

  test("refuses a message over the limit as soon as its length is known", () => {
    const decoder = createDecoder({ maxLength: 100 });
    expect(decoder.push(encode(post(1, 90)))).toEqual([post(1, 90)]);
    const long = encode(post(2, 91));
    decoder.push(long.subarray(0, 9));
    expect(() => decoder.push(long.subarray(9, 10))).toThrow(
      expect.objectContaining({ code: "ERR_SPACE", message: expect.stringContaining("101 octets needed, 100 there") }),
    );
  });

  test("does not set memory aside for a length that is only announced", () => {
    const head = encode(post(1, 65_535)).slice(0, 11);
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 1_000 }, () => {
      const decoder = createDecoder();
      decoder.push(head);
      return decoder;
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
    expect(decoders.every(({ pending }) => pending === 11)).toBe(true);
  });

  test("takes a long message in small chunks", () => {
    const whole = encode(post(9, 65_535));
    const decoder = createDecoder();
    const received: LdmpMessage[] = [];
    for (let at = 0; at < whole.length; at += 100) received.push(...decoder.push(whole.subarray(at, at + 100)));
    expect(received).toEqual([post(9, 65_535)]);
  });
});

function attempt(call: () => unknown): LdmpError {
  try {
    call();
  } catch (error) {
    if (error instanceof LdmpError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

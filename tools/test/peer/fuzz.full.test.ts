import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, test } from "vitest";
import { createDecoder, encode, PeerFrameError, type PeerFrameMessage } from "../../../generated/peer/frame/index.js";
import { messages, octets } from "./arbitraries.js";
import { compare } from "./compare.js";

const INPUTS = 100_000;

/** Whole again: parts of a fragment follow on one another. */
function joined(all: readonly PeerFrameMessage[]): PeerFrameMessage[] {
  const whole: PeerFrameMessage[] = [];
  for (const message of all) {
    const last = whole.at(-1);
    if (
      message.type !== "fragment" ||
      last?.type !== "fragment" ||
      last.index !== message.index ||
      message.offset !== last.offset + last.payload.length
    ) {
      whole.push(message);
    } else
      whole[whole.length - 1] = { ...last, payload: new Uint8Array(Buffer.concat([last.payload, message.payload])) };
  }
  return whole;
}

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (ArrayBuffer.isView(one) ? Buffer.from(one as Uint8Array).toString("hex") : one));

describe(`${INPUTS} inputs per entry point`, () => {
  test("decode accepts what Kaitai's parser accepts, but for what the codec alone looks at", () => {
    fc.assert(fc.property(octets, compare), { seed: 1, numRuns: INPUTS });
  });

  test("the stream decoder gives back what was sent, whole or in parts, however the stream is cut", () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 4 }), cuts, fc.boolean(), (sent, sizes, parts) => {
        const stream = Buffer.concat(sent.map((message) => encode(message)));
        const decoder = createDecoder({ parts });
        const received: PeerFrameMessage[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          received.push(...decoder.push(stream.subarray(at, at + size)));
          assert(decoder.pending <= 4096);
          at += size;
        }
        decoder.end();
        assert.equal(plain(parts ? joined(received) : received), plain(parts ? joined(sent) : sent));
      }),
      { seed: 2, numRuns: INPUTS / 10 },
    );
  });

  test("the stream decoder survives anything, and stays failed once it failed", () => {
    fc.assert(
      fc.property(
        fc.array(octets, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        (chunks, parts, lenient) => {
          const decoder = createDecoder({ parts, maxLength: 4096, ...(lenient && { onInvalid: () => undefined }) });
          let failed = false;
          for (const chunk of chunks) {
            try {
              decoder.push(chunk);
              assert(!failed);
            } catch (error) {
              assert(error instanceof PeerFrameError, String(error));
              failed = true;
            }
          }
        },
      ),
      { seed: 3, numRuns: INPUTS },
    );
  });
});

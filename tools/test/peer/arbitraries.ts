import fc from "fast-check";
import { encode, type PeerFrameMessage, type Run } from "../../../generated/peer/frame/index.js";
import type { PeerReceiptMessage } from "../../../generated/peer/receipt/index.js";

/** Every run uses the same inputs; change the seed to look elsewhere. */
export const seeded = (numRuns: number): { seed: number; numRuns: number } => ({ seed: 609_010, numRuns });

/** With the prototype that objects usually have: fast-check makes some without. */
function plain<Value extends object>(of: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return of.map((value) => ({ ...value }));
}

const exactly = (octets: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: octets, maxLength: octets });
const numbers = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER));
const words = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 0xffffffff));
/** Text that has UTF-8, of one to four octets a character. */
const text = (minLength: number): fc.Arbitrary<string> => fc.string({ minLength, maxLength: 20, unit: "binary" });
const runs: fc.Arbitrary<Run[]> = fc.array(plain(fc.record({ first: numbers, count: words })), { maxLength: 5 });

/** Any message that can be sent. */
export const messages: fc.Arbitrary<PeerFrameMessage> = plain(
  fc.oneof(
    fc.record({
      type: fc.constant("hello" as const),
      overlayId: text(1),
      peerId: text(1),
      role: fc.constantFrom("peer" as const, "source-peer" as const, "virtual-peer" as const),
      publicKey: exactly(32),
      nonce: exactly(32),
      sessionKey: text(0),
    }),
    fc.record({ type: fc.constant("proof" as const), signature: exactly(64) }),
    fc.record({ type: fc.constant("buffermap" as const), first: numbers, bits: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ type: fc.constantFrom("have" as const, "request" as const, "cancel" as const), runs }),
    fc.record({
      type: fc.constant("descriptors" as const),
      first: numbers,
      items: fc.array(plain(fc.record({ size: words, time: numbers, digest: exactly(32), last: fc.boolean() })), {
        maxLength: 4,
      }),
      signature: exactly(64),
    }),
    fc.record({
      type: fc.constant("fragment" as const),
      index: numbers,
      offset: words,
      size: words,
      payload: fc.uint8Array({ maxLength: 60 }),
    }),
    fc.record({
      type: fc.constant("refuse" as const),
      reason: fc.constantFrom(
        "not-held" as const,
        "busy" as const,
        "no-receipt" as const,
        "invalid" as const,
        "unwilling" as const,
      ),
      runs,
    }),
    fc.record({
      type: fc.constant("receipt" as const),
      body: fc.uint8Array({ maxLength: 60 }),
      signature: exactly(64),
    }),
    fc.constant({ type: "keep-alive" as const }),
    fc.record({
      type: fc.constant("bye" as const),
      reason: fc.constantFrom("leaving" as const, "silent" as const, "same-peer" as const),
    }),
  ),
);

export const receipts: fc.Arbitrary<PeerReceiptMessage> = fc.record({
  overlayId: text(1),
  receiver: text(1),
  sender: text(1),
  serial: numbers,
  time: numbers,
  octets: numbers,
  runs,
});

type Change = readonly ["set" | "cut" | "insert", number, number];

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.tuple(fc.constantFrom("set" as const, "cut" as const, "insert" as const), fc.nat(120), fc.nat(255)),
  { minLength: 1, maxLength: 4 },
);

function changed(octets: Uint8Array, all: readonly Change[]): Uint8Array {
  const list = [...octets];
  for (const [change, at, value] of all) {
    if (change === "set" && at < list.length) list[at] = value;
    else if (change === "cut") list.splice(at, (value % 8) + 1);
    else list.splice(at, 0, value);
  }
  return Uint8Array.from(list);
}

/** A frame of this version whose length is right, around anything. */
const framed = fc.tuple(fc.nat(13), fc.uint8Array({ maxLength: 120 })).map(([type, body]) => {
  return Uint8Array.of(0, 0, 0, body.length + 2, 1, type, ...body);
});

/** Octets from anyone: noise, noise in frames, messages, and nearly valid ones, some with their length set right again. */
export const octets: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  framed,
  messages.map((message) => encode(message)),
  fc.tuple(messages, changes, fc.boolean()).map(([message, all, mend]) => {
    const bytes = changed(encode(message), all);
    if (mend && bytes.length >= 6) new DataView(bytes.buffer).setUint32(0, bytes.length - 4);
    return bytes;
  }),
);

export { changed, changes };

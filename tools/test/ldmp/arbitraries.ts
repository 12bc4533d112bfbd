import fc from "fast-check";
import { encode, type LdmpMessage, PayloadType, Type } from "../../../generated/ldmp/index.js";

/** Every run uses the same inputs; change the seed to look elsewhere. */
export const seeded = (numRuns: number): { seed: number; numRuns: number } => ({ seed: 609_008, numRuns });

const payloads = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 80 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 4_000, maxLength: 4_200 }) },
);

/** Any message that can be sent, the unlisted codes included. */
export const messages: fc.Arbitrary<LdmpMessage> = fc
  .record({
    version: fc.constant(1),
    type: fc.constantFrom(Type.acknowledgementRequired, Type.acknowledgementNotRequired, Type.acknowledgement),
    payloadType: fc.constantFrom(PayloadType.none, PayloadType.binary, PayloadType.text),
    reserved: fc.nat(3),
    code: fc.nat(255),
    messageId: fc.nat(65_535),
    sourceId: fc.nat(65_535),
    destinationId: fc.nat(65_535),
    octets: payloads,
  })
  .map(({ octets, ...message }) => ({
    ...message,
    payload: message.payloadType === PayloadType.none ? undefined : octets,
  }));

export const layouts = fc.constantFrom("A" as const, "B" as const);

/** A valid message with something done to it: octets changed, removed, put in, the length turned absurd. */
const mutated = fc
  .tuple(
    messages,
    layouts,
    fc.array(fc.tuple(fc.constantFrom("set", "cut", "insert"), fc.nat(120), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([message, layout, changes]) => {
    const octets = [...encode(message, { layout })];
    for (const [change, at, value] of changes) {
      if (change === "set" && at < octets.length) octets[at] = value;
      else if (change === "cut") octets.splice(at, (value % 8) + 1);
      else octets.splice(at, 0, value);
    }
    return Uint8Array.from(octets);
  });

/** Octets from anyone: noise, noise behind every first octet, valid messages, and nearly valid ones. */
export const octets: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .tuple(fc.nat(255), fc.uint8Array({ minLength: 7, maxLength: 24 }))
    .map(([first, rest]) => Uint8Array.of(first, ...rest)),
  fc.tuple(messages, layouts).map(([message, layout]) => encode(message, { layout })),
  mutated,
);

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Code, type Message } from "../core/message.js";
import { detectProfile, type ProfileName, profiles, WireError } from "./profile.js";
import { everyMessage } from "./test/messages.js";

const names = Object.keys(profiles) as ProfileName[];
const id = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const count = fc.nat(2 ** 40);

const bufferMap = fc.array(
  fc.record({
    source: id,
    ranges: fc.uniqueArray(count, { maxLength: 20 }).map((starts) =>
      starts
        .sort((a, b) => a - b)
        .filter((start, at) => at === 0 || start > (starts[at - 1] as number) + 3)
        .map((start) => [start, start + 1] as const),
    ),
  }),
  { maxLength: 5 },
);

const data = fc.record({
  source: id,
  sequence: count.map((value) => value + 1),
  payloadType: fc.string({ maxLength: 30 }),
  appId: fc.string({ unit: "grapheme", maxLength: 10 }),
  payload: fc.uint8Array({ maxLength: 2000 }).map((octets) => new Uint8Array(octets)),
});

const message: fc.Arbitrary<Message> = fc.oneof(
  data.map((one): Message => ({ code: Code.broadcastData, ack: false, candidatePath: false, data: one })),
  data.map((one): Message => ({ code: Code.getDataAnswer, data: one })),
  fc.record({ code: fc.constant(Code.bufferMapAnswer), overlayId: id, bufferMap }),
  fc.record({ code: fc.constantFrom(Code.getData, Code.getDataAbsent), overlayId: id, source: id, sequence: count }),
  fc.record({
    code: fc.constant(Code.hello),
    overlayId: id,
    connNum: count,
    ttl: count,
    verticalCandidate: fc.boolean(),
    recovery: fc.boolean(),
    peer: fc.record({ peerId: id, address: fc.webUrl(), ticketId: fc.maxSafeInteger() }),
  }),
);

function plain(one: Message): unknown {
  return one.code === Code.broadcastData ? { ...one, frame: undefined } : one;
}

describe.each(names)("profile %s, whatever is said", (name) => {
  const profile = profiles[name];

  it("comes back the same, from a stream cut anywhere", () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        (all, cuts) => {
          const stream = Buffer.concat(all.map((one) => profile.encode(one)));
          const decoder = profile.createDecoder({ maxFrame: 70_000 });
          const ends = [...cuts.map((cut) => cut % stream.length).sort((a, b) => a - b), stream.length];
          const out = ends.flatMap((end, at) => decoder.push(stream.subarray(ends[at - 1] ?? 0, end)));
          expect(out.map(plain)).toEqual(all.map(plain));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("octets changed at random give a message or a WireError, by itself and in a stream", () => {
    const frames = everyMessage.map((one) => profile.encode(one.message));
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (frame, changes) => {
          const changed = Uint8Array.from(frame);
          for (const [at, value] of changes) changed[at % changed.length] = value;
          const tries = [
            () => profile.decode(changed),
            () => profile.createDecoder({ maxFrame: 70_000 }).push(changed),
            () => detectProfile(changed),
          ];
          for (const one of tries) {
            try {
              one();
            } catch (error) {
              expect(error).toBeInstanceOf(WireError);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

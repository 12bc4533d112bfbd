import { describe, expect, test } from "vitest";
import type { BroadcastData, Message } from "../core/message.js";
import { WireError } from "./errors.js";
import { profiles } from "./profile.js";

const broadcast = (source: string, sequence: number, more: Partial<BroadcastData["data"]> = {}): BroadcastData => ({
  code: 6,
  ack: false,
  candidatePath: false,
  data: {
    source,
    sequence,
    payloadType: "text/plain",
    appId: "a",
    payload: Buffer.from(`${source} ${sequence}`),
    ...more,
  },
});

/** Octets as text: views of a Buffer and of a Uint8Array are alike to those who use them. */
const plain = (messages: readonly Message[]): unknown =>
  JSON.parse(
    JSON.stringify(messages, (key, value: unknown) =>
      key === "payload" || key === "octets" ? Buffer.from(bytes(value)).toString("latin1") : value,
    ),
  );
const bytes = (value: unknown): readonly number[] => {
  const { data } = value as { data?: readonly number[] };
  return data ?? Object.values(value as Record<string, number>);
};

/** What a stream makes of frames must be what each of them says by itself. */
function expectSame(frames: readonly Uint8Array[], profile: "p23" | "p22" | "p20"): void {
  const { decode, createDecoder } = profiles[profile];
  const stream = Buffer.concat(frames);
  const wanted = plain(frames.map((frame) => decode(frame)));
  expect(plain(createDecoder({ maxFrame: 100_000 }).push(stream))).toEqual(wanted);
  // In pieces, whole frames after torn ones.
  const torn = createDecoder({ maxFrame: 100_000 });
  const messages: Message[] = [];
  for (let at = 0; at < stream.length; at += 700)
    messages.push(...torn.push(Buffer.from(stream.subarray(at, at + 700))));
  expect(plain(messages)).toEqual(wanted);
}

const header = (text: string): Uint8Array =>
  Buffer.concat([Buffer.from([1, 1, text.length >> 8, text.length & 255]), Buffer.from(text)]);

describe.each(["p23", "p22", "p20"] as const)("frames like the one before (%s)", (profile) => {
  const { encode } = profiles[profile];

  test("are what they are when read at length", () => {
    const messages = [8, 9, 10, 11, 99, 100, 7, 7].map((sequence) => broadcast("one", sequence));
    expectSame(messages.map(encode), profile);
  });

  test("of more sources than are remembered, of other lengths, with parts and signatures between", () => {
    const messages = Array.from({ length: 60 }, (_, index) => {
      const more =
        index % 7 === 0
          ? { part: { index: 0, count: 2 } }
          : index % 11 === 0
            ? { signature: "x" }
            : { payload: Buffer.alloc(index % 3) };
      return broadcast(`source-${index % 6}`, 40 + index, more);
    });
    expectSame(messages.map(encode), profile);
  });

  test("of sequences that count from a time in microseconds", () => {
    const messages = [1, 2, 3, 4].map((count) => broadcast("one", 1_795_262_400_000_000 + count));
    expectSame(messages.map(encode), profile);
  });

  test("of a source that is called like the key", () => {
    expectSame(
      [1, 2, 3].map((sequence) => encode(broadcast('","sequence":1,"', sequence))),
      profile,
    );
  });
});

test("two sequences in one header, the second of which counts, are no pattern", () => {
  const frame = (first: number, second: number): Uint8Array =>
    header(
      `{"req-code":6,"req-params":{"operation":{},"peer":{"peer-id":"a","sequence":${first},"sequence":${second}},"payload":{"length":0},"ext-header-len":0}}`,
    );
  expectSame([frame(1, 1), frame(2, 3), frame(4, 1)], "p23");
});

test.each(["9999999999999999", "0x", "1e", "-1", "05", " 5", "5."])(
  "a sequence %j where two digits were is not passed over",
  (sequence) => {
    const frame = (text: string): Uint8Array =>
      header(
        `{"req-code":6,"req-params":{"operation":{},"peer":{"peer-id":"a","sequence":${text}},"payload":{"length":0},"ext-header-len":0}}`,
      );
    const outcome = (frames: readonly Uint8Array[]): unknown => {
      try {
        return profiles.p23.createDecoder({ maxFrame: 1000 }).push(Buffer.concat(frames)).at(-1);
      } catch (error) {
        return error instanceof WireError ? error.code : error;
      }
    };
    expect(outcome([frame("10"), frame(sequence)])).toEqual(outcome([frame(sequence)]));
  },
);

import { describe, expect, test } from "vitest";
import type { Message, ReceiptBody } from "../core/message.js";
import { encodeMessage } from "./message-codec.js";
import { createMessageDecoder } from "./message-decoder.js";
import { decodeReceiptBody, encodeReceiptBody } from "./receipt-body.js";

const octets = (size: number, value = 7): Uint8Array => new Uint8Array(size).fill(value);
const runs = [
  { first: 0, count: 3 },
  { first: Number.MAX_SAFE_INTEGER, count: 1 },
];
const messages: Message[] = [
  {
    type: "hello",
    overlayId: "o",
    peerId: "pé",
    role: "virtual-peer",
    publicKey: octets(32),
    nonce: octets(32),
    sessionKey: "",
  },
  { type: "proof", signature: octets(64) },
  { type: "buffermap", first: 5, bits: octets(9) },
  { type: "have", runs },
  { type: "request", runs },
  { type: "cancel", runs: [] },
  {
    type: "descriptors",
    first: 1,
    items: [{ size: 9, time: 1.7e12, digest: octets(32), last: true }],
    signature: octets(64),
  },
  { type: "refuse", reason: "busy", runs },
  { type: "receipt", body: octets(40), signature: octets(64) },
  { type: "keep-alive" },
  { type: "bye", reason: "silent" },
];

const plain = (message: unknown): unknown =>
  JSON.parse(
    JSON.stringify(message, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value)),
  );

describe("messages", () => {
  const stream = Buffer.concat(messages.flatMap((message) => encodeMessage(message)));

  test.each([1, 7, 100_000])("come out as they went in, in chunks of %i octets", (size) => {
    const decoder = createMessageDecoder();
    const got: Message[] = [];
    for (let at = 0; at < stream.length; at += size) got.push(...decoder.push(stream.subarray(at, at + size)));
    expect(got.map(plain)).toEqual(messages.map(plain));
    expect(decoder.pending).toBe(0);
  });

  test("the payload of a fragment is not copied, and comes out in the parts of the chunks", () => {
    const payload = octets(100, 9);
    const parts = encodeMessage({ type: "fragment", index: 3, offset: 10, size: 110, payload });
    expect(parts[1]).toBe(payload);
    const decoder = createMessageDecoder();
    const frame = Buffer.concat(parts);
    const got = [...decoder.push(frame.subarray(0, 60)), ...decoder.push(frame.subarray(60))];
    expect(got).toMatchObject([
      { index: 3, offset: 10, size: 110 },
      { index: 3, offset: 48, size: 110 },
    ]);
    expect(Buffer.concat(got.map((one) => (one.type === "fragment" ? one.payload : octets(0))))).toEqual(
      Buffer.from(payload),
    );
  });

  test("a receipt body", () => {
    const body: ReceiptBody = { overlayId: "o", receiver: "r", sender: "s", serial: 1, time: 2, octets: 3, runs };
    expect(decodeReceiptBody(encodeReceiptBody(body))).toEqual(body);
  });
});

describe("refused, and the field is named", () => {
  test.each<[string, number[], string, string]>([
    ["another version", [0, 0, 0, 2, 2, 10], "ERR_VERSION", "version"],
    ["a frame longer than allowed", [0xff, 0, 0, 0, 1, 10], "ERR_SPACE", "length"],
    ["a frame without a type", [0, 0, 0, 1, 1, 0], "ERR_LENGTH", "length"],
    ["an overlay identifier longer than its frame", [0, 0, 0, 5, 1, 0, 1, 0, 65], "ERR_TRUNCATED", "hello.overlayId"],
    ["octets behind the message", [0, 0, 0, 3, 1, 10, 0], "ERR_TRAILING", "body"],
  ])("%s", (_, frame, code, field) => {
    expect(() => createMessageDecoder().push(Uint8Array.from(frame))).toThrow(expect.objectContaining({ code, field }));
  });

  test("a message longer than any frame", () => {
    const bits = octets(1024 * 1024);
    expect(() => encodeMessage({ type: "buffermap", first: 0, bits })).toThrow(
      expect.objectContaining({ code: "ERR_SPACE" }),
    );
  });

  test("but types that do not exist are passed over", () => {
    const unknown: string[] = [];
    const decoder = createMessageDecoder(1000, (error) => unknown.push(error.message));
    expect(decoder.push(Uint8Array.from([0, 0, 0, 3, 1, 99, 7, 0, 0, 0, 2, 1, 10]))).toEqual([{ type: "keep-alive" }]);
    expect(unknown).toEqual([expect.stringContaining("99 is not allowed")]);
  });
});

test("a limit that a message lifts is lifted for the next one", () => {
  const decoder = createMessageDecoder(10);
  const stream = Buffer.concat([
    ...encodeMessage({ type: "keep-alive" }),
    ...encodeMessage({ type: "proof", signature: octets(64) }),
  ]);
  const got: string[] = [];
  decoder.each(stream, ({ type }) => {
    got.push(type);
    decoder.maxLength = 1000;
  });
  expect(got).toEqual(["keep-alive", "proof"]);
});

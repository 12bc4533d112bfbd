import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Code,
  codeClass,
  codeDetail,
  codeName,
  decode,
  encode,
  encodedLength,
  encodeInto,
  isKnownCode,
  isMp2pError,
  LdmpError,
  type LdmpMessage,
  Mp2pError,
  PayloadType,
  peekHeader,
  Type,
} from "../../../generated/ldmp/index.js";
import { layouts, messages, seeded } from "./arbitraries.js";

interface Vector {
  readonly id: string;
  readonly clause: string;
  readonly hex: string;
  readonly layout?: "A" | "B";
  readonly trailing?: "refuse" | "ignore";
  readonly fields?: Record<string, number | string>;
  readonly error?: { readonly code: string; readonly field: string; readonly offset: number };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../spec/ldmp/vectors.json", import.meta.url), "utf8"),
) as Vector[];

const octetsOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

const post: LdmpMessage = {
  version: 1,
  type: Type.acknowledgementNotRequired,
  payloadType: PayloadType.text,
  reserved: 0,
  code: Code.post,
  messageId: 2,
  sourceId: 7,
  destinationId: 1,
  payload: Uint8Array.of(0x32, 0x31),
};

describe("golden vectors", () => {
  test("have ids of their own", () => {
    expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
  });

  test.each(vectors)("$id [$clause]", ({ hex, layout = "A", trailing = "refuse", fields, error }) => {
    const octets = octetsOf(hex);
    if (error !== undefined) {
      expect(() => decode(octets, { layout, trailing })).toThrow(LdmpError);
      expect(() => decode(octets, { layout, trailing })).toThrow(expect.objectContaining(error));
      return;
    }
    const { payload, ...rest } = decode(octets, { layout, trailing });
    const shown = payload === undefined ? rest : { ...rest, payload: Buffer.from(payload).toString("hex") };
    expect(shown).toEqual(fields);
    if (trailing === "refuse") expect(encode({ ...rest, payload }, { layout })).toEqual(octets);
  });
});

describe("decode", () => {
  test("gives the payload as a view, also of a Buffer, and as a plain Uint8Array", () => {
    for (const octets of [encode(post), Buffer.from(encode(post))]) {
      const { payload } = decode(octets);
      expect(payload?.buffer).toBe(octets.buffer);
      expect(payload?.constructor).toBe(Uint8Array);
      octets[10] = 0x39;
      expect(payload?.[0]).toBe(0x39);
    }
  });

  test("says what is wrong, where, and by which clause", () => {
    const error = thrown(() => decode(octetsOf("5c02 0002 0007 0001 0040 3231")));
    expect(error).toMatchObject({
      name: "LdmpError",
      code: "ERR_TRUNCATED",
      field: "payload",
      offset: 12,
      clause: "X.609.8 8.1",
      message: "payload: at least 62 octets missing, at octet 12 [X.609.8 8.1]",
    });
    expect(error).toBeInstanceOf(Mp2pError);
    expect(isMp2pError(error, "ERR_TRUNCATED")).toBe(true);
  });
});

describe("encode", () => {
  const wrong: [string, object, string, string, number][] = [
    ["another version", { version: 2 }, "ERR_VERSION", "version", 0],
    ["a version that does not fit", { version: 5 }, "ERR_RANGE", "version", 0],
    ["the reserved type", { type: 3 }, "ERR_RESERVED", "type", 0],
    ["a type that does not fit", { type: 4 }, "ERR_RANGE", "type", 0],
    ["the reserved payload type", { payloadType: 1 }, "ERR_RESERVED", "payloadType", 0],
    ["reserved bits that do not fit", { reserved: 4 }, "ERR_RANGE", "reserved", 0],
    ["a code that does not fit", { code: 256 }, "ERR_RANGE", "code", 1],
    ["a negative code", { code: -1 }, "ERR_RANGE", "code", 1],
    ["a Message ID that does not fit", { messageId: 65_536 }, "ERR_RANGE", "messageId", 2],
    ["a fraction", { messageId: 1.5 }, "ERR_RANGE", "messageId", 2],
    ["no number", { sourceId: Number.NaN }, "ERR_RANGE", "sourceId", 4],
    ["text for a number", { sourceId: "7" }, "ERR_RANGE", "sourceId", 4],
    ["a missing identifier", { destinationId: undefined }, "ERR_RANGE", "destinationId", 6],
    ["a payload that should not be there", { payloadType: 0 }, "ERR_PRESENCE", "payload", 10],
    ["a payload that is missing", { payload: undefined }, "ERR_PRESENCE", "payload", 10],
    ["text for a payload", { payload: "21.5" }, "ERR_PRESENCE", "payload", 10],
    ["a list for a payload", { payload: [1, 2] }, "ERR_PRESENCE", "payload", 10],
    ["a payload that is too long", { payload: new Uint8Array(65_536) }, "ERR_RANGE", "length", 8],
  ];

  test.each(wrong)("refuses %s", (_, change, code, field, offset) => {
    const message = { ...post, ...change } as LdmpMessage;
    for (const attempt of [
      () => encode(message),
      () => encodedLength(message),
      () => encodeInto(message, new Uint8Array(70_000), 0),
      () => encode(message, { layout: "B" }),
    ]) {
      expect(thrown(attempt)).toMatchObject({
        code,
        field,
        offset,
        clause: expect.stringMatching(/^X\.609\.8 8\.[12]$/),
      });
    }
  });

  test("takes the longest payload", () => {
    const message = { ...post, payload: new Uint8Array(65_535).fill(1) };
    expect(decode(encode(message))).toEqual(message);
  });

  test("gives every message octets of its own, though they share an allocation", () => {
    const all = Array.from({ length: 3_000 }, (_, i) => encode({ ...post, messageId: i }));
    expect(all.map((octets) => decode(octets).messageId)).toEqual(all.map((_, i) => i));
    expect(new Set(all.map(({ buffer }) => buffer)).size).toBeLessThan(10);
  });

  test("round trip: decode(encode(m)) is m, in both layouts", () => {
    fc.assert(
      fc.property(messages, layouts, (message, layout) => {
        const octets = encode(message, { layout });
        assert.equal(octets.length, encodedLength(message, { layout }));
        assert.deepEqual(decode(octets, { layout }), message);
      }),
      seeded(5_000),
    );
  });
});

describe("encodeInto", () => {
  test("writes at the offset and nowhere else", () => {
    fc.assert(
      fc.property(messages, fc.nat(20), fc.nat(20), (message, before, after) => {
        const octets = encode(message);
        const target = new Uint8Array(before + octets.length + after).fill(0xee);
        assert.equal(encodeInto(message, target, before), octets.length);
        assert.deepEqual(target.slice(before, before + octets.length), octets);
        assert(target.subarray(0, before).every((octet) => octet === 0xee));
        assert(target.subarray(before + octets.length).every((octet) => octet === 0xee));
      }),
      seeded(1_000),
    );
  });

  test.each([
    [11, 0],
    [12, 1],
    [12, -1],
    [12, 0.5],
    [12, Number.NaN],
    [0, 0],
  ])("leaves a target of %i octets alone when the message does not fit at %d", (size, offset) => {
    const target = new Uint8Array(size);
    expect(thrown(() => encodeInto(post, target, offset))).toMatchObject({ code: "ERR_SPACE" });
    expect(target.every((octet) => octet === 0)).toBe(true);
  });
});

describe("peekHeader", () => {
  test("reads what decode refuses", () => {
    expect(peekHeader(octetsOf("7605 1234 0007 0001 ff"))).toEqual({
      version: 1,
      type: 3,
      payloadType: 1,
      reserved: 2,
      code: 5,
      messageId: 0x1234,
      sourceId: 7,
      destinationId: 1,
    });
  });

  test("has nothing to say of less than a header", () => {
    expect(peekHeader(octetsOf("4005 1234 0007 00"))).toBeUndefined();
  });
});

describe("names", () => {
  test.each([
    [0x01, "0.01 GET"],
    [0x45, "2.05 Content"],
    [0x8f, "4.15 Unsupported Content-Format"],
    [0x9f, "4.31"],
    [0x00, "0.00"],
    [0xff, "7.31"],
  ])("%i is %s", (code, name) => {
    expect(codeName(code)).toBe(name);
    expect(isKnownCode(code)).toBe(name.length > 4);
  });

  test("every code is its class and detail", () => {
    for (const code of Object.values(Code)) {
      expect(codeName(code).startsWith(`${codeClass(code)}.${String(codeDetail(code)).padStart(2, "0")} `)).toBe(true);
    }
  });
});

function thrown(call: () => unknown): LdmpError {
  try {
    call();
  } catch (error) {
    if (error instanceof LdmpError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ByteOrder,
  createDecoder,
  decode,
  encode,
  HybridPeerFrameError,
  peekHeader,
} from "../../../generated/hybrid-peer/frame/index.js";
import { seeded } from "../ldmp/arbitraries.js";
import { loadOracle } from "../ldmp/oracle.js";

const oracle = loadOracle(
  join(import.meta.dirname, "../../../generated/hybrid-peer/frame/kaitai/HybridPeerFrame.cjs"),
  "HybridPeerFrame",
);
const orders = ["big-endian", "little-endian"] as const;
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const frame = (header: unknown, payload = new Uint8Array(0)) => ({
  version: 1,
  type: 1,
  header: json(header),
  payload,
});

/** Headers as the profiles have them, that announce so many octets. */
const announcing = (length: number, extension: number) => [
  { "req-code": 6, "req-params": { payload: { length }, "ext-header-len": extension } },
  { "rsp-code": 11200, "rsp-params": { "ext-header-len": extension, payload: { length } } },
  { ReqCode: 6, ReqParams: { payload: { length: length + extension } } },
  { RspCode: 11200, RspParams: { payload: { length }, "ext-header-len": extension } },
];

function failure(action: () => unknown): HybridPeerFrameError {
  try {
    action();
  } catch (error) {
    if (error instanceof HybridPeerFrameError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe.each(orders)("frames, %s", (byteOrder: ByteOrder) => {
  test("the codec and Kaitai's parser agree on any octets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const opinion = oracle(bytes, byteOrder === "big-endian" ? 0 : 1);
        let decoded: ReturnType<typeof decode> | undefined;
        try {
          decoded = decode(bytes, { byteOrder });
        } catch (error) {
          assert(error instanceof HybridPeerFrameError);
          assert(!opinion.accepted);
          assert.equal(error.code, "ERR_TRUNCATED");
          return;
        }
        assert(opinion.accepted);
        for (const name of ["version", "type", "header", "payload"] as const) {
          assert.deepEqual(decoded[name], opinion.fields[name]);
        }
        assert.deepEqual(encode(decoded, { byteOrder }), bytes);
        assert.equal(peekHeader(bytes, { byteOrder })?.headerLength, opinion.fields.headerLength);
      }),
      seeded(3000),
    );
  });

  test("a stream is cut where the headers say, whatever its chunks", () => {
    const sent = [
      frame({ "req-code": 8 }),
      ...announcing(300, 17).map((header) => frame(header, new Uint8Array(317).fill(7))),
      frame({ "rsp-code": 1202 }),
    ];
    const stream = Buffer.concat(sent.map((one) => encode(one, { byteOrder })));
    for (const step of [1, 3, 64, stream.length]) {
      const decoder = createDecoder({ byteOrder, maxLength: 1000 });
      const found = [];
      for (let at = 0; at < stream.length; at += step) found.push(...decoder.push(stream.subarray(at, at + step)));
      expect(found.map(({ header }) => Buffer.from(header).toString())).toEqual(
        sent.map(({ header }) => Buffer.from(header).toString()),
      );
      expect(found.map(({ payload }) => payload.length)).toEqual(sent.map(({ payload }) => payload.length));
      decoder.end();
    }
  });

  test("a stream is refused whose header is no JSON object, or announces nonsense, or too much", () => {
    for (const [header, code] of [
      [new TextEncoder().encode("{"), "ERR_JSON_SYNTAX"],
      [Uint8Array.of(0x22, 0xff, 0x22), "ERR_JSON_SYNTAX"],
      [json([]), "ERR_JSON_SYNTAX"],
      [json(announcing(-1, 0)[0]), "ERR_JSON_SYNTAX"],
      [json(announcing(1.5, 0)[1]), "ERR_JSON_SYNTAX"],
      [json(announcing(5000, 0)[2]), "ERR_SPACE"],
    ] as const) {
      const decoder = createDecoder({ byteOrder, maxLength: 1000 });
      const octets = encode({ version: 1, type: 1, header, payload: new Uint8Array(0) }, { byteOrder });
      expect(failure(() => decoder.push(octets)).code).toBe(code);
    }
  });
});

test("the order of octets is told apart", () => {
  const octets = encode(frame({ "req-code": 8 }));
  expect([...octets.subarray(0, 4)]).toEqual([1, 1, 0, 14]);
  expect([...encode(frame({ ReqCode: 8 }), { byteOrder: "little-endian" }).subarray(0, 4)]).toEqual([1, 1, 13, 0]);
  expect(failure(() => decode(octets, { byteOrder: "little-endian" }))).toMatchObject({
    code: "ERR_TRUNCATED",
    field: "header",
  });
  expect(failure(() => encode({ ...frame({}), header: new Uint8Array(65_536) }))).toMatchObject({
    field: "headerLength",
  });
});

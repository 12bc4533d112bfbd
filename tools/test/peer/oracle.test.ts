import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, test } from "vitest";
import { decode, encode, encodeInto, encodeParts } from "../../../generated/peer/frame/index.js";
import {
  decode as decodeReceipt,
  encode as encodeReceipt,
  PeerReceiptError,
} from "../../../generated/peer/receipt/index.js";
import { changed, changes, messages, octets, receipts, seeded } from "./arbitraries.js";
import { compare } from "./compare.js";
import { receiptOracle, sameAs } from "./oracle.js";

describe("codec ≡ Kaitai's parser", () => {
  test("on any octets", () => {
    fc.assert(fc.property(octets, compare), seeded(5_000));
  });

  test("on every type, with every number of octets", () => {
    for (let type = 0; type < 14; type++) {
      for (let length = 0; length <= 90; length++)
        compare(Uint8Array.of(0, 0, 0, length + 2, 1, type, ...new Uint8Array(length)));
    }
  });

  test("on receipt bodies, whole and not", () => {
    fc.assert(
      fc.property(receipts, changes, fc.boolean(), (receipt, all, whole) => {
        const bytes = whole ? encodeReceipt(receipt) : changed(encodeReceipt(receipt), all);
        const opinion = receiptOracle(bytes);
        try {
          const decoded = decodeReceipt(bytes, { trailing: "ignore" });
          assert(opinion.accepted);
          sameAs(decoded, opinion.fields, {});
        } catch (error) {
          assert(error instanceof PeerReceiptError, String(error));
          assert(!opinion.accepted || ["ERR_TEXT", "ERR_RANGE"].includes(error.code), error.message);
        }
      }),
      seeded(1_500),
    );
  });
});

describe("a message", () => {
  test("comes back as it was, in whatever way it was encoded", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const whole = encode(message);
        assert.deepEqual(decode(whole), message);
        assert.deepEqual(Buffer.concat(encodeParts(message)), Buffer.from(whole));
        const target = new Uint8Array(whole.length + 5);
        assert.equal(encodeInto(message, target, 3), whole.length);
        assert.deepEqual([...target.subarray(3, 3 + whole.length)], [...whole]);
      }),
      seeded(1_500),
    );
  });
});

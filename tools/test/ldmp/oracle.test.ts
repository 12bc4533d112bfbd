import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, test } from "vitest";
import { decode, encode, encodedLength, LdmpError, type LdmpMessage } from "../../../generated/ldmp/index.js";
import { layouts, octets, seeded } from "./arbitraries.js";
import { ldmpFields, ldmpOracle } from "./oracle.js";

type Layout = "A" | "B";

/** The codec's verdict, or the error; anything else it throws escapes and fails the test. */
function attempt(bytes: Uint8Array, layout: Layout, trailing: "refuse" | "ignore"): LdmpMessage | LdmpError {
  try {
    return decode(bytes, { layout, trailing });
  } catch (error) {
    if (error instanceof LdmpError) return error;
    throw error;
  }
}

function compare(bytes: Uint8Array, layout: Layout): void {
  const opinion = ldmpOracle(bytes, layout === "A" ? 0 : 1);
  const lenient = attempt(bytes, layout, "ignore");
  const strict = attempt(bytes, layout, "refuse");
  if (!opinion.accepted) {
    assert(lenient instanceof LdmpError && strict instanceof LdmpError);
    assert.equal(strict.message, lenient.message);
    if (opinion.field === undefined) assert.equal(lenient.code, "ERR_TRUNCATED");
    else assert.equal(lenient.field, opinion.field);
    return;
  }
  assert(!(lenient instanceof LdmpError));
  for (const name of ldmpFields) {
    if (name !== "length") assert.deepEqual(lenient[name], opinion.fields[name], name);
  }
  assert.equal(opinion.fields.length ?? 0, lenient.payload?.length ?? 0);
  assert.equal(encodedLength(lenient, { layout }), opinion.used);
  assert.deepEqual(encode(lenient, { layout }), bytes.slice(0, opinion.used));
  if (opinion.used === bytes.length) {
    assert.deepEqual(strict, lenient);
  } else {
    assert(strict instanceof LdmpError);
    assert.equal(strict.code, "ERR_TRAILING");
    assert.equal(strict.offset, opinion.used);
  }
}

describe("codec ≡ Kaitai's parser", () => {
  test("on any octets", () => {
    fc.assert(fc.property(octets, layouts, compare), seeded(20_000));
  });

  test("on every first octet, with every number of octets behind it", () => {
    for (let first = 0; first < 256; first++) {
      for (let length = 1; length <= 14; length++) {
        const bytes = new Uint8Array(length).fill(0);
        bytes[0] = first;
        if (length > 9) bytes[9] = 2;
        compare(bytes, "A");
        compare(bytes, "B");
      }
    }
  });

  test("on a view into the middle of a pool", () => {
    const pool = new Uint8Array(64).fill(0xff);
    pool.set([0x5c, 2, 0, 1, 0, 7, 0, 1, 0, 1, 0x31], 20);
    compare(pool.subarray(20, 31), "A");
    compare(pool.subarray(20, 30), "A");
  });
});

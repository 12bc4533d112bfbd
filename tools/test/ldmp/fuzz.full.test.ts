import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, test } from "vitest";
import { createDecoder, decode, LdmpError, peekHeader } from "../../../generated/ldmp/index.js";
import { layouts, octets } from "./arbitraries.js";
import { ldmpOracle } from "./oracle.js";

const INPUTS = 100_000;

/** True when it worked, false for the codec's own error; anything else escapes. */
function survives(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (error instanceof LdmpError) return false;
    throw error;
  }
}

describe(`${INPUTS} inputs per entry point`, () => {
  test("decode accepts exactly what Kaitai's parser accepts, and peekHeader never fails", () => {
    fc.assert(
      fc.property(octets, layouts, (bytes, layout) => {
        const accepted = survives(() => decode(bytes, { layout, trailing: "ignore" }));
        assert.equal(accepted, ldmpOracle(bytes, layout === "A" ? 0 : 1).accepted);
        assert.equal(peekHeader(bytes) === undefined, bytes.length < 8);
      }),
      { seed: 1, numRuns: INPUTS },
    );
  });

  test("the stream decoder survives anything, holds one message at most, and stays failed once it failed", () => {
    const chunks = fc.array(octets, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(chunks, layouts, fc.boolean(), (parts, layout, lenient) => {
        const decoder = createDecoder({ layout, maxLength: 5_000, ...(lenient ? { onInvalid: () => {} } : {}) });
        let failed = false;
        for (const part of parts) {
          const good = survives(() => decoder.push(part));
          assert(!(failed && good));
          failed ||= !good;
          assert(decoder.pending <= 5_000);
        }
        const ended = survives(() => decoder.end());
        assert(!(failed && ended));
      }),
      { seed: 2, numRuns: INPUTS },
    );
  });
});

import assert from "node:assert/strict";
import {
  byeReasonValues,
  decode,
  encode,
  encodedLength,
  PeerFrameError,
  type PeerFrameMessage,
  peerRoleValues,
  refuseReasonValues,
  typeValues,
} from "../../../generated/peer/frame/index.js";
import { frameOracle, type Parsed, sameAs, valuesIn } from "./oracle.js";

/** The numbers behind the names that a message may have; `no-receipt` is another one in bye than in refuse. */
const names = { ...peerRoleValues, ...refuseReasonValues };

/** The codec's verdict, or its error; anything else it throws escapes and fails the test. */
export function attempt(bytes: Uint8Array, trailing: "refuse" | "ignore"): PeerFrameMessage | PeerFrameError {
  try {
    return decode(bytes, { trailing });
  } catch (error) {
    if (error instanceof PeerFrameError) return error;
    throw error;
  }
}

/**
 * Codec and Kaitai's parser agree; but the codec refuses octets behind a body, text that is not UTF-8 and numbers that JavaScript cannot
 * count to, none of which Kaitai looks at.
 */
export function compare(bytes: Uint8Array): void {
  const opinion = frameOracle(bytes);
  const lenient = attempt(bytes, "ignore");
  if (!opinion.accepted) {
    assert(lenient instanceof PeerFrameError, "accepted what Kaitai refuses");
    return;
  }
  const body = opinion.fields.body as Parsed;
  if (lenient instanceof PeerFrameError) {
    const values = [...valuesIn(body)];
    if (lenient.code === "ERR_TRAILING") assert(!body._io.isEof());
    else if (lenient.code === "ERR_TEXT")
      assert(values.some((one) => typeof one === "string" && one.includes("\ufffd")));
    else {
      assert.equal(lenient.code, "ERR_RANGE", lenient.message);
      assert(
        values.some((one) => typeof one === "number" && one > Number.MAX_SAFE_INTEGER),
        lenient.message,
      );
    }
    return;
  }
  assert.equal(typeValues[lenient.type], opinion.fields.type);
  sameAs(lenient, body, lenient.type === "bye" ? byeReasonValues : names);
  assert.equal(encodedLength(lenient), opinion.used);
  assert.deepEqual([...encode(lenient)], [...bytes.subarray(0, opinion.used)]);
  const strict = attempt(bytes, "refuse");
  if (opinion.used === bytes.length) assert.deepEqual(strict, lenient);
  else assert(strict instanceof PeerFrameError && strict.code === "ERR_TRAILING");
}

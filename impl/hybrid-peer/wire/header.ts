import { inspect } from "../../../generated/runtime/json.js";
import { WireError } from "./errors.js";
import type { Members } from "./fields.js";

/** Octets up to which a header cannot be nested deeply enough, or have members enough, to do harm. */
const SMALL = 1024;
/** overlay.path is an array of arrays in an object in the parameters in the header. */
const DEPTH = 8;
const MEMBERS = 256;

const { utf8Slice } = Buffer.prototype as unknown as { utf8Slice(start: number, end: number): string };
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws WireError ERR_HEADER */
export function parseHeader(octets: Uint8Array, start: number, end: number, what: string): Members {
  if (octets[start] !== 0x7b) throw new WireError("ERR_HEADER", "", `the ${what} is no JSON object`);
  const text = utf8Slice.call(octets, start, end);
  let value: unknown;
  try {
    // What is no UTF-8 came out as U+FFFD; the strict decoder takes several times as long, so it only looks at those.
    if (text.includes("\ufffd")) strict.decode(octets.subarray(start, end));
    value = JSON.parse(text);
    if (end - start > SMALL) inspect(value as object, DEPTH, MEMBERS);
  } catch (error) {
    throw new WireError(
      "ERR_HEADER",
      "",
      `the ${what} is no JSON object in UTF-8, or nested too deeply: ${reason(error)}`,
    );
  }
  return value as Members;
}

function reason(error: unknown): string {
  // V8 quotes the text it could not parse, and a header may hold proofs.
  return error instanceof SyntaxError ? "no JSON" : error instanceof Error ? error.message : String(error);
}

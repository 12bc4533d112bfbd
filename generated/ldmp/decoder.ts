import { createStreamDecoder, type StreamDecoder, type StreamOptions } from "../runtime/stream-decoder.js";
import { check, cutOff, type DecodeOptions, needed, read } from "./codec.js";
import { faults, fields, LdmpError } from "./errors.js";
import type { LdmpMessage } from "./types.js";

export interface DecoderOptions extends StreamOptions<LdmpError> {
  readonly layout?: DecodeOptions["layout"];
}

export function createDecoder(options: DecoderOptions = {}): StreamDecoder<LdmpMessage> {
  const { layout = "A" } = options;
  return createStreamDecoder<LdmpMessage, LdmpError>(
    {
      fault: LdmpError,
      needed: (bytes, start, end) => needed(bytes, start, end, layout),
      check: (bytes, start, end) => check(bytes, start, end, layout),
      read: (bytes, start, end) => read(bytes, start, end, layout, true),
      tooLong: (length, limit) => faults.space(fields.payload, length, limit, 0),
      cutOff: (bytes, start, end) => cutOff(bytes, start, end, layout),
    },
    options,
  );
}

export { isMp2pError, Mp2pError } from "../runtime/errors.js";
export type { StreamDecoder } from "../runtime/stream-decoder.js";
export {
  type DecodeOptions,
  decode,
  type EncodeOptions,
  encode,
  encodedLength,
  encodeInto,
  peekHeader,
} from "./codec.js";
export { createDecoder, type DecoderOptions } from "./decoder.js";
export { LdmpError } from "./errors.js";
export * from "./types.js";

/** Every emitter that works on a .ksy. */
import type { KsyEmitter } from "../emitter.js";
import { codecEmitter } from "./emit-codec.js";
import { decoderEmitter, indexEmitter } from "./emit-decoder.js";
import { errorsEmitter } from "./emit-errors.js";
import { typesEmitter } from "./emit-types.js";

export const ksyEmitters: readonly KsyEmitter[] = [
  typesEmitter,
  errorsEmitter,
  codecEmitter,
  decoderEmitter,
  indexEmitter,
];

/** Every emitter that works on a .ksy. */
import type { KsyEmitter } from "../emitter.js";
import { codecEmitter } from "./emit-codec.js";
import { decoderEmitter, indexEmitter } from "./emit-decoder.js";
import { errorsEmitter } from "./emit-errors.js";
import { kaitaiEmitter } from "./emit-kaitai.js";
import { profileEmitter } from "./emit-profile.js";
import { typesEmitter } from "./emit-types.js";
import { wiresharkEmitter } from "./emit-wireshark.js";

export const ksyEmitters: readonly KsyEmitter[] = [
  typesEmitter,
  errorsEmitter,
  codecEmitter,
  decoderEmitter,
  profileEmitter,
  kaitaiEmitter,
  wiresharkEmitter,
  indexEmitter,
];

import {
  decode,
  HybridPeerFrameError,
  type HybridPeerFrameMessage,
} from "../../../generated/hybrid-peer/frame/index.js";
import { Code, type Message } from "../core/message.js";
import { WireError } from "./errors.js";
import { parseHeader } from "./header.js";
import { readExtent, readMessage } from "./read-message.js";
import { type Spelling, spellings } from "./spelling.js";
import { createFrameDecoder, type DecoderLimits, type FrameDecoder } from "./stream.js";
import { writeFrame } from "./write-message.js";

export { detectProfile } from "./detection.js";
export { WireError } from "./errors.js";
export type { DecoderLimits, FrameDecoder } from "./stream.js";

/** P23: the field's newest spelling, and the default. P22: its older one. P20: its prototype over TCP, little-endian. */
export type ProfileName = "p23" | "p22" | "p20";

/** How messages of reference point R2 stand on the wire [Q.4100 8.2]: spec/hybrid-peer. */
export interface WireProfile {
  readonly name: ProfileName;
  /**
   * One frame. Data that came in a frame of this profile go on in the same octets.
   * @throws WireError ERR_TOO_LARGE where the header takes more than 65,535 octets
   */
  encode(message: Message): Uint8Array;
  /**
   * The message of one whole frame, as a data channel delivers it; payloads are views of it.
   * @throws WireError; ERR_UNKNOWN_CODE is no reason to give up the link
   */
  decode(frame: Uint8Array): Message;
  /** For a stream, where frame follows frame. */
  createDecoder(limits: DecoderLimits): FrameDecoder;
}

const HEAD = 4;

/** @throws WireError ERR_TRUNCATED */
function decodeFrame(octets: Uint8Array, spelling: Spelling): HybridPeerFrameMessage {
  try {
    return decode(octets, spelling.frame);
  } catch (error) {
    if (!(error instanceof HybridPeerFrameError)) throw error;
    throw new WireError("ERR_TRUNCATED", "", `the frame breaks off: ${error.message}`);
  }
}

function createProfile(name: ProfileName, spelling: Spelling): WireProfile {
  return {
    name,
    encode(message) {
      if (message.code === Code.broadcastData && message.frame?.profile === name) return message.frame.octets;
      return writeFrame(message, spelling);
    },
    decode(frame) {
      const behind = frame.length - decodeFrame(frame, spelling).payload.length;
      const header = parseHeader(frame, HEAD, behind, "header");
      const extent = readExtent(header, spelling);
      const total = behind + extent.extension + extent.payload;
      if (total !== frame.length) {
        throw new WireError("ERR_LENGTH", "", `a frame of ${frame.length} octets whose header says ${total}`);
      }
      return readMessage(header, extent, frame, behind, name, spelling);
    },
    createDecoder: (limits) => createFrameDecoder(name, spelling, limits),
  };
}

export const profiles: Readonly<Record<ProfileName, WireProfile>> = {
  p23: createProfile("p23", spellings.p23),
  p22: createProfile("p22", spellings.p22),
  p20: createProfile("p20", spellings.p20),
};

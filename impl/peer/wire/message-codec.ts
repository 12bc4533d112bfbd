import { faults, fields } from "../../../generated/peer/frame/errors.js";
import { decode, encodeParts } from "../../../generated/peer/frame/index.js";
import type { Message } from "../core/message.js";
import { wireLimits } from "./limits.js";

/**
 * A frame in one piece or two: the second are the octets that end the message, as they were given.
 * @throws PeerFrameError that names the field; ERR_SPACE where the frame is longer than any may be
 */
export function encodeMessage(message: Message): readonly Uint8Array[] {
  const parts = encodeParts(message);
  const [head, tail] = parts;
  const octets = (head?.length ?? 0) + (tail?.length ?? 0);
  if (octets > wireLimits.frame) throw faults.space(fields.root.length, octets, wireLimits.frame, 0);
  return parts;
}

/** The message in a whole frame; its octets are views. @throws PeerFrameError that names the field */
export function decodeMessage(frame: Uint8Array): Message {
  return decode(frame);
}

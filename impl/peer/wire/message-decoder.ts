import { createDecoder, type PeerFrameError, type StreamDecoder } from "../../../generated/peer/frame/index.js";
import type { Message } from "../core/message.js";
import { wireLimits } from "./limits.js";

/**
 * Cuts a stream into messages. A fragment message is given out in the parts in which it arrives; payloads are views of the chunks.
 * Messages of types that do not exist (yet) are passed over, and told.
 */
export function createMessageDecoder(
  maxFrame: number = wireLimits.frame,
  onUnknown: (error: PeerFrameError) => void = () => undefined,
): StreamDecoder<Message> {
  return createDecoder({
    parts: true,
    maxLength: maxFrame,
    onInvalid(error) {
      if (error.field !== "type") throw error;
      onUnknown(error);
    },
  });
}

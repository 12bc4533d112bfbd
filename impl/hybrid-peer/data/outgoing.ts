import { type BroadcastData, Code } from "../core/message.js";
import type { Outgoing } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import { HybridPeerError } from "../errors.js";
import { MAX_PARTS } from "./reassembly.js";

/**
 * The frames of one message, on consecutive sequences. The payload is copied: it may stay in the cache for long.
 * @throws HybridPeerError ERR_TOO_LARGE
 */
export function outgoingParts(
  source: string,
  first: number,
  { appId, payloadType, payload, ack = false }: Outgoing,
  { maxMessage, maxFramePayload, split }: Pick<CoreSettings, "maxMessage" | "maxFramePayload" | "split">,
): BroadcastData[] {
  const octets = payload.byteLength;
  const count = Math.max(1, Math.ceil(octets / maxFramePayload));
  if (octets > maxMessage) throw tooLarge(octets, `messages have at most ${maxMessage}`);
  if (count > 1 && !split) throw tooLarge(octets, `frames take at most ${maxFramePayload}, and messages are not split`);
  if (count > MAX_PARTS) throw tooLarge(octets, `${MAX_PARTS} parts take at most ${MAX_PARTS * maxFramePayload}`);
  const copy = payload.slice();
  return Array.from({ length: count }, (_, index) => ({
    code: Code.broadcastData,
    ack,
    candidatePath: false,
    data: {
      source,
      sequence: first + index,
      payloadType,
      appId,
      payload: copy.subarray(index * maxFramePayload, (index + 1) * maxFramePayload),
      ...(count > 1 && { part: { index, count } }),
    },
  }));
}

function tooLarge(octets: number, limit: string): HybridPeerError {
  return new HybridPeerError("ERR_TOO_LARGE", `the message has ${octets} octets; ${limit}`);
}

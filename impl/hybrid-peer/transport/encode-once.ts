import type { Message } from "../core/message.js";
import type { WireProfile } from "../wire/profile.js";

let lastMessage: Message | undefined;
let lastProfile: WireProfile | undefined;
let lastFrame: Uint8Array | undefined;

/**
 * The frame of a message. One that goes out on several links, one after the other, is put together once.
 * @throws WireError ERR_TOO_LARGE
 */
export function encodeOnce(message: Message, profile: WireProfile): Uint8Array {
  if (message === lastMessage && profile === lastProfile && lastFrame !== undefined) return lastFrame;
  lastFrame = profile.encode(message);
  lastMessage = message;
  lastProfile = profile;
  return lastFrame;
}

/** Keeps nothing alive any longer than the work at hand takes. */
export function forgetEncoded(): void {
  lastMessage = undefined;
  lastFrame = undefined;
}

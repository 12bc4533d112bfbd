import type { Descriptors, Hello } from "../core/message.js";
import { encodeMessage } from "./message-codec.js";

/**
 * What is signed on R10. Each text begins with a name of its own, so that no signature for one purpose serves another.
 */

/** For the proof [X.609.1 8.2.6 step 4]: what was received stands first, so that both ends sign different octets. */
export function helloText(received: Hello, own: Hello): Uint8Array {
  return purpose("mp2p hello 1\n", ...encodeMessage(received), ...encodeMessage(own));
}

/** What the source peer signs of its fragments. */
export function descriptorsText(
  overlayId: string,
  { first, items }: Omit<Descriptors, "signature" | "type">,
): Uint8Array {
  const id = Buffer.from(overlayId, "utf8");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  const [frame = length] = encodeMessage({ type: "descriptors", first, items, signature: noSignature });
  return purpose("mp2p fragments 1\n", length, id, frame.subarray(headOctets, frame.length - noSignature.length));
}

/** What the receiver of fragments signs [X.609.1 8.2.6 step 7]; `body` as in the receipt. */
export function receiptText(body: Uint8Array): Uint8Array {
  return purpose("mp2p receipt 1\n", body);
}

/** What the sender signs over it, for the PAMS. */
export function confirmedReceiptText(body: Uint8Array, receiverSignature: Uint8Array): Uint8Array {
  return purpose("mp2p confirmed receipt 1\n", body, receiverSignature);
}

/** Length, version and type. */
const headOctets = 6;
const noSignature = new Uint8Array(64);

function purpose(name: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Buffer.from(name, "utf8"), ...parts]);
}

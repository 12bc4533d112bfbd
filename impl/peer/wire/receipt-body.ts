import { decode, encode } from "../../../generated/peer/receipt/index.js";
import type { ReceiptBody } from "../core/message.js";

/** What a receipt signs [X.609.1 8.2.6 step 7]. @throws PeerReceiptError that names the field */
export function encodeReceiptBody(body: ReceiptBody): Uint8Array {
  return encode(body);
}

/** @throws PeerReceiptError that names the field */
export function decodeReceiptBody(octets: Uint8Array): ReceiptBody {
  return decode(octets);
}

import type { ReceiptBody } from "../core/message.js";
import { wireLimits } from "./limits.js";
import { readRuns, writeRuns } from "./message-codec.js";
import { octetReader, octetWriter } from "./octets.js";

/** What a receipt signs [X.609.1 8.2.6 step 7]. @throws WireError that names the field */
export function encodeReceiptBody({
  overlayId,
  receiver,
  sender,
  serial,
  time,
  octets,
  runs,
}: ReceiptBody): Uint8Array {
  const writer = octetWriter();
  writer.text(overlayId, wireLimits.id, "overlayId");
  writer.text(receiver, wireLimits.id, "receiver");
  writer.text(sender, wireLimits.id, "sender");
  writer.u8(serial, "serial");
  writer.u8(time, "time");
  writer.u8(octets, "octets");
  writeRuns(writer, runs, "receipt");
  return writer.done();
}

/** @throws WireError that names the field */
export function decodeReceiptBody(body: Uint8Array): ReceiptBody {
  const reader = octetReader(body);
  const receipt = {
    overlayId: reader.text(wireLimits.id, "overlayId"),
    receiver: reader.text(wireLimits.id, "receiver"),
    sender: reader.text(wireLimits.id, "sender"),
    serial: reader.u8("serial"),
    time: reader.u8("time"),
    octets: reader.u8("octets"),
    runs: readRuns(reader, "receipt"),
  };
  reader.end();
  return receipt;
}

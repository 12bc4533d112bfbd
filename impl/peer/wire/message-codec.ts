import type { ByeReason, Descriptor, Message, MessageType, PeerRole, RefuseReason, Run } from "../core/message.js";
import { WireError } from "./errors.js";
import { wireLimits } from "./limits.js";
import { type OctetReader, type OctetWriter, octetReader, octetWriter } from "./octets.js";

/** Octets of the length of a frame, of its version and type, and of what stands before the payload of a fragment. */
export const lengthOctets = 4;
export const headOctets = lengthOctets + 2;
export const fragmentHeadOctets = headOctets + 16;
export const version = 1;

const types = [
  "hello",
  "proof",
  "buffermap",
  "have",
  "request",
  "cancel",
  "descriptors",
  "fragment",
  "refuse",
  "receipt",
  "keep-alive",
  "bye",
] as const satisfies readonly MessageType[];
export const fragmentType = types.indexOf("fragment");
const roles = ["peer", "source-peer", "virtual-peer"] as const satisfies readonly PeerRole[];
const refuseReasons = [
  "not-held",
  "busy",
  "no-receipt",
  "invalid",
  "unwilling",
] as const satisfies readonly RefuseReason[];
const byeReasons = [
  "leaving",
  "overlay-unknown",
  "not-admitted",
  "too-many-links",
  "protocol-error",
  "corrupt-fragments",
  "no-receipt",
  "silent",
  "same-peer",
] as const satisfies readonly ByeReason[];

/** A frame in one piece or two: the second is the payload of a fragment, as it was given. @throws WireError that names the field */
export function encodeMessage(message: Message): readonly Uint8Array[] {
  const writer = octetWriter();
  writer.u4(0, "length");
  writer.u1(version, "version");
  writer.u1(types.indexOf(message.type), "type");
  const payload = writeBody(writer, message);
  const head = writer.done();
  const length = head.length - lengthOctets + (payload?.length ?? 0);
  if (length > wireLimits.frame)
    throw new WireError("ERR_SPACE", "", `a frame of ${length} octets, more than ${wireLimits.frame}`);
  new DataView(head.buffer, head.byteOffset).setUint32(0, length);
  return payload === undefined ? [head] : [head, payload];
}

function writeBody(writer: OctetWriter, message: Message): Uint8Array | undefined {
  switch (message.type) {
    case "hello":
      writer.text(message.overlayId, wireLimits.id, "hello.overlayId");
      writer.text(message.peerId, wireLimits.id, "hello.peerId");
      writer.u1(roles.indexOf(message.role), "hello.role");
      writer.octets(message.publicKey, 32, "hello.publicKey");
      writer.octets(message.nonce, 32, "hello.nonce");
      writer.text(message.sessionKey, wireLimits.sessionKey, "hello.sessionKey");
      return undefined;
    case "proof":
      writer.octets(message.signature, 64, "proof.signature");
      return undefined;
    case "buffermap":
      writer.u8(message.first, "buffermap.first");
      writer.octets(message.bits, message.bits.length, "buffermap.bits");
      return undefined;
    case "have":
    case "request":
    case "cancel":
      writeRuns(writer, message.runs, message.type);
      return undefined;
    case "descriptors":
      writer.u8(message.first, "descriptors.first");
      writer.u2(bounded(message.items.length, wireLimits.descriptors, "descriptors.items"), "descriptors.items");
      for (const item of message.items) writeDescriptor(writer, item);
      writer.octets(message.signature, 64, "descriptors.signature");
      return undefined;
    case "fragment":
      writer.u8(message.index, "fragment.index");
      writer.u4(message.offset, "fragment.offset");
      writer.u4(message.size, "fragment.size");
      return message.payload;
    case "refuse":
      writer.u1(refuseReasons.indexOf(message.reason), "refuse.reason");
      writeRuns(writer, message.runs, "refuse");
      return undefined;
    case "receipt":
      writer.u2(bounded(message.body.length, wireLimits.receipt, "receipt.body"), "receipt.body");
      writer.octets(message.body, message.body.length, "receipt.body");
      writer.octets(message.signature, 64, "receipt.signature");
      return undefined;
    case "keep-alive":
      return undefined;
    case "bye":
      writer.u1(byeReasons.indexOf(message.reason), "bye.reason");
      return undefined;
  }
}

function bounded(count: number, limit: number, field: string): number {
  if (count > limit) throw new WireError("ERR_RANGE", field, `${count}, more than ${limit}`);
  return count;
}

export function writeRuns(writer: OctetWriter, runs: readonly Run[], of: string): void {
  writer.u2(bounded(runs.length, wireLimits.runs, `${of}.runs`), `${of}.runs`);
  for (const { first, count } of runs) {
    writer.u8(first, `${of}.runs.first`);
    writer.u4(count, `${of}.runs.count`);
  }
}

function writeDescriptor(writer: OctetWriter, { size, time, digest, last }: Descriptor): void {
  writer.u4(size, "descriptors.items.size");
  writer.u8(time, "descriptors.items.time");
  writer.octets(digest, 32, "descriptors.items.digest");
  writer.u1(last ? 1 : 0, "descriptors.items.last");
}

/** The message in a whole frame; its octets are views. @throws WireError that names the field */
export function decodeMessage(frame: Uint8Array): Message {
  const reader = octetReader(frame);
  const length = reader.u4("length");
  if (length !== frame.length - lengthOctets) throw new WireError("ERR_TRUNCATED", "length", "not that of the frame");
  const given = reader.u1("version");
  if (given !== version) throw new WireError("ERR_VERSION", "version", `${given} is not ${version}`);
  const message = readBody(reader, named(types, reader.u1("type"), "type"));
  reader.end();
  return message;
}

function readBody(reader: OctetReader, type: MessageType): Message {
  switch (type) {
    case "hello":
      return {
        type,
        overlayId: reader.text(wireLimits.id, "hello.overlayId"),
        peerId: reader.text(wireLimits.id, "hello.peerId"),
        role: named(roles, reader.u1("hello.role"), "hello.role"),
        publicKey: reader.octets(32, "hello.publicKey"),
        nonce: reader.octets(32, "hello.nonce"),
        sessionKey: reader.text(wireLimits.sessionKey, "hello.sessionKey"),
      };
    case "proof":
      return { type, signature: reader.octets(64, "proof.signature") };
    case "buffermap":
      return { type, first: reader.u8("buffermap.first"), bits: reader.rest() };
    case "have":
    case "request":
    case "cancel":
      return { type, runs: readRuns(reader, type) };
    case "descriptors": {
      const first = reader.u8("descriptors.first");
      const count = bounded(reader.u2("descriptors.items"), wireLimits.descriptors, "descriptors.items");
      const items = Array.from({ length: count }, () => readDescriptor(reader));
      return { type, first, items, signature: reader.octets(64, "descriptors.signature") };
    }
    case "fragment":
      return {
        type,
        index: reader.u8("fragment.index"),
        offset: reader.u4("fragment.offset"),
        size: reader.u4("fragment.size"),
        payload: reader.rest(),
      };
    case "refuse":
      return {
        type,
        reason: named(refuseReasons, reader.u1("refuse.reason"), "refuse.reason"),
        runs: readRuns(reader, type),
      };
    case "receipt": {
      const size = bounded(reader.u2("receipt.body"), wireLimits.receipt, "receipt.body");
      return { type, body: reader.octets(size, "receipt.body"), signature: reader.octets(64, "receipt.signature") };
    }
    case "keep-alive":
      return { type };
    case "bye":
      return { type, reason: named(byeReasons, reader.u1("bye.reason"), "bye.reason") };
  }
}

function named<Name>(names: readonly Name[], value: number, field: string): Name {
  const name = names[value];
  if (name === undefined) throw new WireError("ERR_RESERVED", field, `${value} has no meaning`);
  return name;
}

export function readRuns(reader: OctetReader, of: string): Run[] {
  const count = bounded(reader.u2(`${of}.runs`), wireLimits.runs, `${of}.runs`);
  return Array.from({ length: count }, () => ({
    first: reader.u8(`${of}.runs.first`),
    count: reader.u4(`${of}.runs.count`),
  }));
}

function readDescriptor(reader: OctetReader): Descriptor {
  const size = reader.u4("descriptors.items.size");
  const time = reader.u8("descriptors.items.time");
  const digest = reader.octets(32, "descriptors.items.digest");
  return {
    size,
    time,
    digest,
    last: named([false, true], reader.u1("descriptors.items.last"), "descriptors.items.last"),
  };
}

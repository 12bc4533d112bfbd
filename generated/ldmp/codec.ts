import { allocate } from "../runtime/codec.js";
import { faults, fields, LdmpError } from "./errors.js";
import type { Layout, LdmpHeader, LdmpMessage, PayloadType, Type } from "./types.js";

export interface EncodeOptions {
  readonly layout?: Layout;
}
export interface DecodeOptions {
  readonly layout?: Layout;
  readonly trailing?: "refuse" | "ignore";
}

export function encode(message: LdmpMessage, options?: EncodeOptions): Uint8Array {
  const layout = options === undefined ? "A" : (options.layout ?? "A");
  const size = measure(message, layout);
  const target = allocate(size);
  write(message, target, 0, layout);
  return target;
}

export function encodeInto(message: LdmpMessage, target: Uint8Array, offset: number, options?: EncodeOptions): number {
  const layout = options === undefined ? "A" : (options.layout ?? "A");
  const size = measure(message, layout);
  if (!(offset >= 0 && offset + size <= target.length)) {
    throw faults.space(fields.version, size, Math.max(0, target.length - offset), 0);
  }
  write(message, target, offset, layout);
  return size;
}

export function encodedLength(message: LdmpMessage, options?: EncodeOptions): number {
  return measure(message, options?.layout ?? "A");
}

function measure(message: LdmpMessage, layout: Layout): number {
  const { version, type, payloadType, reserved, code, messageId, sourceId, destinationId, payload } = message;
  if (version !== 1) throw faults.value(fields.version, version, 0);
  if (type !== 0 && type !== 1 && type !== 2) throw faults.value(fields.type, type, 0);
  if (payloadType !== 0 && payloadType !== 2 && payloadType !== 3)
    throw faults.value(fields.payloadType, payloadType, 0);
  if ((reserved & 3) !== reserved) throw faults.value(fields.reserved, reserved, 0);
  if ((code & 0xff) !== code) throw faults.value(fields.code, code, 1);
  if ((messageId & 0xffff) !== messageId) throw faults.value(fields.messageId, messageId, 2);
  if ((sourceId & 0xffff) !== sourceId) throw faults.value(fields.sourceId, sourceId, 4);
  if ((destinationId & 0xffff) !== destinationId) throw faults.value(fields.destinationId, destinationId, 6);
  let size = 8;
  const hasPayload = payloadType === 2 || payloadType === 3;
  if (layout === "B" || hasPayload) size += 2;
  if (hasPayload) {
    if (payload === undefined) throw faults.presence(fields.payload, false, size);
    const length = payload.length;
    if (length > 0xffff) throw faults.value(fields.length, length, 8);
    size += length;
  } else if (payload !== undefined) throw faults.presence(fields.payload, true, size);
  return size;
}

function write(message: LdmpMessage, target: Uint8Array, start: number, layout: Layout): void {
  const { version, type, payloadType, reserved, code, messageId, sourceId, destinationId, payload } = message;
  target[start] = (version << 6) | (type << 4) | (payloadType << 2) | reserved;
  target[start + 1] = code;
  target[start + 2] = messageId >> 8;
  target[start + 3] = messageId;
  target[start + 4] = sourceId >> 8;
  target[start + 5] = sourceId;
  target[start + 6] = destinationId >> 8;
  target[start + 7] = destinationId;
  let at = start + 8;
  const hasPayload = payloadType === 2 || payloadType === 3;
  if (layout === "B" || hasPayload) {
    const length = payload === undefined ? 0 : payload.length;
    target[at] = length >> 8;
    target[at + 1] = length;
    at += 2;
  }
  if (payload !== undefined) target.set(payload, at);
}

export function decode(bytes: Uint8Array, options?: DecodeOptions): LdmpMessage {
  if (options === undefined) return read(bytes, 0, bytes.length, "A", true);
  return read(bytes, 0, bytes.length, options.layout ?? "A", options.trailing !== "ignore");
}

function read(bytes: Uint8Array, start: number, end: number, layout: Layout, exact: boolean): LdmpMessage {
  if (end - start < 8) throw cutOff(bytes, start, end, layout);
  const octet0 = bytes[start] as number;
  const version = octet0 >> 6;
  if (version !== 1) throw faults.value(fields.version, version, 0);
  const type = (octet0 >> 4) & 3;
  if (type === 3) throw faults.value(fields.type, type, 0);
  const payloadType = (octet0 >> 2) & 3;
  if (payloadType === 1) throw faults.value(fields.payloadType, payloadType, 0);
  let at = start + 8;
  let length = 0;
  let payload: Uint8Array | undefined;
  const hasPayload = payloadType === 2 || payloadType === 3;
  if (layout === "B" || hasPayload) {
    if (end - at < 2) throw cutOff(bytes, start, end, layout);
    length = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    if (!(hasPayload || length === 0)) throw faults.value(fields.length, length, at - start);
    at += 2;
  }
  if (hasPayload) {
    if (end - at < length) throw cutOff(bytes, start, end, layout);
    payload = new Uint8Array(bytes.buffer, bytes.byteOffset + at, length);
    at += length;
  }
  if (exact && at !== end) throw faults.trailing(fields.payload, end - at, at - start);
  return {
    version,
    type: type as Type,
    payloadType: payloadType as PayloadType,
    reserved: octet0 & 3,
    code: bytes[start + 1] as number,
    messageId: ((bytes[start + 2] as number) << 8) | (bytes[start + 3] as number),
    sourceId: ((bytes[start + 4] as number) << 8) | (bytes[start + 5] as number),
    destinationId: ((bytes[start + 6] as number) << 8) | (bytes[start + 7] as number),
    payload,
  };
}

export function peekHeader(bytes: Uint8Array): LdmpHeader | undefined {
  if (bytes.length < 8) return undefined;
  const octet0 = bytes[0] as number;
  return {
    version: octet0 >> 6,
    type: ((octet0 >> 4) & 3) as Type,
    payloadType: ((octet0 >> 2) & 3) as PayloadType,
    reserved: octet0 & 3,
    code: bytes[1] as number,
    messageId: ((bytes[2] as number) << 8) | (bytes[3] as number),
    sourceId: ((bytes[4] as number) << 8) | (bytes[5] as number),
    destinationId: ((bytes[6] as number) << 8) | (bytes[7] as number),
  };
}

export function needed(bytes: Uint8Array, start: number, end: number, layout: Layout): number {
  let at = start + 8;
  if (end < at) return 8;
  const octet0 = bytes[start] as number;
  const payloadType = (octet0 >> 2) & 3;
  let length = 0;
  const hasPayload = payloadType === 2 || payloadType === 3;
  if (layout === "B" || hasPayload) {
    if (end < at + 2) return at + 2 - start;
    length = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    at += 2;
  }
  if (hasPayload) at += length;
  return at - start;
}

export function check(bytes: Uint8Array, start: number, end: number, layout: Layout): void {
  if (end - start < 1) return;
  const octet0 = bytes[start] as number;
  const version = octet0 >> 6;
  if (version !== 1) throw faults.value(fields.version, version, 0);
  const type = (octet0 >> 4) & 3;
  if (type === 3) throw faults.value(fields.type, type, 0);
  const payloadType = (octet0 >> 2) & 3;
  if (payloadType === 1) throw faults.value(fields.payloadType, payloadType, 0);
  const hasPayload = payloadType === 2 || payloadType === 3;
  if (end - start < 10 || !(layout === "B" || hasPayload)) return;
  const length = ((bytes[start + 8] as number) << 8) | (bytes[start + 9] as number);
  if (!(hasPayload || length === 0)) throw faults.value(fields.length, length, 8);
}

export function cutOff(bytes: Uint8Array, start: number, end: number, layout: Layout): LdmpError {
  try {
    check(bytes, start, end, layout);
  } catch (error) {
    if (error instanceof LdmpError) return error;
    throw error;
  }
  return faults.truncated(fields.payload, needed(bytes, start, end, layout) - (end - start), end - start);
}
export { read };

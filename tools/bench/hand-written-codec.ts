/**
 * The best we can write by hand for the one message of X.609.8 [8.1], layout A, with every check the generated codec has:
 * what the generated codec is measured against. It gives no reasons, and knows no options.
 */

export interface HandMessage {
  version: number;
  type: number;
  payloadType: number;
  reserved: number;
  code: number;
  messageId: number;
  sourceId: number;
  destinationId: number;
  payload: Uint8Array | undefined;
}

const SLAB = 65_536;
let slab = new Uint8Array(SLAB);
let used = 0;

export function handEncode(message: HandMessage): Uint8Array {
  const { version, type, payloadType, reserved, code, messageId, sourceId, destinationId, payload } = message;
  if (
    version !== 1 ||
    (type !== 0 && type !== 1 && type !== 2) ||
    (payloadType !== 0 && payloadType !== 2 && payloadType !== 3) ||
    (reserved & 3) !== reserved ||
    (code & 0xff) !== code ||
    (messageId & 0xffff) !== messageId ||
    (sourceId & 0xffff) !== sourceId ||
    (destinationId & 0xffff) !== destinationId ||
    (payloadType === 0) !== (payload === undefined)
  ) {
    throw new RangeError("a field is out of range");
  }
  const length = payload === undefined ? 0 : payload.length;
  if (length > 0xffff) throw new RangeError("the payload is too long");
  const size = payload === undefined ? 8 : 10 + length;
  let target: Uint8Array;
  if (size > 4096) {
    target = new Uint8Array(size);
  } else {
    if (used + size > SLAB) {
      slab = new Uint8Array(SLAB);
      used = 0;
    }
    target = new Uint8Array(slab.buffer, used, size);
    used += size;
  }
  target[0] = (version << 6) | (type << 4) | (payloadType << 2) | reserved;
  target[1] = code;
  target[2] = messageId >> 8;
  target[3] = messageId;
  target[4] = sourceId >> 8;
  target[5] = sourceId;
  target[6] = destinationId >> 8;
  target[7] = destinationId;
  if (payload !== undefined) {
    target[8] = length >> 8;
    target[9] = length;
    target.set(payload, 10);
  }
  return target;
}

export function handDecode(bytes: Uint8Array): HandMessage {
  const end = bytes.length;
  if (end < 8) throw new RangeError("truncated");
  const first = bytes[0] as number;
  const type = (first >> 4) & 3;
  const payloadType = (first >> 2) & 3;
  if (first >> 6 !== 1 || type === 3 || payloadType === 1) throw new RangeError("a field is out of range");
  let payload: Uint8Array | undefined;
  if (payloadType === 0) {
    if (end !== 8) throw new RangeError("trailing octets");
  } else {
    if (end < 10) throw new RangeError("truncated");
    const length = ((bytes[8] as number) << 8) | (bytes[9] as number);
    if (end !== 10 + length) throw new RangeError("the length is wrong");
    payload = new Uint8Array(bytes.buffer, bytes.byteOffset + 10, length);
  }
  return {
    version: 1,
    type,
    payloadType,
    reserved: first & 3,
    code: bytes[1] as number,
    messageId: ((bytes[2] as number) << 8) | (bytes[3] as number),
    sourceId: ((bytes[4] as number) << 8) | (bytes[5] as number),
    destinationId: ((bytes[6] as number) << 8) | (bytes[7] as number),
    payload,
  };
}

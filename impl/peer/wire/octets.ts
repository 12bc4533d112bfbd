import { WireError } from "./errors.js";

/** Appends fields, most significant octet first. */
export interface OctetWriter {
  u1(value: number, field: string): void;
  u2(value: number, field: string): void;
  u4(value: number, field: string): void;
  u8(value: number, field: string): void;
  octets(value: Uint8Array, size: number, field: string): void;
  /** UTF-8 behind two octets of length. */
  text(value: string, limit: number, field: string): void;
  done(): Uint8Array;
}

const high = 2 ** 32;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function octetWriter(): OctetWriter {
  let room = Buffer.allocUnsafe(256);
  let at = 0;
  const more = (size: number): number => {
    if (at + size > room.length) {
      const larger = Buffer.allocUnsafe(Math.max(room.length * 2, at + size));
      larger.set(room.subarray(0, at));
      room = larger;
    }
    at += size;
    return at - size;
  };
  const checked = (value: number, limit: number, field: string): number => {
    if (!Number.isInteger(value) || value < 0 || value > limit) {
      throw new WireError("ERR_RANGE", field, `${value} is no integer from 0 to ${limit}`);
    }
    return value;
  };
  return {
    u1: (value, field) => void room.writeUInt8(checked(value, 0xff, field), more(1)),
    u2: (value, field) => void room.writeUInt16BE(checked(value, 0xffff, field), more(2)),
    u4: (value, field) => void room.writeUInt32BE(checked(value, high - 1, field), more(4)),
    u8(value, field) {
      const from = more(8);
      checked(value, Number.MAX_SAFE_INTEGER, field);
      room.writeUInt32BE(Math.floor(value / high), from);
      room.writeUInt32BE(value % high, from + 4);
    },
    octets(value, size, field) {
      if (value.length !== size) throw new WireError("ERR_RANGE", field, `${value.length} octets, not ${size}`);
      const from = more(size);
      room.set(value, from);
    },
    text(value, limit, field) {
      const octets = Buffer.from(value, "utf8");
      if (octets.length > limit) throw new WireError("ERR_RANGE", field, `${octets.length} octets, more than ${limit}`);
      const from = more(2 + octets.length);
      room.writeUInt16BE(octets.length, from);
      room.set(octets, from + 2);
    },
    done: () => room.subarray(0, at),
  };
}

/** Takes fields from octets that are all there. */
export interface OctetReader {
  u1(field: string): number;
  u2(field: string): number;
  u4(field: string): number;
  u8(field: string): number;
  octets(size: number, field: string): Uint8Array;
  text(limit: number, field: string): string;
  rest(): Uint8Array;
  /** @throws WireError ERR_TRAILING where octets are left */
  end(): void;
}

export function octetReader(bytes: Uint8Array, start = 0): OctetReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = start;
  const take = (size: number, field: string): number => {
    if (at + size > bytes.length)
      throw new WireError("ERR_TRUNCATED", field, `${at + size - bytes.length} octets missing`);
    at += size;
    return at - size;
  };
  const octets = (size: number, field: string): Uint8Array => {
    const from = take(size, field);
    return new Uint8Array(bytes.buffer, bytes.byteOffset + from, size);
  };
  const u2 = (field: string): number => view.getUint16(take(2, field));
  return {
    u1: (field) => view.getUint8(take(1, field)),
    u2,
    u4: (field) => view.getUint32(take(4, field)),
    u8(field) {
      const from = take(8, field);
      const value = view.getUint32(from) * high + view.getUint32(from + 4);
      if (!Number.isSafeInteger(value)) throw new WireError("ERR_RANGE", field, "2^53 or more");
      return value;
    },
    octets,
    text(limit, field) {
      const size = u2(field);
      if (size > limit) throw new WireError("ERR_RANGE", field, `${size} octets, more than ${limit}`);
      try {
        return utf8.decode(octets(size, field));
      } catch (error) {
        if (error instanceof WireError) throw error;
        throw new WireError("ERR_TEXT", field, "no UTF-8");
      }
    },
    rest: () => octets(bytes.length - at, ""),
    end() {
      if (at !== bytes.length)
        throw new WireError("ERR_TRAILING", "", `${bytes.length - at} octets behind the message`);
    },
  };
}

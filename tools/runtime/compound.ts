/** What generated codecs of messages of several types are made of. */
import { CodecError, type Faults, type FieldInfo } from "./codec.js";

/** What a codec knows about a number. */
export interface NumberInfo extends FieldInfo {
  /** Bounds of the values allowed, where they are narrower than the field. */
  readonly least?: number;
  readonly most?: number;
  /** The values allowed, where they have gaps. */
  readonly values?: readonly number[];
}

/** Checks of the values of a message; places in the octets are not known yet, and told as 0. */
export interface Checks {
  number(value: number, info: NumberInfo): void;
  /** The number of a name. */
  named(value: string, numbers: Readonly<Record<string, number>>, info: NumberInfo): number;
  flag(value: boolean, info: NumberInfo): void;
  /** How many there are; `size` where that is fixed. */
  octets(value: Uint8Array, info: FieldInfo, size?: number): number;
  /** How many octets of UTF-8. */
  text(value: string, info: FieldInfo): number;
  /** How many items. */
  list(value: readonly unknown[], info: FieldInfo): number;
  struct(value: object, info: FieldInfo): void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Half of a character outside of the basic plane, which has no UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const HIGH = 2 ** 32;

function isAllowed(value: number, { max, least = 0, most = max, values }: NumberInfo): boolean {
  return Number.isInteger(value) && value >= least && value <= most && (values === undefined || values.includes(value));
}

export function createChecks<Failure extends CodecError>(faults: Faults<Failure>): Checks {
  const missing = (info: FieldInfo): Failure => faults.presence(info, false, 0);
  return {
    number(value, info) {
      if (!isAllowed(value, info)) throw faults.value(info, value, 0);
    },
    named(value, numbers, info) {
      const number = Object.hasOwn(numbers, value) ? numbers[value] : undefined;
      if (number === undefined) throw missing(info);
      return number;
    },
    flag(value, info) {
      if (typeof value !== "boolean") throw missing(info);
    },
    octets(value, info, size) {
      if (!ArrayBuffer.isView(value)) throw missing(info);
      if (size !== undefined && value.length !== size) throw faults.size(info, value.length, size, 0);
      return value.length;
    },
    text(value, info) {
      if (typeof value !== "string") throw missing(info);
      if (LONE_SURROGATE.test(value)) throw faults.text(info, 0);
      return encoder.encode(value).length;
    },
    list(value, info) {
      if (!Array.isArray(value)) throw missing(info);
      return value.length;
    },
    struct(value, info) {
      if (typeof value !== "object" || value === null) throw missing(info);
    },
  };
}

/** Each writes at `at` and gives back where the next field is. */
export function put1(target: Uint8Array, at: number, value: number): number {
  target[at] = value;
  return at + 1;
}

export function put2(target: Uint8Array, at: number, value: number): number {
  target[at] = value >>> 8;
  target[at + 1] = value;
  return at + 2;
}

export function put4(target: Uint8Array, at: number, value: number): number {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
  return at + 4;
}

export function put8(target: Uint8Array, at: number, value: number): number {
  return put4(target, put4(target, at, Math.floor(value / HIGH)), value % HIGH);
}

export function putOctets(target: Uint8Array, at: number, value: Uint8Array): number {
  target.set(value, at);
  return at + value.length;
}

/** Octets of UTF-8. */
export function textLength(value: string): number {
  return encoder.encode(value).length;
}

export function putText(target: Uint8Array, at: number, value: string): number {
  return at + encoder.encodeInto(value, target.subarray(at)).written;
}

export function get4(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number, bytes[at + 3] as number];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** Takes fields one after the other; everything it gives has been checked. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #faults: Faults<CodecError>;
  #at: number;
  #end: number;

  constructor(bytes: Uint8Array, start: number, end: number, faults: Faults<CodecError>) {
    this.#bytes = bytes;
    this.#start = start;
    this.#at = start;
    this.#end = end;
    this.#faults = faults;
  }

  /** Octets read so far. */
  get used(): number {
    return this.#at - this.#start;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  /** Lets nothing be read but the next `size` octets. */
  limit(size: number, info: FieldInfo): void {
    if (size > this.left) throw this.#faults.truncated(info, size - this.left, this.used);
    this.#end = this.#at + size;
  }

  #take(size: number, info: FieldInfo): number {
    const at = this.#at;
    if (size > this.left) throw this.#faults.truncated(info, size - this.left, this.used);
    this.#at = at + size;
    return at;
  }

  #allowed(value: number, info: NumberInfo, octets: number): number {
    if (isAllowed(value, info)) return value;
    throw this.#faults.value(info, value, this.used - octets);
  }

  u1(info: NumberInfo): number {
    return this.#allowed(this.#bytes[this.#take(1, info)] as number, info, 1);
  }

  u2(info: NumberInfo): number {
    const at = this.#take(2, info);
    return this.#allowed(((this.#bytes[at] as number) << 8) | (this.#bytes[at + 1] as number), info, 2);
  }

  u4(info: NumberInfo): number {
    return this.#allowed(get4(this.#bytes, this.#take(4, info)), info, 4);
  }

  /** Numbers from 2^53 on are refused: they are no safe integers. */
  u8(info: NumberInfo): number {
    const at = this.#take(8, info);
    return this.#allowed(get4(this.#bytes, at) * HIGH + get4(this.#bytes, at + 4), info, 8);
  }

  /** A view. */
  octets(size: number, info: FieldInfo): Uint8Array {
    if (size < 0) throw this.#faults.size(info, size, 0, this.used);
    const at = this.#take(size, info);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + at, size);
  }

  text(size: number, info: FieldInfo): string {
    const at = this.used;
    try {
      return decoder.decode(this.octets(size, info));
    } catch (error) {
      if (error instanceof CodecError) throw error;
      throw this.#faults.text(info, at);
    }
  }

  /** @throws CodecError ERR_TRAILING where octets are left */
  done(info: FieldInfo): void {
    if (this.left > 0) throw this.#faults.trailing(info, this.left, this.used);
  }
}

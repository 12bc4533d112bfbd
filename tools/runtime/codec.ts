import { Mp2pError, type Mp2pErrorCode } from "./errors.js";

/** What generated codecs know about a field, for their error messages. */
export interface FieldInfo {
  readonly name: string;
  /** Document and clause: `X.609.8 8.1`. */
  readonly clause: string;
  /** Highest value that fits the field; for a payload the most octets. */
  readonly max: number;
  /** Code of the error for a value that fits the field and is not allowed in it. */
  readonly error?: Mp2pErrorCode;
  /** The allowed values, for people: `1`, `0, 2 or 3`. */
  readonly allowed?: string;
  /** A stream cannot go on behind a bad value of this field, because it decides where the message ends. */
  readonly fatal?: boolean;
}

/** A message that cannot be decoded or encoded: what is wrong with which field, and where. */
export class CodecError extends Mp2pError {
  readonly field: string;
  /** Octets from the start of the message. */
  readonly offset: number;
  /** `X.609.8 8.1` */
  readonly clause: string;
  /** False when the message's extent is nevertheless known, so that a stream can go on behind it. */
  readonly fatal: boolean;
  /** Stream decoders: messages that came out of the same chunk before the fault. */
  preceding: readonly unknown[] = [];

  constructor(code: Mp2pErrorCode, field: FieldInfo, what: string, offset: number, fatal = true) {
    super(code, `${field.name}: ${what}, at octet ${offset} [${field.clause}]`);
    this.name = "CodecError";
    this.field = field.name;
    this.offset = offset;
    this.clause = field.clause;
    this.fatal = fatal;
  }
}

type CodecErrorClass<Failure extends CodecError> = new (
  code: Mp2pErrorCode,
  field: FieldInfo,
  what: string,
  offset: number,
  fatal?: boolean,
) => Failure;

/** The errors of one codec, made outside its fast paths. */
export interface Faults<Failure extends CodecError> {
  /** A value that is not allowed, or does not fit its field. */
  value(field: FieldInfo, value: unknown, offset: number): Failure;
  /** The octets end before the field does. `missing` counts the octets known to be missing. */
  truncated(field: FieldInfo, missing: number, offset: number): Failure;
  /** Octets behind the message. */
  trailing(field: FieldInfo, count: number, offset: number): Failure;
  /** A field given that the other fields exclude, or the other way round. */
  presence(field: FieldInfo, given: boolean, offset: number): Failure;
  /** Octets that should be JSON of a certain form, and are not. */
  content(field: FieldInfo, what: string, offset: number): Failure;
  /** Octets of another number than fits the field. */
  size(field: FieldInfo, given: number, wanted: number, offset: number): Failure;
  /** No UTF-8, or text that has none. */
  text(field: FieldInfo, offset: number): Failure;
  /** The target of `encodeInto` is too small. */
  space(field: FieldInfo, needed: number, available: number, offset: number): Failure;
}

export function createFaults<Failure extends CodecError>(Fault: CodecErrorClass<Failure>): Faults<Failure> {
  return {
    value(field, value, offset) {
      const fits = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= field.max;
      if (fits) {
        const what = `${value} is not allowed${field.allowed === undefined ? "" : `, only ${field.allowed}`}`;
        return new Fault(field.error ?? "ERR_RANGE", field, what, offset, field.fatal === true);
      }
      return new Fault("ERR_RANGE", field, `${show(value)} is no integer from 0 to ${field.max}`, offset);
    },
    truncated(field, missing, offset) {
      return new Fault("ERR_TRUNCATED", field, `at least ${octets(missing)} missing`, offset);
    },
    trailing(field, count, offset) {
      return new Fault("ERR_TRAILING", field, `${octets(count)} behind the end of the message`, offset);
    },
    presence(field, given, offset) {
      const what = given
        ? "given, and the other fields exclude it"
        : "missing or no such value, and the other fields require it";
      return new Fault("ERR_PRESENCE", field, what, offset);
    },
    content(field, what, offset) {
      return new Fault("ERR_JSON_SYNTAX", field, what, offset);
    },
    size(field, given, wanted, offset) {
      return new Fault("ERR_RANGE", field, `${octets(given)}, where there are ${wanted}`, offset);
    },
    text(field, offset) {
      return new Fault("ERR_TEXT", field, "no text in UTF-8", offset);
    },
    space(field, needed, available, offset) {
      return new Fault("ERR_SPACE", field, `${octets(needed)} needed, ${available} there`, offset);
    },
  };
}

function octets(count: number): string {
  return count === 1 ? "1 octet" : `${count} octets`;
}

function show(value: unknown): string {
  return typeof value === "number" || typeof value === "bigint" ? String(value) : typeof value;
}

const SLAB_SIZE = 65_536;
const SLAB_SHARE = 4_096;
let slab = new Uint8Array(SLAB_SIZE);
let slabUsed = 0;

/**
 * A fresh view of `size` octets. Small ones share an allocation of 64 KiB, as Node's Buffer pool does, because an
 * allocation per message costs five times the encoding. Never handed out twice; contents are zero.
 */
export function allocate(size: number): Uint8Array {
  if (size > SLAB_SHARE) return new Uint8Array(size);
  if (slabUsed + size > SLAB_SIZE) {
    slab = new Uint8Array(SLAB_SIZE);
    slabUsed = 0;
  }
  const view = new Uint8Array(slab.buffer, slabUsed, size);
  slabUsed += size;
  return view;
}

import type { LdmpError, LdmpMessage } from "../../generated/ldmp/index.js";
import { codeName, PayloadType, peekHeader, Type } from "../../generated/ldmp/index.js";
import { requestType, wantsAnswer } from "./ldmp-dialect.js";
import type { Outcome, Permitted } from "./refuses.js";
import { printable, spaced } from "./transcript.js";

/** What came, or that nothing came: silence is an answer too, and often the right one. */
export interface Answer extends Outcome {
  readonly silent: boolean;
  /** Undefined for silence and for octets without a whole header. Unsound ones are read as far as they go: see `fault`. */
  readonly message: LdmpMessage | undefined;
  readonly octets: Uint8Array;
  /** Why the octets are no sound message, with the octet's offset. */
  readonly fault: LdmpError | undefined;
  /** Milliseconds since the case began. */
  readonly at: number;
  /** Payload as text; undefined without a payload or where it is no UTF-8. */
  readonly text: string | undefined;
}

/** A message of the suite's: everything but the code has a default. */
export interface Fields {
  readonly code: number;
  /** By the code, and by the reading of E-LDMP-01 that the product declares, unless given. */
  readonly type?: number;
  /** Sent as text if it is a string, as binary otherwise. */
  readonly payload?: string | Uint8Array;
  /** The next number of this link unless given. */
  readonly messageId?: number;
  readonly sourceId?: number;
  readonly destinationId?: number;
}

/** The T bits for a message of this code under a reading of E-LDMP-01: `A` (8.1) or `B` (8.2). */
export function typeFor(code: number, reading: "A" | "B"): Type {
  return (code >> 5 !== 0 ? Type.acknowledgement : requestType(wantsAnswer(code) ?? true, reading)) as Type;
}

/** Whether it answers something: by T, or by a class of the Code that no request has. */
export function isReply({ message }: Answer): boolean {
  return message !== undefined && (message.type === Type.acknowledgement || message.code >> 5 !== 0);
}

/** Any octets that have the shape of a message, sound or not: each field goes where it belongs, cut to its width. */
export function craft(fields: {
  version?: number;
  type?: number;
  payloadType?: number;
  reserved?: number;
  code: number;
  messageId: number;
  sourceId: number;
  destinationId: number;
  /** Written as given, whatever the payload's own length; left out if undefined. */
  length?: number;
  payload?: string | Uint8Array;
}): Uint8Array {
  const { version = 1, type = 0, payloadType = 0, reserved = 0, code, length } = fields;
  const header = Buffer.alloc(length === undefined ? 8 : 10);
  header[0] = ((version & 3) << 6) | ((type & 3) << 4) | ((payloadType & 3) << 2) | (reserved & 3);
  header[1] = code;
  header.writeUInt16BE(fields.messageId & 0xffff, 2);
  header.writeUInt16BE(fields.sourceId & 0xffff, 4);
  header.writeUInt16BE(fields.destinationId & 0xffff, 6);
  if (length !== undefined) header.writeUInt16BE(length & 0xffff, 8);
  return new Uint8Array(Buffer.concat([header, toOctets(fields.payload ?? "")]));
}

export function toOctets(payload: string | Uint8Array): Uint8Array {
  return typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
}

/** Permitted answers: codes (`Code.ok`), classes (`"2.xx"`, `"4.xx"`) and `"silence"`. */
export function code(...permitted: readonly (number | "2.xx" | "4.xx" | "silence")[]): Permitted<Answer> {
  return {
    expected: permitted.map((one) =>
      typeof one === "number" ? codeName(one) : one === "silence" ? one : `any ${one}`,
    ),
    test: ({ silent, message }) =>
      permitted.some((one) => {
        if (one === "silence") return silent;
        if (message === undefined) return false;
        return typeof one === "number" ? message.code === one : message.code >> 5 === Number(one[0]);
      }),
  };
}

const TYPES = ["acknowledgement required", "no acknowledgement required", "acknowledgement", "reserved"];
const PAYLOADS = ["none", "reserved", "binary", "text"];

/** One field per line with its octets, as far as there are any. */
export function decoded(octets: Uint8Array): string[] {
  const header = peekHeader(octets);
  if (!header) return [`${octets.length} octets, too few for a header: ${spaced(octets)}`];
  const bits = (value: number) => value.toString(2).padStart(2, "0");
  const lines = [
    `0    V=${header.version}  T=${bits(header.type)} ${TYPES[header.type]}  P=${bits(header.payloadType)} ${PAYLOADS[header.payloadType]}  R=${header.reserved}`,
    `1    Code ${codeName(header.code)}`,
    `2-3  Message ID ${header.messageId}`,
    `4-5  Source ID ${header.sourceId}`,
    `6-7  Destination ID ${header.destinationId}`,
  ];
  const rest = octets.subarray(8);
  if (rest.length === 0) return lines;
  if (header.payloadType !== PayloadType.binary && header.payloadType !== PayloadType.text) {
    return [...lines, `8-   ${rest.length} octets that the header does not announce: ${spaced(rest.subarray(0, 64))}`];
  }
  if (rest.length < 2) return [...lines, `8    half a Length: ${spaced(rest)}`];
  const payload = rest.subarray(2);
  const text = printable(payload);
  lines.push(`8-9  Length ${Buffer.from(rest).readUInt16BE(0)} (${payload.length} octets follow)`);
  if (payload.length > 0) {
    lines.push(`10-  Payload ${text === undefined ? spaced(payload.subarray(0, 256)) : JSON.stringify(text)}`);
  }
  return lines;
}

/** `2.05 Content, Message ID 17, "21.5"` */
export function brief(message: LdmpMessage): string {
  const text = message.payload && printable(message.payload);
  const payload = message.payload
    ? `, ${text === undefined ? `${message.payload.length} octets` : JSON.stringify(text)}`
    : "";
  const type = message.type === Type.acknowledgement ? "" : ` (T=${message.type.toString(2).padStart(2, "0")})`;
  return `${codeName(message.code)}${type}, Message ID ${message.messageId}${payload}`;
}

export const Type = {
  acknowledgementRequired: 0,
  acknowledgementNotRequired: 1,
  acknowledgement: 2,
  reserved: 3,
} as const;
export type Type = (typeof Type)[keyof typeof Type];
export const PayloadType = { none: 0, reserved: 1, binary: 2, text: 3 } as const;
export type PayloadType = (typeof PayloadType)[keyof typeof PayloadType];
export const CodeClass = { request: 0, success: 2, error: 4 } as const;
export type CodeClass = (typeof CodeClass)[keyof typeof CodeClass];
export const Code = {
  get: 0x01,
  post: 0x02,
  put: 0x03,
  registration: 0x05,
  release: 0x06,
  heartbeat: 0x07,
  reset: 0x08,
  ok: 0x40,
  changed: 0x44,
  content: 0x45,
  badRequest: 0x80,
  unauthorized: 0x81,
  forbidden: 0x83,
  notFound: 0x84,
  methodNotAllowed: 0x85,
  notAcceptable: 0x86,
  unsupportedContentFormat: 0x8f,
} as const;
/** A listed value of Code. */
export type KnownCode = (typeof Code)[keyof typeof Code];
/** Any value the field can hold: the listed ones, by name, and the others. */
export type Code = KnownCode | (number & {});
export type Layout = "A" | "B";
export interface LdmpMessage {
  version: number;
  type: Type;
  payloadType: PayloadType;
  reserved: number;
  code: Code;
  messageId: number;
  sourceId: number;
  destinationId: number;
  payload: Uint8Array | undefined;
}
export interface LdmpHeader {
  version: number;
  type: Type;
  payloadType: PayloadType;
  reserved: number;
  code: Code;
  messageId: number;
  sourceId: number;
  destinationId: number;
}

const codeNames: Readonly<Record<number, string>> = {
  1: "0.01 GET",
  2: "0.02 POST",
  3: "0.03 PUT",
  5: "0.05 Registration",
  6: "0.06 Release",
  7: "0.07 Heartbeat",
  8: "0.08 RESET",
  64: "2.00 OK",
  68: "2.04 Changed",
  69: "2.05 Content",
  128: "4.00 Bad Request",
  129: "4.01 Unauthorized",
  131: "4.03 Forbidden",
  132: "4.04 Not Found",
  133: "4.05 Method Not Allowed",
  134: "4.06 Not Acceptable",
  143: "4.15 Unsupported Content-Format",
};
export function codeName(code: number): string {
  return codeNames[code] ?? `${codeClass(code)}.${String(codeDetail(code)).padStart(2, "0")}`;
}
export function isKnownCode(code: number): code is KnownCode {
  return codeNames[code] !== undefined;
}
export function codeClass(code: number): number {
  return code >> 5;
}
export function codeDetail(code: number): number {
  return code & 0x1f;
}

import { Code, decode, type LdmpHeader, type LdmpMessage, peekHeader, Type } from "../../generated/ldmp/index.js";
import type { Readings } from "./readings.js";

/** What a datagram held. */
export type Reception =
  | { readonly message: LdmpMessage /** Octets beyond the message, ignored (E-LDMP-04). */; readonly trailing: number }
  | {
      readonly message: undefined;
      /** The header, when it at least can be trusted: what a refusal is addressed with. */
      readonly header: LdmpHeader | undefined;
    };

const headerSize = 8;
/** The P field, in the first octet. */
const payloadTypeBits = 0x0c;

/** Reads one datagram. Both layouts are understood, whichever is configured: the size of a datagram tells them apart. */
export function receiveDatagram(bytes: Uint8Array, readings: Readings): Reception {
  const withoutPayload = bytes.length > 0 && ((bytes[0] as number) & payloadTypeBits) === 0;
  // E-LDMP-02: without payload, eight octets are layout A and ten that end in a Length of zero are layout B.
  const layout = bytes.length === headerSize ? "A" : readings.layout;
  try {
    const message = decode(bytes, { layout, trailing: "ignore" });
    const { payload } = message;
    const length = payload !== undefined ? headerSize + 2 + payload.length : headerSize;
    const trailing = bytes.length - length;
    const lengthOfB = withoutPayload && (layout === "B" || (trailing === 2 && bytes[8] === 0 && bytes[9] === 0));
    return { message, trailing: lengthOfB ? trailing - 2 : trailing };
  } catch {
    return { message: undefined, header: readHeader(bytes) };
  }
}

/** The header of a datagram whose rest is malformed; undefined when its version or type are not to be understood either. */
function readHeader(bytes: Uint8Array): LdmpHeader | undefined {
  const header = peekHeader(bytes);
  return header === undefined || header.version !== 1 || header.type === Type.reserved ? undefined : header;
}

/** The operations of Table 1 that are answered whatever T says (E-LDMP-01): POST and RESET are not among them. */
export function isAnswered(code: number): boolean {
  return (
    code === Code.registration ||
    code === Code.release ||
    code === Code.heartbeat ||
    code === Code.get ||
    code === Code.put
  );
}

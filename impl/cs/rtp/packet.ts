/** What is used of an RTP packet [RFC 3550 5.1]. */
export interface RtpPacket {
  readonly payloadType: number;
  /** 16 bits. */
  readonly sequence: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const headerOctets = 12;

/** The packet in a datagram; undefined where it is none. The payload is a view. */
export function decodeRtp(datagram: Uint8Array): RtpPacket | undefined {
  if (datagram.length < headerOctets) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  const first = view.getUint8(0);
  if (first >> 6 !== 2) return undefined;
  let start = headerOctets + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (start + 4 > datagram.length) return undefined;
    start += 4 + 4 * view.getUint16(start + 2);
  }
  let end = datagram.length;
  if ((first & 0x20) !== 0) {
    const padding = view.getUint8(end - 1);
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (start > end) return undefined;
  return {
    payloadType: view.getUint8(1) & 0x7f,
    sequence: view.getUint16(2),
    ssrc: view.getUint32(8),
    payload: datagram.subarray(start, end),
  };
}

/** Static payload type of MPEG-TS [RFC 3551 6]. */
export const mpegTs = 33;
/** Octets of a packet of MPEG-TS, and the one that each begins with. */
export const tsPacket = 188;
const tsSync = 0x47;

/** Whether the payload is whole packets of MPEG-TS [RFC 2250 2]. */
export function isMpegTs(payload: Uint8Array): boolean {
  if (payload.length === 0 || payload.length % tsPacket !== 0) return false;
  for (let at = 0; at < payload.length; at += tsPacket) if (payload[at] !== tsSync) return false;
  return true;
}

/** Raw IP, version 4 or 6 by its first octet. */
const LINKTYPE_RAW = 101;
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const COMMENT = 1;
const USER_APPLICATION = 4;
const LONGEST_TEXT = 4_000;

/** The blocks before the first packet: one section, one interface with a resolution of a microsecond. */
export function beginning(application: string): Buffer {
  const section = Buffer.alloc(16);
  section.writeUInt32LE(0x1a2b3c4d, 0);
  section.writeUInt16LE(1, 4);
  // The length of the section is not told.
  section.fill(0xff, 8);
  const link = Buffer.alloc(8);
  link.writeUInt16LE(LINKTYPE_RAW, 0);
  return Buffer.concat([
    block(SECTION_HEADER, Buffer.concat([section, options([[USER_APPLICATION, application]])])),
    block(INTERFACE, link),
  ]);
}

/** One packet. `micros` counts from 1970. */
export function packetBlock(micros: bigint, octets: Uint8Array, comments: readonly string[]): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(Number(micros >> 32n), 4);
  head.writeUInt32LE(Number(micros & 0xffff_ffffn), 8);
  head.writeUInt32LE(octets.length, 12);
  head.writeUInt32LE(octets.length, 16);
  return block(
    ENHANCED_PACKET,
    Buffer.concat([head, padded(octets), options(comments.map((text) => [COMMENT, text] as const))]),
  );
}

function block(type: number, body: Buffer): Buffer {
  const length = body.length + 12;
  const whole = Buffer.alloc(length);
  whole.writeUInt32LE(type, 0);
  whole.writeUInt32LE(length, 4);
  body.copy(whole, 8);
  whole.writeUInt32LE(length, length - 4);
  return whole;
}

function options(given: readonly (readonly [code: number, text: string])[]): Buffer {
  if (given.length === 0) return Buffer.alloc(0);
  const parts = given.map(([code, text]) => {
    // An option holds 65,535 octets; nobody reads that many.
    const value = Buffer.from(text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, padded(value)]);
  });
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

function padded(octets: Uint8Array): Buffer {
  return Buffer.concat([octets, Buffer.alloc((4 - (octets.length % 4)) % 4)]);
}

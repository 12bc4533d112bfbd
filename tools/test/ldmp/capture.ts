/** A capture file of raw IPv4 packets, written octet by octet, so that tests need no network and no privileges. */

export interface Packet {
  readonly protocol: "udp" | "tcp";
  readonly from: number;
  readonly to: number;
  readonly payload: Uint8Array;
}

const RAW_IPV4 = 228;

/** The packets one after the other, from 127.0.0.1 to 127.0.0.1; TCP segments of one port pair follow on one another. */
export function capture(packets: readonly Packet[]): Uint8Array {
  const sequences = new Map<string, number>();
  const frames = packets.map((packet, i) => {
    const flow = `${packet.from}-${packet.to}`;
    const sequence = sequences.get(flow) ?? 1;
    sequences.set(flow, sequence + packet.payload.length);
    const segment = packet.protocol === "udp" ? udp(packet) : tcp(packet, sequence);
    const frame = ipv4(packet.protocol === "udp" ? 17 : 6, segment);
    const head = Buffer.alloc(16);
    head.writeUInt32LE(1_700_000_000 + i, 0);
    head.writeUInt32LE(frame.length, 8);
    head.writeUInt32LE(frame.length, 12);
    return Buffer.concat([head, frame]);
  });
  const file = Buffer.alloc(24);
  file.writeUInt32LE(0xa1b2c3d4, 0);
  file.writeUInt16LE(2, 4);
  file.writeUInt16LE(4, 6);
  file.writeUInt32LE(65_535, 16);
  file.writeUInt32LE(RAW_IPV4, 20);
  return Buffer.concat([file, ...frames]);
}

function udp({ from, to, payload }: Packet): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(from, 0);
  head.writeUInt16BE(to, 2);
  head.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([head, payload]);
}

function tcp({ from, to, payload }: Packet, sequence: number): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(from, 0);
  head.writeUInt16BE(to, 2);
  head.writeUInt32BE(sequence, 4);
  head.writeUInt32BE(1, 8);
  head[12] = 0x50;
  head[13] = 0x18;
  head.writeUInt16BE(65_535, 14);
  return Buffer.concat([head, payload]);
}

function ipv4(protocol: number, segment: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head[0] = 0x45;
  head.writeUInt16BE(20 + segment.length, 2);
  head[8] = 64;
  head[9] = protocol;
  head.set([127, 0, 0, 1], 12);
  head.set([127, 0, 0, 1], 16);
  return Buffer.concat([head, segment]);
}

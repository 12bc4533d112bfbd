/** What a capture holds, read without any of the code that wrote it. */
export interface Captured {
  /** Microseconds since 1970. */
  readonly micros: bigint;
  readonly comments: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly protocol: "tcp" | "udp";
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

/** Reads the blocks of a capture; throws where one is not as the format has it, or where a checksum is wrong. */
export function parsePcapng(file: Buffer): Captured[] {
  const packets: Captured[] = [];
  const types: number[] = [];
  for (let at = 0; at < file.length; ) {
    const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
    if (length % 4 !== 0 || length < 12 || at + length > file.length) throw new Error(`block of ${length} at ${at}`);
    if (file.readUInt32LE(at + length - 4) !== length) throw new Error(`lengths of the block at ${at} differ`);
    types.push(type);
    if (type === 6) packets.push(parsePacket(file.subarray(at + 8, at + length - 4)));
    at += length;
  }
  if (types[0] !== 0x0a0d0d0a || types[1] !== 1 || types.slice(2).some((type) => type !== 6)) throw new Error("order");
  return packets;
}

function parsePacket(block: Buffer): Captured {
  const micros = (BigInt(block.readUInt32LE(4)) << 32n) | BigInt(block.readUInt32LE(8));
  const size = block.readUInt32LE(12);
  const comments: string[] = [];
  for (let at = 20 + Math.ceil(size / 4) * 4; at < block.length; ) {
    const [code, length] = [block.readUInt16LE(at), block.readUInt16LE(at + 2)];
    if (code === 0) break;
    if (code === 1) comments.push(block.subarray(at + 4, at + 4 + length).toString());
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { micros, comments, ...parseIp(block.subarray(20, 20 + size)) };
}

function parseIp(packet: Buffer) {
  const six = packet.readUInt8(0) >> 4 === 6;
  const header = six ? 40 : 20;
  if (!six && sum(packet.subarray(0, 20)) !== 0xffff) throw new Error("IP checksum");
  const [source, destination] = six
    ? [packet.subarray(8, 24), packet.subarray(24, 40)]
    : [packet.subarray(12, 16), packet.subarray(16, 20)];
  const protocol = packet.readUInt8(six ? 6 : 9);
  const rest = packet.subarray(header);
  const length = six ? packet.readUInt16BE(4) : packet.readUInt16BE(2) - 20;
  if (length !== rest.length) throw new Error(`IP length ${length} of ${rest.length}`);
  const pseudo = Buffer.concat([source, destination, Buffer.from([0, protocol, rest.length >> 8, rest.length & 0xff])]);
  if (sum(Buffer.concat([pseudo, rest])) !== 0xffff) throw new Error("checksum of the segment");
  const tcp = protocol === 6;
  return {
    from: `${source.join(".")} ${rest.readUInt16BE(0)}`,
    to: `${destination.join(".")} ${rest.readUInt16BE(2)}`,
    protocol: tcp ? ("tcp" as const) : ("udp" as const),
    flags: tcp ? rest.readUInt8(13) : 0,
    sequence: tcp ? rest.readUInt32BE(4) : 0,
    payload: Buffer.from(rest.subarray(tcp ? (rest.readUInt8(12) >> 4) * 4 : 8)),
  };
}

function sum(octets: Buffer): number {
  let total = 0;
  for (let at = 0; at < octets.length; at += 2) total += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

import { isIPv4, isIPv6 } from "node:net";
import type { Endpoint } from "../engine/world/wire.js";

const UDP = 17;
const TCP = 6;
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const PSH = 0x08;
const ACK = 0x10;
/** What fits an Ethernet frame. */
const SEGMENT = { 4: 1460, 6: 1440 } as const;

/** A datagram in its UDP and IP headers. */
export function udpPacket(from: Endpoint, to: Endpoint, payload: Uint8Array): Buffer {
  const [source, destination] = addresses(from.host, to.host);
  const datagram = Buffer.alloc(8 + payload.length);
  datagram.writeUInt16BE(from.port, 0);
  datagram.writeUInt16BE(to.port, 2);
  datagram.writeUInt16BE(datagram.length, 4);
  datagram.set(payload, 8);
  // Zero would say that there is no checksum.
  datagram.writeUInt16BE(checksum(pseudoHeader(source, destination, UDP, datagram.length), datagram) || 0xffff, 6);
  return ip(source, destination, UDP, datagram);
}

/** One TCP connection as it would have looked on the network; `client` is the end that opened it. */
export class TcpConnection {
  readonly #ends: readonly [Endpoint, Endpoint];
  readonly #addresses: readonly [Buffer, Buffer];
  /** Next sequence number of each end. */
  readonly #next: [number, number];
  #finished = false;

  /** `number` tells it from another one between the same ports. */
  constructor(client: Endpoint, server: Endpoint, number: number) {
    this.#ends = [client, server];
    const [a, b] = addresses(client.host, server.host);
    this.#addresses = [a, b];
    const first = (number * 0x9e3779b1) % 0x1_0000_0000;
    this.#next = [first, first ^ 0x5555];
  }

  /** The handshake. */
  open(): Buffer[] {
    const mss = Buffer.from([2, 4, 0, 0]);
    mss.writeUInt16BE(this.#segment, 2);
    return [this.#packet(0, SYN, mss), this.#packet(1, SYN | ACK, mss), this.#packet(0, ACK)];
  }

  /** Octets from the client (0) or the server (1), in segments. */
  send(from: 0 | 1, octets: Uint8Array): Buffer[] {
    const packets: Buffer[] = [];
    for (let at = 0; at < octets.length; at += this.#segment) {
      const last = at + this.#segment >= octets.length;
      packets.push(this.#packet(from, last ? PSH | ACK : ACK, undefined, octets.subarray(at, at + this.#segment)));
    }
    return packets;
  }

  /** The end, which this side begins; nothing where it has ended already. */
  close(by: 0 | 1): Buffer[] {
    if (this.#finished) return [];
    this.#finished = true;
    const other = by === 0 ? 1 : 0;
    return [this.#packet(by, FIN | ACK), this.#packet(other, FIN | ACK), this.#packet(by, ACK)];
  }

  /** The end by a reset from this side. */
  reset(by: 0 | 1): Buffer[] {
    if (this.#finished) return [];
    this.#finished = true;
    return [this.#packet(by, RST | ACK)];
  }

  get #segment(): number {
    return SEGMENT[this.#addresses[0].length === 4 ? 4 : 6];
  }

  #packet(from: 0 | 1, flags: number, options = Buffer.alloc(0), payload: Uint8Array = Buffer.alloc(0)): Buffer {
    const to = from === 0 ? 1 : 0;
    const segment = Buffer.alloc(20 + options.length + payload.length);
    segment.writeUInt16BE(this.#ends[from].port, 0);
    segment.writeUInt16BE(this.#ends[to].port, 2);
    segment.writeUInt32BE(this.#next[from] >>> 0, 4);
    if (flags & ACK) segment.writeUInt32BE(this.#next[to] >>> 0, 8);
    segment[12] = ((20 + options.length) / 4) << 4;
    segment[13] = flags;
    segment.writeUInt16BE(0xffff, 14);
    segment.set(options, 20);
    segment.set(payload, 20 + options.length);
    const [source, destination] = [this.#addresses[from], this.#addresses[to]];
    segment.writeUInt16BE(checksum(pseudoHeader(source, destination, TCP, segment.length), segment), 16);
    this.#next[from] += payload.length + (flags & (SYN | FIN) ? 1 : 0);
    return ip(source, destination, TCP, segment);
  }
}

function ip(source: Buffer, destination: Buffer, protocol: number, payload: Buffer): Buffer {
  if (source.length === 16) {
    const header = Buffer.alloc(8);
    header[0] = 0x60;
    header.writeUInt16BE(payload.length, 4);
    header[6] = protocol;
    header[7] = 64;
    return Buffer.concat([header, source, destination, payload]);
  }
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + payload.length, 2);
  // Not to be fragmented, and so without an identification.
  header.writeUInt16BE(0x4000, 6);
  header[8] = 64;
  header[9] = protocol;
  source.copy(header, 12);
  destination.copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

function pseudoHeader(source: Buffer, destination: Buffer, protocol: number, length: number): Buffer {
  const rest = Buffer.alloc(source.length === 4 ? 4 : 8);
  if (source.length === 4) {
    rest[1] = protocol;
    rest.writeUInt16BE(length, 2);
  } else {
    rest.writeUInt32BE(length, 0);
    rest[7] = protocol;
  }
  return Buffer.concat([source, destination, rest]);
}

/** The one's complement of the one's complement sum of all 16-bit words. */
function checksum(...parts: readonly Buffer[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] ?? 0) << 8) | (part[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** Both addresses in octets, and in one family. */
function addresses(a: string, b: string): [Buffer, Buffer] {
  const [first, second] = [octetsOf(a), octetsOf(b)];
  if (first.length === second.length) return [first, second];
  return [mapped(first), mapped(second)];
}

function mapped(address: Buffer): Buffer {
  return address.length === 16 ? address : Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), address]);
}

function octetsOf(host: string): Buffer {
  const plain = host.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (isIPv4(plain)) return Buffer.from(plain.split(".").map(Number));
  if (!isIPv6(plain)) return Buffer.from([127, 0, 0, 1]);
  const [head = "", tail] = plain.split("::");
  const words = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((word) => Number.parseInt(word, 16));
  const [before, after] = [words(head), words(tail ?? "")];
  const zeros = tail === undefined ? [] : new Array<number>(8 - before.length - after.length).fill(0);
  return Buffer.from([...before, ...zeros, ...after].flatMap((word) => [word >> 8, word & 0xff]));
}

import { createSocket, type RemoteInfo } from "node:dgram";
import { lookup as dnsLookup, type LookupOneOptions } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Logger } from "./logger.js";
import { silentLogger } from "./logger.js";

export interface UdpOptions {
  /** Address or name to bind to; default 127.0.0.1. Its family is the socket's. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** The datagram's octets are the receiver's to keep. */
  onDatagram(bytes: Uint8Array, from: RemoteInfo): void;
  logger?: Logger;
  /** Octets of receive buffer asked of the system, which may grant less. Default 4 MiB: a burst of 4,000 small datagrams. */
  receiveBuffer?: number;
}

export interface UdpPort {
  readonly address: string;
  readonly port: number;
  send(bytes: Uint8Array, to: { readonly address: string; readonly port: number }): void;
  /** Resolves when the datagrams under way are with the system and the socket is closed. */
  close(): Promise<void>;
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string, family: number) => void;

/** Spares literal addresses the trip through the resolver, which costs a fifth of an exchange. */
function bypass(hostname: string, options: LookupOneOptions, callback: LookupCallback): void {
  const family = isIP(hostname);
  if (family !== 0) callback(null, hostname, family);
  else dnsLookup(hostname, options, callback);
}

/** Opens a UDP socket. Rejects with the system's error (`EADDRINUSE`, `EACCES`, `ENOTFOUND`…) when it cannot. */
export async function openUdp(options: UdpOptions): Promise<UdpPort> {
  const { host = "127.0.0.1", port = 0, logger = silentLogger, receiveBuffer = 4 * 1024 * 1024 } = options;
  const local = isIP(host) === 0 ? (await lookup(host, { verbatim: false })).address : host;
  const socket = createSocket({
    type: isIP(local) === 6 ? "udp6" : "udp4",
    lookup: bypass,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: local, port, exclusive: true }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
  grow(socket, receiveBuffer, logger);

  socket.on("error", (error) => logger.debug({ err: error }, "datagram not sent"));
  socket.on("message", options.onDatagram);

  const bound = socket.address();
  let closing: Promise<void> | undefined;
  return {
    address: bound.address,
    port: bound.port,
    send(bytes, to) {
      if (closing === undefined) socket.send(bytes, to.port, to.address);
    },
    close() {
      closing ??= new Promise((resolve) => {
        // What was sent in this turn of the event loop is handed to the system in the next.
        setImmediate(() => socket.close(() => resolve()));
      });
      return closing;
    },
  };
}

/** Asks for the buffer, then for less: some systems refuse what exceeds their limit instead of granting the limit. */
function grow(socket: ReturnType<typeof createSocket>, wanted: number, logger: Logger): void {
  for (let size = wanted; size >= 65_536; size = Math.floor(size / 2)) {
    try {
      socket.setRecvBufferSize(size);
      break;
    } catch {
      // Tried again with half.
    }
  }
  const granted = socket.getRecvBufferSize();
  if (granted < wanted) {
    logger.warn({ wanted, granted }, "the system limits the UDP receive buffer: bursts may lose datagrams");
  }
}

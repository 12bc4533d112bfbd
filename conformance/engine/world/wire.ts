import type { Socket } from "node:net";

/** What passed through one TCP connection of the suite's, with the times, in ms since the run began. Under TLS: what was inside. */
export interface Wire {
  /** The suite's own end; absent where no connection came about. */
  readonly local?: Endpoint;
  readonly remote?: Endpoint;
  readonly chunks: readonly Chunk[];
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

interface Chunk {
  readonly at: number;
  readonly sent: boolean;
  readonly octets: Uint8Array;
}

/** Copies what passes through a socket: a log shows octets, not what a library made of them. */
export function tap(socket: Socket, clock: () => number): Wire {
  const chunks: Chunk[] = [];
  const wire: { -readonly [Name in keyof Wire]: Wire[Name] } = { chunks };
  const ends = (): void => {
    wire.local = { host: socket.localAddress ?? "", port: socket.localPort ?? 0 };
    wire.remote = { host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
  };
  if (socket.connecting) socket.once("connect", ends);
  else ends();
  const write = socket.write.bind(socket) as (...parts: unknown[]) => boolean;
  socket.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const octets =
      typeof chunk === "string" ? Buffer.from(chunk, rest[0] === "latin1" ? "latin1" : "utf8") : Buffer.from(chunk);
    chunks.push({ at: clock(), sent: true, octets });
    return write(chunk, ...rest);
  }) as typeof socket.write;
  socket.on("data", (chunk: Buffer) => chunks.push({ at: clock(), sent: false, octets: Buffer.from(chunk) }));
  return wire;
}

/** Everything that went one way, in one piece. */
export function octetsOn({ chunks }: Wire, sent: boolean): Buffer {
  return Buffer.concat(chunks.filter((chunk) => chunk.sent === sent).map(({ octets }) => octets));
}

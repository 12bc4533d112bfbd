import type { LdmpMessage } from "../../generated/ldmp/index.js";
import { createDecoder, decode, encode, LdmpError, peekHeader } from "../../generated/ldmp/index.js";
import type { Dialect } from "./ldmp-dialect.js";
import { layoutShown } from "./ldmp-dialect.js";
import { NoAnswer } from "./outcome.js";
import type { SocketEvent, SocketOrder } from "./world/sockets.js";
import { tcpSocket, udpSocket } from "./world/sockets.js";
import type { Lost, Source, World } from "./world.js";

/** One message that arrived, or octets that are none. */
export interface Arrival {
  readonly octets: Uint8Array;
  /** Read as far as there is a header, so that one wrong field does not hide the rest; undefined without a header. */
  readonly message: LdmpMessage | undefined;
  /** Why the octets are no sound message. */
  readonly fault: LdmpError | undefined;
}

/** A way to one counterpart, over datagrams or a stream. */
export interface Channel {
  /** `udp` or `tcp`, address and port of the counterpart. */
  readonly protocol: "udp" | "tcp";
  readonly host: string;
  readonly port: number;
  send(octets: Uint8Array): void;
  close(): Promise<void>;
}

export interface ChannelEvents {
  onArrival(arrival: Arrival): void;
  /** The counterpart, or the network, ended it (TCP), or there is nobody (UDP, ICMP). */
  onEnd(reason: string): void;
}

export type Layout = "A" | "B";

/** Opens a socket of its own towards `udp://host:port` or `tcp://host:port`. */
export function openChannel(world: World, url: string, dialect: Dialect, events: ChannelEvents): Promise<Channel> {
  const { protocol, host, port } = addressOf(url);
  return new Promise((resolve, reject) => {
    let channel: Opening | undefined;
    const source: Source<SocketOrder> = world.open(
      protocol === "udp" ? udpSocket : tcpSocket,
      { host, port },
      (event: SocketEvent | Lost) => {
        if (channel) return channel.hear(event);
        if (event.type === "open") {
          channel =
            protocol === "udp"
              ? overDatagrams(source, host, port, dialect, events)
              : overStream(source, host, port, dialect, events);
          return resolve(channel);
        }
        const why = event.type === "failed" ? event.message : event.type === "lost" ? event.reason : "closed at once";
        reject(new NoAnswer("unreachable", `cannot reach ${host}:${port}: ${why}`));
      },
    );
  });
}

/** A channel, and what tells it what happened to its socket. */
interface Opening extends Channel {
  hear(event: SocketEvent | Lost): void;
}

export function addressOf(url: string): { protocol: "udp" | "tcp"; host: string; port: number } {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "udp:" && protocol !== "tcp:")
    throw new TypeError(`${url}: write udp://HOST:PORT or tcp://HOST:PORT`);
  if (port === "") throw new TypeError(`${url}: the port is missing`);
  return { protocol: protocol === "udp:" ? "udp" : "tcp", host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function overDatagrams(
  source: Source<SocketOrder>,
  host: string,
  port: number,
  dialect: Dialect,
  events: ChannelEvents,
): Opening {
  let closed = (): void => {};
  return {
    protocol: "udp",
    host,
    port,
    send: (octets) => source.order({ type: "send", octets }),
    close: () =>
      new Promise((done) => {
        closed = done;
        source.order({ type: "close" });
      }),
    hear: (event) => {
      if (event.type === "arrived") events.onArrival(readDatagram(event.octets, dialect));
      else if (event.type === "failed") events.onEnd(event.message);
      else closed();
    },
  };
}

export function readDatagram(octets: Uint8Array, dialect: Dialect): Arrival {
  const shown = dialect.layout === undefined ? layoutShown(octets) : undefined;
  if (shown !== undefined) {
    dialect.layout = shown;
    dialect.layoutFrom = `shown by a message of ${octets.length} octets without payload`;
  }
  try {
    return { octets, message: decode(octets, { layout: dialect.layout ?? "A" }), fault: undefined };
  } catch (error) {
    if (error instanceof LdmpError) return { octets, message: readAnyway(octets), fault: error };
    throw error;
  }
}

/** The fields of an unsound message, as far as they are there. */
function readAnyway(octets: Uint8Array): LdmpMessage | undefined {
  const header = peekHeader(octets);
  if (!header) return undefined;
  const holds = (header.payloadType & 2) !== 0 && octets.length >= 10;
  const length = holds ? Buffer.from(octets).readUInt16BE(8) : 0;
  return { ...header, payload: holds ? octets.subarray(10, 10 + length) : undefined } as LdmpMessage;
}

/** A channel over a connection that is already there; `source` takes its orders, and it hears what happens to the connection. */
export function overStream(
  source: Source<SocketOrder>,
  host: string,
  port: number,
  dialect: Dialect,
  events: ChannelEvents,
): Opening {
  const read = streamReader(dialect.layout ?? "A", events);
  let ended = false;
  let gone = false;
  let closed = (): void => {};
  const end = (reason: string): void => {
    if (!ended) events.onEnd(reason);
    ended = true;
  };
  return {
    protocol: "tcp",
    host,
    port,
    send: (octets) => source.order({ type: "send", octets }),
    close: () =>
      new Promise((done) => {
        ended = true;
        if (gone) return done();
        closed = done;
        source.order({ type: "close" });
      }),
    hear: (event) => {
      if (event.type === "arrived") return read(event.octets);
      if (event.type === "failed") return end(event.message);
      gone = true;
      end(event.type === "lost" ? event.reason : "the connection was closed");
      closed();
    },
  };
}

/** Cuts a stream into messages; what cannot be cut is handed over as it came. */
function streamReader(layout: Layout, events: ChannelEvents): (chunk: Uint8Array) => void {
  const decoder = createDecoder({
    layout,
    onInvalid: (fault, octets) => {
      const copy = new Uint8Array(octets);
      events.onArrival({ octets: copy, message: readAnyway(copy), fault });
    },
  });
  let lost = false;
  // A message that decoded has exactly the octets that it encodes to.
  const arrive = (message: LdmpMessage): void => {
    const octets = encode(message, { layout });
    events.onArrival({ octets, message: decode(octets, { layout }), fault: undefined });
  };
  return (chunk) => {
    if (lost) return events.onArrival({ octets: chunk, message: undefined, fault: undefined });
    try {
      for (const message of decoder.push(chunk)) arrive(message);
    } catch (error) {
      if (!(error instanceof LdmpError)) throw error;
      for (const message of error.preceding as readonly LdmpMessage[]) arrive(message);
      lost = true;
      events.onArrival({ octets: chunk, message: undefined, fault: error });
    }
  };
}

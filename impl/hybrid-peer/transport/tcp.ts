import { advertisedAddress, parseAddress } from "../../net/address.js";
import { type Logger, silentLogger } from "../../net/logger.js";
import { type Connection, connectTcp, listenTcp } from "../../net/tcp.js";
import { TransportError } from "../../net/transport-errors.js";
import type { PeerContact } from "../core/message.js";
import type { WireProfile } from "../wire/profile.js";
import { firstMessage } from "./base-link.js";
import { TcpLink } from "./tcp-link.js";
import {
  type ConnectOptions,
  defaultTransportLimits,
  type LinkHandler,
  type OnLink,
  type Transport,
  type TransportLimits,
  type TransportLink,
} from "./transport.js";

/** PEM. */
type Pem = string | Uint8Array;

export interface TcpTransportOptions {
  /** Default 127.0.0.1. `::` takes IPv4 too, where the system does. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** The port speaks TLS, and the address is `tls://…`. */
  readonly tls?: { readonly cert: Pem; readonly key: Pem };
  /** For connections to `tls://` addresses: the authorities that vouch for other peers, where the system's do not. */
  readonly connectTls?: { readonly ca: Pem };
  /** What others are told instead of where the socket listens: a host, `host:port`, or a whole address. */
  readonly advertise?: string;
  readonly limits?: Partial<TransportLimits>;
  /** The only spelling taken on links that others open. Default: whichever their first frame shows. */
  readonly profile?: WireProfile;
  readonly onLink: OnLink;
  readonly logger?: Logger;
}

/**
 * Links over TCP, IPv4 and IPv6, with or without TLS.
 * @throws TransportError ERR_ADDRESS for `advertise`; else the system's error where it cannot listen
 */
export async function listenTcpTransport(options: TcpTransportOptions): Promise<Transport> {
  const { host = "127.0.0.1", port = 0, tls, connectTls, logger = silentLogger } = options;
  const limits = { ...defaultTransportLimits, ...options.limits };
  const scheme = tls === undefined ? "tcp" : "tls";
  const links = new Set<TcpLink>();
  const ending = new AbortController();
  const opening = firstMessage(options.onLink, logger);
  let connecting = 0;
  let emptied: (() => void) | undefined;

  const adopt = (
    connection: Connection,
    incoming: boolean,
    remote: string,
    profile: WireProfile | undefined,
    handler: LinkHandler,
  ): TcpLink => {
    const link = new TcpLink(connection, { incoming, remote, profile, handler, limits, logger }, (gone) => {
      links.delete(gone);
      if (links.size === 0) emptied?.();
    });
    links.add(link);
    return link;
  };
  // The link guards its own queue; the connection's limit is out of the way.
  const connectionLimits = { maxBuffered: Number.POSITIVE_INFINITY, lingerMs: limits.lingerMs };

  const listener = await listenTcp({
    ...connectionLimits,
    host,
    port,
    ...(tls !== undefined && {
      tls: { handshakeTimeout: limits.firstFrameMs, cert: pem(tls.cert), key: pem(tls.key) },
    }),
    maxConnections: limits.maxLinks,
    maxPerAddress: limits.maxLinksPerAddress,
    logger,
    accept: (connection) =>
      adopt(connection, true, shown(connection.address, connection.port), options.profile, opening),
  });
  const bound = { scheme, host: listener.address, port: listener.port } as const;
  let address: string;
  try {
    address = advertisedAddress(bound, options.advertise);
  } catch (error) {
    await listener.close();
    throw error;
  }
  const looking = setInterval(() => {
    for (const link of links) link.look();
  }, limits.frameMs).unref();

  async function connect(to: PeerContact, { profile, timeoutMs, handler }: ConnectOptions): Promise<TransportLink> {
    if (ending.signal.aborted) throw new TransportError("ERR_CLOSED", "the transport is closed");
    const target = parseAddress(to.address);
    if (connecting >= limits.maxConnecting) {
      throw new TransportError("ERR_LIMIT", `${connecting} connections are being opened already`);
    }
    connecting++;
    let link: TcpLink | undefined;
    try {
      await connectTcp({
        ...connectionLimits,
        host: target.host,
        port: target.port,
        ...(target.scheme === "tls" && { tls: connectTls === undefined ? {} : { ca: pem(connectTls.ca) } }),
        timeoutMs,
        signal: ending.signal,
        handler(connection) {
          link = adopt(connection, false, shown(connection.address, connection.port), profile, handler);
          return link;
        },
      });
    } catch (error) {
      throw connectError(error, to.address, timeoutMs, ending.signal.aborted);
    } finally {
      connecting--;
    }
    return link as TcpLink;
  }

  return {
    scheme,
    address,
    connect,
    async close() {
      ending.abort();
      clearInterval(looking);
      const empty = new Promise<void>((resolve) => {
        emptied = resolve;
        if (links.size === 0) resolve();
      });
      for (const link of links) link.close();
      await Promise.all([listener.close(limits.lingerMs), empty]);
    },
  };
}

function pem(octets: Pem): string {
  return typeof octets === "string" ? octets : Buffer.from(octets).toString();
}

function shown(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function connectError(error: unknown, address: string, timeoutMs: number, closed: boolean): TransportError {
  if (closed) return new TransportError("ERR_CLOSED", "the transport was closed");
  // One for each address of a name with several.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const what = first instanceof Error ? first.message : String(first);
  return what.endsWith(`within ${timeoutMs} ms`)
    ? new TransportError("ERR_TIMEOUT", `${address}: ${what}`)
    : new TransportError("ERR_UNREACHABLE", `${address}: ${what}`, { cause: error });
}

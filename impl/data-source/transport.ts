import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Readings } from "../ldmp/readings.js";
import type { Remote } from "../ldmp/remote.js";
import { createLdmpStream } from "../ldmp/stream.js";
import type { Logger } from "../net/logger.js";
import { type Connection, connectTcp } from "../net/tcp.js";
import { openUdp, type UdpPort } from "../net/udp.js";
import { type SourcePeerAddress, sourcePeerName } from "./address.js";
import type { DataSourceEvent } from "./core-types.js";

export interface TransportOptions {
  readonly readings: Readings;
  readonly maxPayload: number;
  /** Where UDP sockets are bound; default: any port of the address that leads to the source peer. */
  readonly local?: { readonly host?: string; readonly port?: number };
  readonly connectTimeoutMs: number;
  readonly logger: Logger;
  dispatch(event: DataSourceEvent): void;
}

/** The way to one source peer at a time. */
export interface Transport {
  /** Ends in a `connected` or a `disconnected` event, unless `disconnect` comes first. */
  connect(to: SourcePeerAddress): void;
  disconnect(): void;
  send(bytes: Uint8Array, to: Remote): void;
  close(): Promise<void>;
}

export function createTransport(options: TransportOptions): Transport {
  const { logger, dispatch, local = {} } = options;
  /** The attempt under way; what an earlier one still reports is of no interest. */
  let attempt = new AbortController();
  let connection: Connection | undefined;
  let socket: { readonly family: number; readonly opening: Promise<UdpPort>; port: UdpPort | undefined } | undefined;
  let lookups = 0;

  const openSocket = async (family: number): Promise<void> => {
    if (socket?.family !== family) {
      const before = socket?.opening;
      const opening = (async () => {
        await before?.then((port) => port.close());
        return openUdp({
          host: local.host ?? (family === 6 ? "::" : "0.0.0.0"),
          ...(local.port !== undefined && { port: local.port }),
          logger,
          onDatagram: (bytes, from) => dispatch({ type: "datagram", from, bytes }),
        });
      })();
      const mine = { family, opening, port: undefined as UdpPort | undefined };
      socket = mine;
      opening.then(
        (port) => {
          mine.port = port;
        },
        () => {
          if (socket === mine) socket = undefined;
        },
      );
    }
    await socket.opening;
  };

  /** IPv4 first, since that is where local servers listen; nobody says so when a datagram arrives nowhere, so take turns. */
  const resolve = async (host: string): Promise<string> => {
    if (isIP(host) !== 0) return host;
    const found = await lookup(host, { all: true, verbatim: false });
    return found[lookups++ % found.length]?.address ?? host;
  };

  const connectUdp = async (to: SourcePeerAddress, signal: AbortSignal): Promise<void> => {
    const address = await resolve(to.host);
    if (!signal.aborted) await openSocket(isIP(address));
    if (!signal.aborted) dispatch({ type: "connected", remote: { address, port: to.port } });
  };

  const connectStream = async (to: SourcePeerAddress, signal: AbortSignal): Promise<void> => {
    const opened = await connectTcp({
      host: to.host,
      port: to.port,
      tls: to.transport === "tls" ? { ...to.tls } : undefined,
      timeoutMs: options.connectTimeoutMs,
      signal,
      handler(from) {
        const stream = createLdmpStream({
          readings: options.readings,
          maxPayload: options.maxPayload,
          onMessage: (message) => !signal.aborted && dispatch({ type: "message", from, message }),
          onInvalid: (bytes) => !signal.aborted && dispatch({ type: "datagram", from, bytes }),
        });
        return {
          data(chunk) {
            if (stream.push(chunk)) return;
            logger.warn({ sourcePeer: sourcePeerName(to) }, "closing a connection that does not speak LDMP");
            from.destroy();
          },
          closed(error) {
            if (connection === from) connection = undefined;
            if (signal.aborted) return;
            dispatch({ type: "disconnected", reason: error?.message ?? "the source peer closed the connection" });
          },
        };
      },
    });
    if (signal.aborted) return opened.destroy();
    connection = opened;
    dispatch({ type: "connected", remote: opened });
  };

  return {
    connect(to) {
      attempt.abort();
      attempt = new AbortController();
      const { signal } = attempt;
      const connecting = to.transport === "udp" ? connectUdp(to, signal) : connectStream(to, signal);
      connecting.catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (!signal.aborted) dispatch({ type: "disconnected", reason });
      });
    },
    disconnect() {
      attempt.abort();
      // What was written, a Release perhaps, is still to arrive.
      connection?.end();
      connection = undefined;
    },
    send(bytes, to) {
      if (to.connection === undefined) socket?.port?.send(bytes, to);
      else if (connection?.connection === to.connection) connection.write(bytes);
    },
    async close() {
      attempt.abort();
      connection?.end();
      const port = await socket?.opening.catch(() => undefined);
      await port?.close();
    },
  };
}

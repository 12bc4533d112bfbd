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
  /** Counts connects and disconnects: what an earlier attempt still reports is of no interest. */
  let attempt = 0;
  let connection: Connection | undefined;
  let socket: { readonly family: number; readonly port: UdpPort } | undefined;

  const openSocket = async (family: number): Promise<UdpPort> => {
    if (socket?.family === family) return socket.port;
    await socket?.port.close();
    const port = await openUdp({
      host: local.host ?? (family === 6 ? "::" : "0.0.0.0"),
      ...(local.port !== undefined && { port: local.port }),
      logger,
      onDatagram: (bytes, from) => dispatch({ type: "datagram", from, bytes }),
    });
    socket = { family, port };
    return port;
  };

  const connectUdp = async (to: SourcePeerAddress, current: () => boolean): Promise<void> => {
    const address = isIP(to.host) === 0 ? (await lookup(to.host)).address : to.host;
    if (!current()) return;
    await openSocket(isIP(address));
    if (current()) dispatch({ type: "connected", remote: { address, port: to.port } });
  };

  const connectStream = async (to: SourcePeerAddress, current: () => boolean): Promise<void> => {
    const opened = await connectTcp({
      host: to.host,
      port: to.port,
      tls: to.transport === "tls" ? { ...to.tls } : undefined,
      timeoutMs: options.connectTimeoutMs,
      handler(from) {
        const stream = createLdmpStream({
          readings: options.readings,
          maxPayload: options.maxPayload,
          onMessage: (message) => current() && dispatch({ type: "message", from, message }),
          onInvalid: (bytes) => current() && dispatch({ type: "datagram", from, bytes }),
        });
        return {
          data(chunk) {
            if (stream.push(chunk)) return;
            logger.warn({ sourcePeer: sourcePeerName(to) }, "closing a connection that does not speak LDMP");
            from.destroy();
          },
          closed(error) {
            if (connection === from) connection = undefined;
            if (!current()) return;
            dispatch({ type: "disconnected", reason: error?.message ?? "the source peer closed the connection" });
          },
        };
      },
    });
    if (!current()) return opened.destroy();
    connection = opened;
    dispatch({ type: "connected", remote: opened });
  };

  return {
    connect(to) {
      const mine = ++attempt;
      const current = (): boolean => mine === attempt;
      const connecting = to.transport === "udp" ? connectUdp(to, current) : connectStream(to, current);
      connecting.catch((error: unknown) => {
        if (current())
          dispatch({ type: "disconnected", reason: error instanceof Error ? error.message : String(error) });
      });
    },
    disconnect() {
      attempt++;
      // What was written, a Release perhaps, is still to arrive.
      connection?.end();
      connection = undefined;
    },
    send(bytes, to) {
      if (to.connection === undefined) socket?.port.send(bytes, to);
      else if (connection?.connection === to.connection) connection.write(bytes);
    },
    async close() {
      attempt++;
      connection?.end();
      await socket?.port.close();
    },
  };
}

import type { TlsOptions } from "node:tls";
import type { LdmpMessage } from "../../generated/ldmp/index.js";
import type { Readings } from "../ldmp/readings.js";
import { createLdmpStream, type LdmpStream } from "../ldmp/stream.js";
import type { Logger } from "../net/logger.js";
import { type Connection, listenTcp, type TcpListener } from "../net/tcp.js";

export interface StreamEndpointOptions {
  host?: string;
  port?: number;
  tls?: TlsOptions;
  readings: Readings;
  maxPayload: number;
  maxConnections: number;
  idleConnectionMs: number;
  logger: Logger;
  onMessage(from: Connection, message: LdmpMessage): void;
  onInvalid(from: Connection, octets: Uint8Array): void;
  onClosed(connection: number): void;
  /** Whether a data source is registered over the connection. */
  inUse(connection: number): boolean;
}

export interface StreamEndpoint {
  readonly address: string;
  readonly port: number;
  readonly connections: number;
  /** The open connection with this number. */
  connection(id: number): Connection | undefined;
  close(): Promise<void>;
}

interface Open {
  readonly connection: Connection;
  readonly stream: LdmpStream;
  /** Since when it has been without registration; undefined while it has one. */
  idleSince: number | undefined;
  /** Since when a message has been incomplete. */
  partSince: number | undefined;
}

/** LDMP over TCP or TLS, the listening side. Connections that bring no registration, or stop amid a message, are cut. */
export async function openStreamEndpoint(options: StreamEndpointOptions): Promise<StreamEndpoint> {
  const { readings, maxPayload, idleConnectionMs, logger } = options;
  const open = new Map<number, Open>();
  const listener: TcpListener = await listenTcp({
    ...(options.host !== undefined && { host: options.host }),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.tls !== undefined && { tls: options.tls }),
    maxConnections: options.maxConnections,
    logger,
    accept(connection) {
      const { connection: id, address, port } = connection;
      let failed = false;
      const stream = createLdmpStream({
        readings,
        maxPayload,
        onMessage: (message) => {
          entry.partSince = undefined;
          options.onMessage(connection, message);
        },
        onInvalid: (octets) => options.onInvalid(connection, octets),
      });
      const entry: Open = { connection, stream, idleSince: performance.now(), partSince: undefined };
      open.set(id, entry);
      return {
        data(chunk) {
          if (failed) return;
          if (!stream.push(chunk)) {
            failed = true;
            logger.warn({ address, port }, "closing a connection that does not speak LDMP");
            connection.end();
          }
          entry.partSince = stream.pending > 0 ? (entry.partSince ?? performance.now()) : undefined;
        },
        closed(error) {
          open.delete(id);
          if (error !== undefined) logger.debug({ err: error, address, port }, "connection failed");
          options.onClosed(id);
        },
      };
    },
  });

  const sweep = setInterval(
    () => {
      const now = performance.now();
      for (const entry of open.values()) {
        const { connection } = entry;
        entry.idleSince = options.inUse(connection.connection) ? undefined : (entry.idleSince ?? now);
        const since = Math.min(entry.idleSince ?? now, entry.partSince ?? now);
        if (now - since < idleConnectionMs) continue;
        logger.info({ address: connection.address, port: connection.port }, "closing an idle connection");
        connection.destroy();
      }
    },
    Math.min(5000, Math.max(10, idleConnectionMs / 4)),
  );
  sweep.unref();

  return {
    address: listener.address,
    port: listener.port,
    get connections() {
      return listener.connections;
    },
    connection: (id) => open.get(id)?.connection,
    close() {
      clearInterval(sweep);
      return listener.close();
    },
  };
}

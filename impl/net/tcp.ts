import { connect, createServer, type Server, type Socket } from "node:net";
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
  type TlsOptions,
} from "node:tls";
import { writeGathered } from "./gather.js";
import type { Logger } from "./logger.js";
import { silentLogger } from "./logger.js";

/** One TCP connection, or TLS session on one. */
export interface Connection {
  /** Unique within this process. */
  readonly connection: number;
  readonly address: string;
  readonly port: number;
  /** Octets written that the system has not taken yet. */
  readonly queued: number;
  write(bytes: Uint8Array): void;
  /** All of these, in as few system calls as it takes. */
  writeAll(chunks: readonly Uint8Array[]): void;
  /** Sends what was written, then closes. */
  end(): void;
  /** Takes nothing more from the other end, which is slowed down by that; until told otherwise. */
  pause(paused: boolean): void;
  /** Closes at once. */
  destroy(): void;
}

export interface ConnectionHandler {
  data(chunk: Uint8Array): void;
  /** The other end sends no more; the connection is closed as soon as what was written has left. */
  ended?(): void;
  /** The system has taken what waited, after more of it waited than a socket likes to hold. */
  drained?(): void;
  /** Called once, however the connection ended. */
  closed(error: Error | undefined): void;
}

export interface TcpLimits {
  /** Octets waiting for a counterpart that does not read; beyond, the connection is cut. Default 1 MiB. */
  readonly maxBuffered?: number;
  /**
   * How long `end` waits for the other end to close too, in ms, taking what still arrives: a socket closed over octets that nobody has
   * read is reset, and what was written last may be lost with it. Default 0.
   */
  readonly lingerMs?: number;
}

export interface TcpListenOptions extends TcpLimits {
  host?: string;
  port?: number;
  /** `key` and `cert` at least: TLS is spoken, and nothing else. */
  tls?: TlsOptions;
  /** Connections at a time; more are closed as they come. Default 65536. */
  maxConnections?: number;
  /** Those of them from one address, handshakes included. Default: no limit of its own. */
  maxPerAddress?: number;
  accept(connection: Connection): ConnectionHandler;
  logger?: Logger;
}

export interface TcpListener {
  readonly address: string;
  readonly port: number;
  readonly connections: number;
  /** Stops listening and ends every connection; those that are still open after `graceMs` (default 100) are cut. */
  close(graceMs?: number): Promise<void>;
}

export interface TcpConnectOptions extends TcpLimits {
  host: string;
  port: number;
  /** TLS, with the server's certificate verified against `ca` or the system's authorities. */
  tls?: ConnectionOptions | undefined;
  /** For the connection and the TLS handshake together. Default 10000. */
  timeoutMs?: number;
  /** Gives up connecting; of no effect once connected. */
  signal?: AbortSignal;
  handler(connection: Connection): ConnectionHandler;
}

/** Time for which a silent connection is left alone before the system asks whether its other end is still there. */
const keepAliveMs = 30_000;
let lastConnection = 0;

function adopt(socket: Socket, limits: TcpLimits, handle: (connection: Connection) => ConnectionHandler): Connection {
  const { maxBuffered = 1024 * 1024, lingerMs = 0 } = limits;
  let failure: Error | undefined;
  let linger: NodeJS.Timeout | undefined;
  const guard = (): void => {
    if (socket.writableLength > maxBuffered) socket.destroy(new Error("the other end does not read what it is sent"));
  };
  const connection: Connection = {
    connection: ++lastConnection,
    address: socket.remoteAddress ?? "",
    port: socket.remotePort ?? 0,
    get queued() {
      return socket.writableLength;
    },
    write(bytes) {
      if (socket.destroyed || socket.writableEnded) return;
      socket.write(bytes);
      guard();
    },
    writeAll(chunks) {
      if (socket.destroyed || socket.writableEnded) return;
      writeGathered(socket, chunks);
      guard();
    },
    end() {
      if (lingerMs === 0) socket.destroySoon();
      else if (!socket.destroyed && linger === undefined) {
        socket.end();
        linger = setTimeout(() => socket.destroy(), lingerMs);
      }
    },
    pause(paused) {
      if (paused) socket.pause();
      else socket.resume();
    },
    destroy: () => {
      socket.destroy();
    },
  };
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  const handler = handle(connection);
  socket.on("data", (chunk: Uint8Array) => {
    // The answers to one chunk leave together.
    socket.cork();
    try {
      handler.data(chunk);
    } finally {
      socket.uncork();
    }
  });
  socket.on("error", (error) => {
    failure = error;
  });
  if (handler.drained !== undefined) socket.on("drain", () => handler.drained?.());
  if (handler.ended !== undefined) socket.once("end", () => handler.ended?.());
  socket.once("close", () => {
    clearTimeout(linger);
    handler.closed(failure);
  });
  return connection;
}

/** Listens for TCP connections. Rejects with the system's error when it cannot. */
export async function listenTcp(options: TcpListenOptions): Promise<TcpListener> {
  const { host = "127.0.0.1", port = 0, logger = silentLogger, maxConnections = 65_536 } = options;
  const { maxPerAddress = maxConnections } = options;
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    adopt(socket, options, options.accept);
  };
  const server: Server =
    options.tls === undefined
      ? createServer()
      : createTlsServer({ handshakeTimeout: 10_000, ...options.tls }, onSocket);
  server.maxConnections = maxConnections;
  // Connections in their TLS handshake are not yet among `sockets`, and would keep `close` waiting.
  const raw = new Set<Socket>();
  const byAddress = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const from = socket.remoteAddress ?? "";
    const count = (byAddress.get(from) ?? 0) + 1;
    if (count > maxPerAddress) {
      logger.warn({ address: from, maxPerAddress }, "too many connections from one address: one was refused");
      socket.on("error", () => undefined);
      socket.destroy();
      return;
    }
    byAddress.set(from, count);
    raw.add(socket);
    socket.once("close", () => {
      raw.delete(socket);
      const left = (byAddress.get(from) ?? 1) - 1;
      if (left === 0) byAddress.delete(from);
      else byAddress.set(from, left);
    });
    if (options.tls === undefined) onSocket(socket);
  });
  server.on("tlsClientError", (error: Error) => logger.debug({ err: error }, "TLS handshake failed"));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => logger.warn({ err: error }, "connection not accepted"));
  server.on("drop", () => logger.warn({ maxConnections }, "too many connections: one was refused"));

  const bound = server.address() as { address: string; port: number };
  return {
    address: bound.address,
    port: bound.port,
    get connections() {
      return sockets.size;
    },
    close: (graceMs = 100) =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.end();
        // Whoever does not close its side in turn is cut.
        setTimeout(() => {
          for (const socket of sockets) socket.destroy();
          for (const socket of raw) socket.destroy();
        }, graceMs).unref();
      }),
  };
}

/** Connects. Rejects when no connection (or TLS session) comes about in time; nothing is left open then. */
export function connectTcp(options: TcpConnectOptions): Promise<Connection> {
  const { host, port, tls, timeoutMs = 10_000, signal } = options;
  return new Promise((resolve, reject) => {
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    const ready = (): void => {
      settled();
      socket.off("error", fail);
      resolve(adopt(socket, options, options.handler));
    };
    const abort = (): void => fail(new Error(`no longer connecting to ${host}:${port}`));
    const fail = (error: Error): void => {
      settled();
      socket.destroy();
      reject(error);
    };
    // A name with several addresses: each is given its part of the time.
    const attempts = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: Math.max(10, Math.ceil(timeoutMs / 3)) };
    const socket: Socket =
      tls === undefined
        ? connect({ host, port, ...attempts }, ready)
        : connectTls({ host, port, ...attempts, servername: name(host), ...tls }, ready);
    const timer = setTimeout(
      () => fail(new Error(`no connection to ${host}:${port} within ${timeoutMs} ms`)),
      timeoutMs,
    );
    socket.once("error", fail);
    signal?.addEventListener("abort", abort);
  });
}

/** A literal address is no server name (RFC 6066 3); certificates are then checked against the address itself. */
function name(host: string): string {
  return /^[\d.]+$|:/.test(host) ? "" : host;
}

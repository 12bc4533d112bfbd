import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from "node:https";
import type { AddressInfo } from "node:net";
import type { HttpMetrics } from "../../http-metrics.js";
import type { Logger } from "../../logger.js";
import type { RelayStatistics, SignallingRelay } from "./relay.js";

/** At least one of both. */
export interface RelayPlace {
  /** A port of its own, as the field's peers expect it, any path. 0: any free one. Default: none. */
  readonly port?: number;
  /** A path on the port of the server that the relay belongs to, such as `/signalling`. Default: none. */
  readonly path?: string;
}

export interface SignallingServer {
  /** `ws://…` or `wss://…`: where peers connect to. */
  readonly url: string;
  readonly port: number;
  readonly statistics: Readonly<RelayStatistics>;
  close(): Promise<void>;
}

export interface RelayHost {
  readonly logger: Logger;
  readonly host?: string | undefined;
  readonly tls?: TlsOptions | undefined;
  /** The server that the relay belongs to, for `path`. */
  readonly http: { readonly server: Server; readonly url: string; readonly port: number };
}

/**
 * The relay at its port, at its path, or both; it is closed with the server, and where that cannot listen. Rejects with the system's error
 * when it cannot.
 */
export async function openRelayServer(
  relay: Pick<SignallingRelay, "upgrade" | "statistics" | "close">,
  { path, port }: RelayPlace,
  { logger, host, tls, http }: RelayHost,
): Promise<SignallingServer> {
  if (path !== undefined) {
    http.server.on("upgrade", (request, socket, head) => {
      if (request.url?.split("?")[0] === path) relay.upgrade(request, socket, head);
      else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    });
  }
  const scheme = tls === undefined ? "ws" : "wss";
  const own =
    port === undefined
      ? undefined
      : await listen(relay, port, host, tls).catch((error: unknown) => {
          relay.close();
          throw error;
        });
  const ownPort = (own?.address() as AddressInfo | undefined)?.port ?? http.port;
  const url = new URL(http.url);
  const where = own === undefined ? `${scheme}://${url.host}${path}` : `${scheme}://${url.hostname}:${ownPort}`;
  logger.info({ url: where }, "signalling relay listening");
  return {
    url: where,
    port: ownPort,
    statistics: relay.statistics,
    async close() {
      relay.close();
      if (own === undefined) return;
      await new Promise<void>((resolve) => {
        own.close(() => resolve());
        own.closeAllConnections();
      });
    },
  };
}

export function measureRelay(metrics: HttpMetrics, { statistics }: Pick<SignallingServer, "statistics">): void {
  metrics.gauge("signalling_clients", "Sockets at the signalling relay", () => statistics.clients);
  metrics.gauge("signalling_registered", "Peers registered with the signalling relay", () => statistics.registered);
  metrics.counter("signalling_relayed_total", "Signalling messages handed on", () => statistics.relayed);
  metrics.counter("signalling_undeliverable_total", "Signalling messages for nobody", () => statistics.undeliverable);
}

function listen(
  relay: Pick<SignallingRelay, "upgrade">,
  port: number,
  host = "127.0.0.1",
  tls?: TlsOptions,
): Promise<Server> {
  const plain: RequestListener = (_request, response) => {
    response.writeHead(426, { Upgrade: "websocket", "Content-Length": 0 }).end();
  };
  const timeouts = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 5_000 };
  const server: Server =
    tls === undefined ? createServer(timeouts, plain) : createTlsServer({ ...timeouts, ...tls }, plain);
  server.on("upgrade", relay.upgrade);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

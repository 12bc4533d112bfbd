import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from "node:https";
import type { AddressInfo } from "node:net";
import type { Logger } from "../../net/logger.js";
import { tokenTest } from "../administration/token-guard.js";
import type { Homs } from "../homs.js";
import type { SignallingClaims } from "./claims.js";
import type { SignallingLimits } from "./limits.js";
import { type RelayStatistics, SignallingRelay } from "./relay.js";

export interface SignallingOptions {
  /** A port of its own, as the field's peers expect it, any path. 0: any free one. Default: none. */
  readonly port?: number;
  /** A path on the port of HOMP, such as `/signalling`. Default: none. */
  readonly path?: string;
  /** Default "token". */
  readonly claims?: SignallingClaims;
  readonly limits?: Partial<SignallingLimits>;
  /** The field's monitor stream, which tells who is in which overlay: for who shows the administrator's token (default), or everybody. */
  readonly monitor?: "token" | "open";
}

export interface SignallingServer {
  /** `ws://…` or `wss://…`: where peers connect to. */
  readonly url: string;
  readonly port: number;
  readonly statistics: Readonly<RelayStatistics>;
  close(): Promise<void>;
}

interface Place {
  readonly homs: Homs;
  readonly logger: Logger;
  readonly host: string | undefined;
  readonly tls: TlsOptions | undefined;
  readonly adminToken: string | undefined;
  /** The server of HOMP, for `path`. */
  readonly http: { readonly server: Server; readonly url: string; readonly port: number };
}

/** Opens the relay at its port, at its path, or both. Rejects with the system's error when it cannot listen. */
export async function openSignalling(options: SignallingOptions, place: Place): Promise<SignallingServer> {
  const { path, port } = options;
  const { homs, logger, http, adminToken } = place;
  const monitor = options.monitor === "open" ? options.monitor : adminToken && tokenTest(adminToken);
  const { claims, limits } = options;
  const relay = new SignallingRelay({
    homs,
    logger,
    ...(claims === undefined ? {} : { claims }),
    ...(limits === undefined ? {} : { limits }),
    ...(monitor ? { monitor } : {}),
  });
  if (path !== undefined) {
    http.server.on("upgrade", (request, socket, head) => {
      if (request.url?.split("?")[0] === path) relay.upgrade(request, socket, head);
      else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    });
  }
  const scheme = place.tls === undefined ? "ws" : "wss";
  const own =
    port === undefined
      ? undefined
      : await listen(relay, port, place).catch((error: unknown) => {
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

function listen(relay: SignallingRelay, port: number, { tls, host = "127.0.0.1" }: Place): Promise<Server> {
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

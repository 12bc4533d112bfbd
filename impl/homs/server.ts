import { createHompListener } from "../../generated/homp/server.js";
import type { ServerOptions } from "../../generated/runtime/http-server-types.js";
import { systemClock } from "../net/clock.js";
import { type HttpHost, type HttpHostOptions, openHttpHost } from "../net/http-host.js";
import { createHttpMetrics } from "../net/http-metrics.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { measureRelay, type SignallingServer } from "../net/webrtc/relay/relay-server.js";
import { mountAdministration } from "./administration/administration.js";
import type { EventStreamLimits } from "./administration/event-stream.js";
import type { FieldDialect } from "./dialects/dialect.js";
import { createDialectListener } from "./dialects/listener.js";
import { createHoms, type Homs, type HomsOptions } from "./homs.js";
import { probeByTcp } from "./probe-target.js";
import { openSignalling, type SignallingOptions } from "./signalling/server.js";

/** How often memory of expired overlays and peers is freed while nobody asks, in ms. */
const sweepInterval = 1000;

export interface HomsServerOptions
  extends HomsOptions,
    Pick<HttpHostOptions, "host" | "port" | "tls" | "drainMs" | "keepAliveMs" | "maxConnections"> {
  /** Forms of the field's clients that are answered in beside the text's own (E-HOMP-75). Default: none. */
  dialects?: readonly FieldDialect[];
  /** Turns the administrator's view on: `GET /overlays` and what is below it, for who shows this as bearer token. */
  adminToken?: string;
  adminEvents?: Partial<EventStreamLimits>;
  /** Turns the signalling relay for WebRTC on, at a port or a path of its own. */
  signalling?: SignallingOptions;
  /** Limits of the HTTP layer, an `authorize` hook, response validation. */
  http?: Omit<ServerOptions, "onRequest" | "onError">;
}

export interface HomsServer {
  /** Where it listens, without trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly homs: Homs;
  readonly signalling: SignallingServer | undefined;
  /** Lets answers under way finish and makes what was reported durable. The store stays open: it is the caller's to close. */
  close(): Promise<void>;
}

/** A listening HOMS, with `/healthz` and `/metrics` beside HOMP. Rejects with the system's error when it cannot listen. */
export async function startHomsServer(options: HomsServerOptions): Promise<HomsServer> {
  const { logger = silentLogger, store, adminToken } = options;
  const homs = createHoms({ ...options, signallingTokens: options.signalling !== undefined, probe: probeByTcp });
  const metrics = createHttpMetrics("homs");
  metrics.gauge("overlays", "Live overlay networks", () => homs.counts().overlays);
  metrics.gauge("peers", "Live memberships, all overlays together", () => homs.counts().peers);
  metrics.gauge("store_pending_rows", "Rows queued and not yet durable", () => store.statistics.pending);
  metrics.counter("store_rows_total", "Rows written to the store", () => store.statistics.rows);
  metrics.counter("store_failures_total", "Groups that the store could not write", () => store.statistics.failures);

  const { dialects = [] } = options;
  const listening: ServerOptions = {
    ...options.http,
    onRequest(operation, status, seconds) {
      metrics.observe(operation || "none", status, seconds);
      logger.debug({ operation, status, ms: seconds * 1000 }, "answered");
    },
    onError: (error, { operation }) => logger.error({ err: error, operation }, "request failed"),
  };
  const front =
    dialects.length === 0
      ? createHompListener(homs.handlers, listening)
      : createDialectListener(homs, dialects, listening);
  const host = await openHttpHost({
    ...options,
    name: "homs",
    front,
    metrics,
    index: { protocol: "HOMP, ITU-T Q.4103", operations: ["/homs", "/peer", "/peer/report"] },
    health() {
      if (store.statistics.lastError !== undefined) throw store.statistics.lastError;
      return homs.counts();
    },
  });
  if (options.tls === undefined && !/^(127\.|localhost$|::1$)/.test(options.host ?? "127.0.0.1")) {
    logger.warn({ url: host.url }, "keys and passwords travel in clear: no TLS (E-HOMP-42)");
  }
  const administration =
    adminToken === undefined
      ? undefined
      : mountAdministration(host.app, homs, {
          token: adminToken,
          clock: options.clock ?? systemClock,
          ...(options.adminEvents === undefined ? {} : { events: options.adminEvents }),
        });
  const signalling = await openRelay(options, homs, host, logger);
  if (signalling !== undefined && dialects.length > 0) {
    // Where the field's clients ask for the port of the relay.
    host.app.get("/api/InitData", (_request, response) => void response.json({ WEB_SOCKET_PORT: signalling.port }));
  }
  if (signalling !== undefined) measureRelay(metrics, signalling);
  const timer = setInterval(() => homs.sweep(), sweepInterval);
  timer.unref();

  return {
    url: host.url,
    port: host.port,
    homs,
    signalling,
    async close() {
      clearInterval(timer);
      administration?.close();
      await signalling?.close();
      await host.close();
      await store.commit();
    },
  };
}

/** Where the relay cannot listen, nothing does. */
async function openRelay(
  { signalling, host, tls, adminToken }: HomsServerOptions,
  homs: Homs,
  http: HttpHost,
  logger: Logger,
): Promise<SignallingServer | undefined> {
  if (signalling === undefined) return undefined;
  try {
    return await openSignalling(signalling, { homs, logger, host, tls, adminToken, http });
  } catch (error) {
    await http.close();
    throw error;
  }
}

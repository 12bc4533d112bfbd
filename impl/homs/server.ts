import type { ServerOptions as TlsOptions } from "node:https";
import { createHompListener } from "../../generated/homp/server.js";
import type { ServerOptions } from "../../generated/runtime/http-server-types.js";
import { openHttpHost } from "../net/http-host.js";
import { createHttpMetrics } from "../net/http-metrics.js";
import { silentLogger } from "../net/logger.js";
import { mountAdministration } from "./administration.js";
import { createHoms, type Homs, type HomsOptions } from "./homs.js";

/** How often memory of expired overlays and peers is freed while nobody asks, in ms. */
const sweepInterval = 1000;

export interface HomsServerOptions extends HomsOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** `key` and `cert` at least. Without, keys and passwords travel in clear (E-HOMP-42). */
  tls?: TlsOptions;
  /** Turns the administrator's view on: `GET /overlays` for who shows this as bearer token. */
  adminToken?: string;
  /** Limits of the HTTP layer, an `authorize` hook, response validation. */
  http?: Omit<ServerOptions, "onRequest" | "onError">;
  /** How long answers under way may take when closing, in ms. */
  drainMs?: number;
}

export interface HomsServer {
  /** Where it listens, without trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly homs: Homs;
  /** Stops listening and lets answers under way finish. The store stays open: it is the caller's. */
  close(): Promise<void>;
}

/** A listening HOMS, with `/healthz` and `/metrics` beside HOMP. Rejects with the system's error when it cannot listen. */
export async function startHomsServer(options: HomsServerOptions): Promise<HomsServer> {
  const { logger = silentLogger, store, adminToken } = options;
  const homs = createHoms(options);
  const metrics = createHttpMetrics("homs");
  metrics.gauge("overlays", "Live overlay networks", () => homs.counts().overlays);
  metrics.gauge("peers", "Live memberships, all overlays together", () => homs.counts().peers);
  metrics.counter("store_rows_total", "Rows written to the store", () => store.statistics.rows);
  metrics.counter("store_failures_total", "Groups that the store could not write", () => store.statistics.failures);

  const front = createHompListener(homs.handlers, {
    ...options.http,
    onRequest: metrics.observe,
    onError: (error, { operation }) => logger.error({ err: error, operation }, "request failed"),
  });
  const host = await openHttpHost({
    name: "homs",
    front,
    metrics,
    logger,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
    index: { protocol: "HOMP, ITU-T Q.4103", operations: ["/homs", "/peer", "/peer/report"] },
    health: () => {
      const { lastError, pending } = store.statistics;
      if (lastError !== undefined) throw lastError;
      return { ...homs.counts(), pending };
    },
  });
  if (adminToken !== undefined) mountAdministration(host.app, homs, adminToken);
  const timer = setInterval(() => homs.sweep(), sweepInterval);
  timer.unref();

  return {
    url: host.url,
    port: host.port,
    homs,
    async close() {
      clearInterval(timer);
      await host.close();
    },
  };
}

import { createOmsListener } from "../../generated/oms/server.js";
import type { ServerLimits } from "../../generated/runtime/http-server-types.js";
import { type HttpHost, type HttpHostOptions, openHttpHost } from "../net/http-host.js";
import { createHttpMetrics, type HttpMetrics } from "../net/http-metrics.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { measureStore } from "../net/store-metrics.js";
import { measureRelay } from "../net/webrtc/relay/relay-server.js";
import { createMemoryStore } from "../store/memory-store.js";
import { createOms, type Oms, type OmsOptions } from "./oms.js";
import { type OmsSignalling, type OmsSignallingOptions, openOmsSignalling } from "./signalling/relay.js";

export interface OmsServerOptions
  extends OmsOptions,
    Pick<HttpHostOptions, "host" | "port" | "tls" | "drainMs" | "keepAliveMs" | "maxConnections"> {
  /** Where peers and cache servers reach this OMS. Default: where it listens. */
  readonly publicUrl?: string;
  /** R10 over data channels: a signalling relay for members, at a port or a path of its own. Default: none. */
  readonly signalling?: OmsSignallingOptions;
  /** Bounds on requests: body size, nesting, length of identifiers. A list of 10,000 long peer identifiers fits the default body size. */
  readonly httpLimits?: ServerLimits;
}

export interface OmsServer {
  /** Where it listens, without path: clients append /oms/. */
  readonly url: string;
  readonly port: number;
  readonly oms: Oms;
  readonly signalling: OmsSignalling | undefined;
  /** Lets answers under way finish and makes what was refreshed durable. The store stays open: it is its owner's to close. */
  close(): Promise<void>;
}

/** An OMS that listens [X.609.10 8.5], with `/healthz` and `/metrics` on the same port. Rejects with the system's error when it cannot. */
export async function startOmsServer(given: OmsServerOptions): Promise<OmsServer> {
  const options = { ...given, store: given.store ?? createMemoryStore() };
  const { store, logger = silentLogger } = options;
  const metrics = createHttpMetrics("oms");
  let url = options.publicUrl ?? "";
  let signalling: OmsSignalling | undefined;
  const oms = createOms(
    options,
    () => url,
    () => signalling?.publicUrl,
  );
  measure(metrics, oms);
  measureStore(metrics, store);
  const front = createOmsListener(oms.handlers, {
    limits: { bodyBytes: 4 * 1024 * 1024, ...options.httpLimits },
    onRequest(operation, status, seconds) {
      metrics.observe(operation || "none", status, seconds);
      logger.debug({ operation, status, ms: seconds * 1000 }, "answered");
    },
    onError: (error, { operation }) => logger.error({ err: error, operation }, "handler failed"),
  });
  const host = await openHttpHost({
    ...options,
    name: "oms",
    front,
    metrics,
    index: {
      what: "Overlay management server (OMS) of data streaming over managed peer-to-peer networks, ITU-T X.609.10",
      operations: ["POST /oms/overlays", "GET /oms/overlays/{NID}", "POST /oms/overlays/{NID}/peers"],
    },
    health() {
      if (store.statistics.lastError !== undefined) throw store.statistics.lastError;
      const { overlays, peers } = oms.figures();
      return { overlays, peers, away: oms.away() };
    },
  });
  url = options.publicUrl ?? host.url;
  if (options.tls === undefined && !/^(127\.|localhost$|::1$)/.test(options.host ?? "127.0.0.1")) {
    logger.warn({ url: host.url }, "tokens and passwords travel in clear: no TLS");
  }
  signalling = await openRelay(options, oms, host, logger);
  if (signalling !== undefined) measureRelay(metrics, signalling);
  oms.start();
  return {
    url: host.url,
    port: host.port,
    oms,
    signalling,
    async close() {
      await signalling?.close();
      await host.close();
      await oms.stop();
    },
  };
}

/** Where the relay cannot listen, nothing does. */
async function openRelay(
  { signalling, publicUrl, host, tls }: OmsServerOptions,
  oms: Oms,
  http: HttpHost,
  logger: Logger,
): Promise<OmsSignalling | undefined> {
  if (signalling === undefined) return undefined;
  try {
    return await openOmsSignalling(signalling, oms, publicUrl, { logger, host, tls, http });
  } catch (error) {
    await http.close();
    await oms.stop();
    throw error;
  }
}

function measure(metrics: HttpMetrics, oms: Oms): void {
  metrics.gauge("overlays", "Live overlay networks", () => oms.figures().overlays);
  metrics.gauge("peers", "Live memberships, all overlay networks together", () => oms.figures().peers);
  metrics.gauge(
    "allocations",
    "Resources of cache servers, about to come or go included",
    () => oms.figures().allocations,
  );
  metrics.gauge("cache_servers", "Cache servers that are known", () => oms.figures().cacheServers);
  metrics.gauge(
    "farewells",
    "Overlay networks gone here and not yet confirmed gone at the PAMS",
    () => oms.figures().farewells,
  );
  metrics.gauge("rights", "Answers of the UMS kept for when it is down", () => oms.figures().rights);
  metrics.gauge("distances", "Pairs of peers whose distance is kept", () => oms.figures().distances);
  metrics.gauge(
    "pams_refusals",
    "Overlay networks that the PAMS does not register or deregister for this OMS, and one for questions that it does not answer",
    () => oms.figures().refusedByPams,
  );
  metrics.gauge("servers_away", "Other servers that do not answer now, or refuse this OMS", () => oms.away().length);
}

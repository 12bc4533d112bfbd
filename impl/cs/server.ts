import { createCsListener } from "../../generated/cs/server.js";
import type { ServerLimits } from "../../generated/runtime/http-server-types.js";
import { type HttpHost, type HttpHostOptions, openHttpHost } from "../net/http-host.js";
import { createHttpMetrics, type HttpMetrics } from "../net/http-metrics.js";
import { type Logger, silentLogger } from "../net/logger.js";
import type { Store } from "../store/store.js";
import { isLoopback } from "./allowance.js";
import { type Cs, type CsOptions, createCs } from "./cs.js";
import { openFragmentFolder } from "./fragment-folder.js";

export interface CacheServerOptions
  extends CsOptions,
    Pick<HttpHostOptions, "host" | "port" | "tls" | "drainMs" | "keepAliveMs" | "maxConnections"> {
  /** Bounds on requests with JSON: body size, nesting, length of identifiers. */
  readonly httpLimits?: ServerLimits;
}

export interface CacheServer {
  /** Where it listens, without path: clients append /cs. */
  readonly url: string;
  readonly port: number;
  readonly cs: Cs;
  readonly host: HttpHost;
  /** Leaves overlay networks, ends sessions of R12. The store stays open: it is its owner's to close. */
  close(): Promise<void>;
}

/**
 * A cache server that listens [X.609.10 8.8, 8.11], with `/healthz` and `/metrics` on the same port.
 * Rejects with the system's error when it cannot listen.
 */
export async function startCacheServer(options: CacheServerOptions): Promise<CacheServer> {
  const { store, logger = silentLogger } = options;
  if (options.folder !== undefined) await openFragmentFolder(options.folder);
  const cs = createCs(options);
  const metrics = createHttpMetrics("cs");
  measure(metrics, cs, store);
  const operations = createCsListener(cs.handlers, {
    authorize: (operation, context) => cs.gatekeeper.authorize(operation, context),
    // A datum in base64 takes 4 octets for 3.
    limits: {
      bodyBytes: 512 * 1024,
      // Each session has a bound of its own.
      octets: Number.POSITIVE_INFINITY,
      octetsSilenceMs: cs.times.uploadSilenceMs,
      ...options.httpLimits,
    },
    onRequest(operation, status, seconds) {
      metrics.observe(operation || "none", status, seconds);
      logger.debug({ operation, status, ms: seconds * 1000 }, "answered");
    },
    onError: (error, { operation }) => logger.error({ err: error, operation }, "handler failed"),
  });
  const host = await openHttpHost({
    ...options,
    name: "cs",
    front: operations,
    streams: true,
    metrics,
    index: index(),
    health() {
      if (store.statistics.lastError !== undefined) throw store.statistics.lastError;
      return { allocations: cs.core.current.length, sessions: cs.core.sessions.size };
    },
  });
  if (!isLoopback(options.host ?? "127.0.0.1")) warn(options, host.url, logger);
  cs.start();
  return {
    url: host.url,
    port: host.port,
    cs,
    host,
    async close() {
      await Promise.all([host.close(), cs.stop()]);
    },
  };
}

/** What the operator of a cache server that strangers reach should know. */
function warn({ tls, authentication, allowedOms, oms }: CacheServerOptions, url: string, logger: Logger): void {
  if (tls === undefined) logger.warn({ url }, "tokens travel in clear: no TLS");
  if (authentication?.oms === undefined && allowedOms === undefined)
    logger.warn(
      { url },
      "anybody may have virtual peers here, and have this cache server ask servers of their choice: no token of OMSs",
    );
  if (authentication?.providers === undefined && oms !== undefined)
    logger.warn({ url }, "anybody may have sessions here: no token of providers");
}

function measure(metrics: HttpMetrics, cs: Cs, { statistics }: Store): void {
  const { core, sessions } = cs;
  const total = (of: (id: string) => number): number => core.current.reduce((all, { id }) => all + of(id), 0);
  metrics.gauge("allocations", "Allocations that have not ended", () => core.current.length);
  metrics.gauge(
    "virtual_peers",
    "Virtual peers that are members",
    () => core.current.filter(({ state }) => state === "active").length,
  );
  metrics.gauge("sessions", "Sessions of which this is the source peer", () => core.sessions.size);
  metrics.gauge("storage_octets", "Octets of fragments kept, or promised", () => core.storage);
  metrics.gauge("upload_octets_per_second", "Octets sent to peers lately", () => cs.uploadRate);
  metrics.gauge("uploaded_octets", "Octets sent to peers by the virtual peers there are", () =>
    total((id) => cs.peers.activity(id).uploaded),
  );
  metrics.gauge("downloaded_octets", "Octets had from peers, likewise", () =>
    total((id) => cs.peers.activity(id).downloaded),
  );
  const rtp = (of: "lost" | "refused"): number =>
    sessions.all().reduce((all, { status }) => all + (status[of] ?? 0), 0);
  metrics.gauge("ingest_lost_packets", "Packets of RTP that never came, in the sessions there are", () => rtp("lost"));
  metrics.gauge("ingest_refused", "Data and packets of no use, likewise", () => rtp("refused"));
  metrics.gauge("store_pending_rows", "Rows queued and not yet durable", () => statistics.pending);
  metrics.counter("store_failures_total", "Groups that could not be written", () => statistics.failures);
}

function index(): object {
  return {
    what: "Cache server (CS) of managed peer-to-peer networks, ITU-T X.609.10",
    operations: {
      CS_QUERY: "GET /cs",
      CS_ALLOCATE: "POST /cs/allocations",
      CS_ALLOCATION_QUERY: "GET /cs/allocations/{AID}",
      CS_ALLOCATION_UPDATE: "PUT /cs/allocations/{AID}",
      CS_RELEASE: "DELETE /cs/allocations/{AID}",
      CS_SESSION_CREATE: "POST /cs/sessions",
      CS_SESSION_QUERY: "GET /cs/sessions/{SID}",
      CS_SESSION_TERMINATE: "DELETE /cs/sessions/{SID}",
      CS_SESSION_POST: "POST /cs/sessions/{SID}/data",
      CS_DATA_UPLOAD: "PUT /cs/sessions/{SID}/data",
    },
  };
}

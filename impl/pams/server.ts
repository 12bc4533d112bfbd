import { createPampListener } from "../../generated/pamp/server.js";
import type { ServerLimits } from "../../generated/runtime/http-server-types.js";
import { type HttpHost, type HttpHostOptions, openHttpHost } from "../net/http-host.js";
import { createHttpMetrics, type HttpMetrics } from "../net/http-metrics.js";
import { silentLogger } from "../net/logger.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";
import { createClusterFront } from "./cluster/front.js";
import type { ClusterOptions, Membership } from "./cluster/membership.js";
import { receiptFaults } from "./ledger.js";
import { mountOperatorView } from "./operator.js";
import { createPams, type Pams, type PamsOptions } from "./pams.js";

export interface PamsServerOptions
  extends PamsOptions,
    Pick<HttpHostOptions, "host" | "port" | "tls" | "drainMs" | "keepAliveMs" | "maxConnections"> {
  /** Bounds on requests: body size, nesting, length of identifiers. */
  readonly httpLimits?: ServerLimits;
  /** Other PAMSs to share overlay networks with [X.609.1 8.2.1]. */
  readonly cluster?: ClusterOptions;
}

export interface PamsServer {
  /** Where it listens, without path: clients append /pams/. */
  readonly url: string;
  readonly port: number;
  readonly pams: Pams;
  /** What is behind the specified operations: health, metrics, the index, and what the owner mounts on its `app`. */
  readonly host: HttpHost;
  /** Who the others are; undefined where it is the only one. */
  readonly membership: Membership | undefined;
  /** Lets answers under way finish and makes what was reported durable. The store stays open: it is its owner's to close. */
  close(): Promise<void>;
}

/**
 * A PAMS that listens [X.609.1 9.2], with `/healthz` and `/metrics` on the same port.
 * Rejects with the system's error when it cannot listen.
 */
export async function startPamsServer(given: PamsServerOptions): Promise<PamsServer> {
  const options = { ...given, store: given.store ?? createMemoryStore() };
  const { store, logger = silentLogger, pathPrefix } = options;
  const pams = createPams(options);
  const metrics = createHttpMetrics("pams");
  measure(metrics, pams, store);
  let repeats = 0;
  metrics.counter(
    "overlay_repeats_total",
    "Registrations of overlay networks that were there (409), as an OMS keeps them alive; not among the requests answered",
    () => repeats,
  );
  const shared = options.cluster === undefined ? undefined : createClusterFront(pams, options.cluster, logger);
  const front = createPampListener(shared?.handlers ?? pams.handlers, {
    authorize: pams.authorize,
    // The spec knows amounts as strings only: numbers are a wish of the operator's that no validator can share [E-PAMP-08].
    validateResponses: pams.core.policy.amounts === "string",
    ...(options.httpLimits === undefined ? {} : { limits: options.httpLimits }),
    ...(pathPrefix === undefined ? {} : { pathPrefix }),
    onRequest(operation, status, seconds) {
      // An OMS that keeps its registration alive is answered 409 each interval (E-DS-03): nothing that has gone wrong.
      if (operation === "PAMP_OVERLAY_NW_REG" && status === 409) repeats++;
      else metrics.observe(operation || "none", status, seconds);
      logger.debug({ operation, status, ms: seconds * 1000 }, "answered");
    },
    onError: (error, { operation }) => logger.error({ err: error, operation }, "handler failed"),
  });
  const host = await openHttpHost({
    ...options,
    name: "pams",
    front,
    metrics,
    index: index(pathPrefix ?? ""),
    health() {
      if (store.statistics.lastError !== undefined) throw store.statistics.lastError;
      const facts = { overlays: pams.core.overlays.size, peers: pams.core.peerCount };
      return shared === undefined ? facts : { ...facts, pams: shared.membership.ring.members.length };
    },
  });
  const loopback = /^(127\.|localhost$|::1$)/.test(options.host ?? "127.0.0.1");
  const { oms, serviceProviders, peers } = options.authentication ?? {};
  if ((oms || serviceProviders || peers === "token") && options.tls === undefined && !loopback) {
    logger.warn({ url: host.url }, "credentials travel in clear: no TLS (E-PAMP-21)");
  }
  if (options.authentication?.operator !== undefined) mountOperatorView(host.app, pams, pams.isOperator);
  const pamsUrl = options.pamsUrl ?? `${host.url}${(pathPrefix ?? "").replace(/\/+$/, "")}/pams/`;
  try {
    await shared?.start(host, { pamsUrl, secure: options.tls !== undefined });
  } catch (error) {
    await host.close();
    throw error;
  }
  pams.start();
  return {
    url: host.url,
    port: host.port,
    pams,
    host,
    membership: shared?.membership,
    async close() {
      await shared?.leave();
      await host.close();
      await pams.stop();
    },
  };
}

function measure(metrics: HttpMetrics, { core, receipts: { notary } }: Pams, { statistics }: Store): void {
  metrics.counter("receipts_confirmed_total", "Receipts that count", () => notary.figures.confirmed);
  metrics.counter(
    "receipts_resent_total",
    "Receipts that came again with the next report",
    () => notary.figures.resent,
  );
  metrics.gauge("receipts_pending", "Receipts not verified yet", () => notary.pending);
  for (const fault of receiptFaults) {
    const name = `receipts_${fault.replace("-", "_")}_total`;
    metrics.counter(name, `Receipts that do not count: ${fault}`, () => notary.figures.faults.get(fault) ?? 0);
  }
  metrics.gauge("overlays", "Registered overlay networks", () => core.overlays.size);
  metrics.gauge("peers", "Registered peers, silent ones included", () => core.peerCount);
  metrics.gauge("store_pending_rows", "Rows queued and not yet durable", () => statistics.pending);
  metrics.counter("store_groups_total", "Groups of rows written", () => statistics.groups);
  metrics.counter("store_rows_total", "Rows written", () => statistics.rows);
  metrics.counter("store_failures_total", "Groups that could not be written", () => statistics.failures);
  metrics.counter("store_seconds_total", "Time spent writing", () => statistics.seconds);
}

function index(prefix: string): object {
  return {
    what: "Peer activity management server (PAMS) of managed peer-to-peer networks, ITU-T X.609.1",
    operations: {
      PAMP_OVERLAY_NW_REG: `POST ${prefix}/pams/`,
      PAMP_OVERLAY_NW_DEREG: `DELETE ${prefix}/pams/{NID}/`,
      PAMP_PEER_REG: `POST ${prefix}/pams/{NID}/peer/`,
      PAMP_PEER_DEREG: `DELETE ${prefix}/pams/{NID}/peers/{PID}`,
      PAMP_PEER_STATUS_REPORT: `PUT ${prefix}/pams/{NID}/peer/{PID}/`,
      PAMP_PEER_LIST_QUERY: `GET ${prefix}/pams/{NID}/peer`,
      PAMP_PEER_INFO_QUERY: `GET ${prefix}/pams/{NID}/peers/{PID}`,
    },
  };
}

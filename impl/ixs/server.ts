import { createIxsListener, type IxsHandlers } from "../../generated/ixs/server.js";
import type { ServerLimits } from "../../generated/runtime/http-server-types.js";
import { Tokens } from "../keys/bearer.js";
import { type Clock, type Random, systemClock, systemRandom } from "../net/clock.js";
import { type HttpHost, type HttpHostOptions, openHttpHost } from "../net/http-host.js";
import { createHttpMetrics } from "../net/http-metrics.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { measureStore } from "../net/store-metrics.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";
import { IxsCore } from "./core.js";
import { createHandlers } from "./handlers.js";
import { StoreJournal } from "./journal.js";
import { defaultLimits, defaultReadings, type IxsLimits, type IxsReadings } from "./policy.js";

export interface IxsOptions {
  /** What a previous IXS left in it is taken over. Stays open when the IXS stops. Default: in memory, where nothing survives a restart. */
  readonly store?: Store;
  readonly readings?: Partial<IxsReadings>;
  readonly limits?: Partial<IxsLimits>;
  /** Tokens that let their holder update and remove every index file. Default: none. */
  readonly adminTokens?: readonly string[];
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

export interface IxsServerOptions
  extends IxsOptions,
    Pick<HttpHostOptions, "host" | "port" | "tls" | "drainMs" | "keepAliveMs" | "maxConnections"> {
  /** Bounds on requests: body size, nesting, length of identifiers. */
  readonly httpLimits?: ServerLimits;
}

export interface Ixs {
  readonly handlers: IxsHandlers;
  readonly core: IxsCore;
}

export interface IxsServer {
  /** Where it listens, without path: clients append /ixs/. */
  readonly url: string;
  readonly port: number;
  readonly ixs: Ixs;
  readonly host: HttpHost;
  /** Lets answers under way finish. The store stays open: it is its owner's to close. */
  close(): Promise<void>;
}

/** How often index files that have ended are swept out, in ms. */
const sweepMs = 1000;

/**
 * An IXS without its HTTP server: give `handlers` to the generated listener, router or server.
 *
 * @throws StoreError when the store cannot be read
 */
export function createIxs(options: IxsOptions): Ixs {
  const { store = createMemoryStore(), clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const journal = new StoreJournal(store);
  const core = new IxsCore({
    readings: { ...defaultReadings, ...options.readings },
    limits: { ...defaultLimits, ...options.limits },
    clock,
    journal,
  });
  journal.load(core);
  const administrators = new Tokens(options.adminTokens ?? [], random);
  return { core, handlers: createHandlers({ core, store, random, logger, administrators }) };
}

/**
 * An IXS that listens [X.609.10 8.6], with `/healthz` and `/metrics` on the same port.
 * Rejects with the system's error when it cannot listen.
 */
export async function startIxsServer(given: IxsServerOptions): Promise<IxsServer> {
  const options = { ...given, store: given.store ?? createMemoryStore() };
  const { store, logger = silentLogger } = options;
  const ixs = createIxs(options);
  const metrics = createHttpMetrics("ixs");
  metrics.gauge("index_files", "Registered index files", () => ixs.core.count);
  metrics.gauge("index_octets", "Octets of all index files as JSON", () => ixs.core.octets);
  measureStore(metrics, store);
  const front = createIxsListener(ixs.handlers, {
    // A filter that is misspelt would list everything.
    unknownParameters: "refuse",
    limits: { bodyBytes: ixs.core.limits.fileOctets * 2, ...options.httpLimits },
    onRequest(operation, status, seconds) {
      metrics.observe(operation || "none", status, seconds);
      logger.debug({ operation, status, ms: seconds * 1000 }, "answered");
    },
    onError: (error, { operation }) => logger.error({ err: error, operation }, "handler failed"),
  });
  const host = await openHttpHost({
    ...options,
    name: "ixs",
    front,
    metrics,
    index,
    health() {
      if (store.statistics.lastError !== undefined) throw store.statistics.lastError;
      return { index_files: ixs.core.count };
    },
  });
  const timer = setInterval(() => ixs.core.expire(), sweepMs).unref();
  return {
    url: host.url,
    port: host.port,
    ixs,
    host,
    async close() {
      clearInterval(timer);
      await host.close();
      await store.commit();
    },
  };
}

const index = {
  what: "Index server (IXS) of managed peer-to-peer data streaming, ITU-T X.609.10",
  operations: {
    IXS_INDEX_FILE_REGISTER: "POST /ixs/index-files",
    IXS_INDEX_FILE_UPDATE: "PUT /ixs/index-files",
    IXS_INDEX_FILE_REMOVE: "DELETE /ixs/index-files?version=&data_source_id=&data_id=",
    IXS_INDEX_FILE_QUERY: "GET /ixs/index-files?version=&title=&data_source_id=&data_id=",
  },
};

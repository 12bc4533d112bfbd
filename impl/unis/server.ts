import type { ServerLimits } from "../../generated/runtime/http-server-types.js";
import { problem } from "../../generated/runtime/problem.js";
import { createUnisListener, type UnisHandlers } from "../../generated/unis/server.js";
import { type Clock, systemClock } from "../net/clock.js";
import { type HttpHost, type HttpHostOptions, openHttpHost } from "../net/http-host.js";
import { createHttpMetrics } from "../net/http-metrics.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { measureStore } from "../net/store-metrics.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";
import { UnisCore } from "./core.js";
import { StoreJournal } from "./journal.js";
import { defaultPolicy, loadPolicy, type UnisPolicy } from "./policy.js";
import { defaultLimits, defaultSettings, type UnisLimits, type UnisSettings } from "./settings.js";
import { loadTables, type TableFiles, watchFiles } from "./tables.js";

export interface UnisOptions {
  /** For measurements; what a previous UNIS left in it is taken over. Stays open when the UNIS stops. Default: in memory, where nothing survives a restart. */
  readonly store?: Store;
  /** Tables of the network. Without them, what is known is who is in the same block of addresses, and what peers measured. */
  readonly tables?: TableFiles;
  /** The ISP's policy, or the file that has it, which is read again with the tables. */
  readonly policy?: UnisPolicy | string;
  readonly settings?: Partial<UnisSettings>;
  readonly limits?: Partial<UnisLimits>;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export interface UnisServerOptions
  extends UnisOptions,
    Pick<HttpHostOptions, "host" | "port" | "tls" | "drainMs" | "keepAliveMs" | "maxConnections"> {
  /** Bounds on requests. Default: bodies of 4 MiB, for lists of 10,000 peers. */
  readonly httpLimits?: ServerLimits;
  /** Reads files again when they change. Default true. */
  readonly watch?: boolean;
}

export interface Unis {
  readonly handlers: UnisHandlers;
  readonly core: UnisCore;
  /** Reads tables and policy again. Where one cannot be read, all stays as it was, and the log says why. Never rejects. */
  reload(): Promise<boolean>;
}

export interface UnisServer {
  /** Where it listens, without path: clients append /unis/. */
  readonly url: string;
  readonly port: number;
  readonly unis: Unis;
  readonly host: HttpHost;
  /** Lets answers under way finish and makes measurements durable. The store stays open: it is its owner's to close. */
  close(): Promise<void>;
}

/** How often old measurements are swept out, in ms. */
const sweepMs = 5000;

/**
 * A UNIS without its HTTP server: give `handlers` to the generated listener, router or server.
 * Rejects with TableError, PolicyError or the system's error where a file cannot be used.
 */
export async function createUnis(options: UnisOptions): Promise<Unis> {
  const {
    store = createMemoryStore(),
    tables = {},
    policy = defaultPolicy,
    clock = systemClock,
    logger = silentLogger,
  } = options;
  const journal = new StoreJournal(store);
  const core = new UnisCore({
    settings: { ...defaultSettings, ...options.settings },
    limits: { ...defaultLimits, ...options.limits },
    clock,
    journal,
  });
  journal.load(core.measurements);
  const load = async () => {
    const network = await loadTables(tables, logger);
    core.use(network, typeof policy === "string" ? loadPolicy(policy) : policy);
  };
  await load();
  let loading: Promise<boolean> | undefined;
  return {
    core,
    handlers: createHandlers(core),
    async reload() {
      loading ??= load().then(
        () => true,
        (error: unknown) => {
          logger.error({ err: error }, "tables or policy could not be read: the former ones stay");
          return false;
        },
      );
      const done = await loading;
      loading = undefined;
      return done;
    },
  };
}

function createHandlers(core: UnisCore): UnisHandlers {
  return {
    UNIS_DISTANCE_QUERY({ body: { distance_query } }) {
      return { status: 200, body: { distances: core.order(distance_query) } };
    },
    UNIS_MEASUREMENT_REPORT({ body: { measurements } }, { remoteAddress }) {
      const receipt = core.report(measurements, remoteAddress);
      if (!("status" in receipt)) return { status: 200, body: { measurements: receipt } };
      const { status, clause, ...rest } = receipt;
      return { status, body: problem(status, { ...rest, clause: `X.609.10 ${clause}` }) };
    },
  };
}

/**
 * A UNIS that listens [X.609.10 8.3, 8.4], with `/healthz` and `/metrics` on the same port.
 * Rejects as {@link createUnis} does, and with the system's error when it cannot listen.
 */
export async function startUnisServer(given: UnisServerOptions): Promise<UnisServer> {
  const options = { ...given, store: given.store ?? createMemoryStore() };
  const { store, clock = systemClock, logger = silentLogger, tables = {}, policy } = options;
  const unis = await createUnis(options);
  const { core } = unis;
  const metrics = createHttpMetrics("unis");
  metrics.gauge("prefixes", "Prefixes in the tables", () => core.network.prefixes);
  metrics.gauge("relations", "Related pairs of autonomous systems in the tables", () => core.network.relations);
  metrics.gauge("measured_pairs", "Pairs of prefixes with measured round trips", () => core.measurements.size);
  measureStore(metrics, store);
  const front = createUnisListener(unis.handlers, {
    limits: { bodyBytes: 4 * 1024 ** 2, ...options.httpLimits },
    onRequest(operation, status, seconds) {
      metrics.observe(operation || "none", status, seconds);
      logger.debug({ operation, status, ms: seconds * 1000 }, "answered");
    },
    onError: (error, { operation }) => logger.error({ err: error, operation }, "handler failed"),
  });
  const host = await openHttpHost({
    ...options,
    name: "unis",
    front,
    metrics,
    index,
    health() {
      if (store.statistics.lastError !== undefined) throw store.statistics.lastError;
      const { prefixes, relations } = core.network;
      return { prefixes, relations, measured_pairs: core.measurements.size };
    },
  });
  const timer = setInterval(() => core.measurements.sweep(clock.now()), sweepMs).unref();
  const files = [
    ...(tables.prefixes ?? []),
    ...(tables.relations ?? []),
    ...(typeof policy === "string" ? [policy] : []),
  ];
  const unwatch = options.watch === false ? () => {} : watchFiles(files, () => void unis.reload());
  return {
    url: host.url,
    port: host.port,
    unis,
    host,
    async close() {
      clearInterval(timer);
      unwatch();
      await host.close();
      await store.commit();
    },
  };
}

const index = {
  what: "Underlying network information server (UNIS) of managed peer-to-peer data streaming, ITU-T X.609.10",
  operations: {
    UNIS_DISTANCE_QUERY: "POST /unis/distances",
    UNIS_MEASUREMENT_REPORT: "POST /unis/measurements",
  },
};

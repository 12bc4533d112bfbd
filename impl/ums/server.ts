import { createHmac } from "node:crypto";
import type { Refusal, RequestContext, ServerLimits } from "../../generated/runtime/http-server-types.js";
import { createUmsListener, type UmsHandlers } from "../../generated/ums/server.js";
import { Tokens } from "../keys/bearer.js";
import { type Clock, type Random, systemClock, systemRandom } from "../net/clock.js";
import { type HttpHost, type HttpHostOptions, openHttpHost } from "../net/http-host.js";
import { createHttpMetrics } from "../net/http-metrics.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { measureStore } from "../net/store-metrics.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";
import { UmsCore } from "./core.js";
import { challenge, createHandlers } from "./handlers.js";
import { StoreJournal } from "./journal.js";
import { defaultLimits, defaultSettings, type UmsLimits, type UmsSettings } from "./settings.js";
import { Throttle } from "./throttle.js";

export interface UmsOptions {
  /** What a previous UMS left in it is taken over. Stays open when the UMS stops. Default: in memory, where nothing survives a restart. */
  readonly store?: Store;
  /** Tokens of administrators, one at least; they may ask for rights, too. */
  readonly adminTokens: readonly string[];
  /** Tokens by which an OMS may ask for rights on R7. Default: none. */
  readonly omsTokens?: readonly string[];
  readonly settings?: Partial<UmsSettings>;
  readonly limits?: Partial<UmsLimits>;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

export interface UmsServerOptions
  extends UmsOptions,
    Pick<HttpHostOptions, "host" | "port" | "tls" | "drainMs" | "keepAliveMs" | "maxConnections"> {
  /** Bounds on requests. Default: bodies of 2 MiB, for channels with many users. */
  readonly httpLimits?: ServerLimits;
}

export interface Ums {
  readonly handlers: UmsHandlers;
  /** For the `authorize` option of the generated server. */
  authorize(operation: string, context: RequestContext): Refusal | undefined;
  readonly core: UmsCore;
}

export interface UmsServer {
  /** Where it listens, without path: clients append /ums/. */
  readonly url: string;
  readonly port: number;
  readonly ums: Ums;
  readonly host: HttpHost;
  /** Lets answers under way finish. The store stays open: it is its owner's to close. */
  close(): Promise<void>;
}

/**
 * A UMS without its HTTP server: give `handlers` and `authorize` to the generated listener, router or server.
 *
 * @throws TypeError without a token for an administrator
 * @throws StoreError when the store cannot be read
 */
export function createUms(options: UmsOptions): Ums {
  const { store = createMemoryStore(), clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const journal = new StoreJournal(store);
  const key = journal.key(random);
  const core = new UmsCore({
    settings: { ...defaultSettings, ...options.settings },
    limits,
    clock,
    journal,
    // One digest per credential, whoever's it is: a bearer token says nothing but itself. Fast, so short ones can be guessed by
    // whoever steals the file; long random ones are safe.
    digestOf: (credential) => createHmac("sha256", key).update(credential).digest("base64url"),
  });
  journal.load(core.directory);
  const administrators = new Tokens(options.adminTokens, random);
  if (administrators.none) throw new TypeError("a UMS wants a token for its administrator");
  const inquirers = new Tokens([...options.adminTokens, ...(options.omsTokens ?? [])], random);
  const throttle = new Throttle(limits.wrongCredentials, clock, random);
  return {
    core,
    handlers: createHandlers({ core, store, throttle, logger }),
    authorize(operation, { headers: { authorization } }) {
      if (operation === "UMS_CHANNEL_LIST") return undefined;
      const [admitted, whose] =
        operation === "UMS_ACCESS_QUERY"
          ? [inquirers, "the OMS's token, or the administrator's"]
          : [administrators, "the administrator's token"];
      return admitted.admits(authorization) ? undefined : { status: 401, challenge, detail: `this takes ${whose}` };
    },
  };
}

/**
 * A UMS that listens [X.609.10 8.7, 8.12], with `/healthz` and `/metrics` on the same port.
 * Rejects with the system's error when it cannot listen.
 */
export async function startUmsServer(given: UmsServerOptions): Promise<UmsServer> {
  const options = { ...given, store: given.store ?? createMemoryStore() };
  const { store, logger = silentLogger } = options;
  const ums = createUms(options);
  const { directory } = ums.core;
  const metrics = createHttpMetrics("ums");
  metrics.gauge("users", "Users", () => directory.users.size);
  metrics.gauge("channels", "Channels", () => directory.channels.size);
  metrics.gauge("grants", "Rights of users to channels", () => directory.grants);
  measureStore(metrics, store);
  const front = createUmsListener(ums.handlers, {
    authorize: ums.authorize,
    limits: { bodyBytes: 2 * 1024 ** 2, ...options.httpLimits },
    onRequest(operation, status, seconds) {
      metrics.observe(operation || "none", status, seconds);
      logger.debug({ operation, status, ms: seconds * 1000 }, "answered");
    },
    onError: (error, { operation }) => logger.error({ err: error, operation }, "handler failed"),
  });
  const host = await openHttpHost({
    ...options,
    name: "ums",
    front,
    metrics,
    index,
    health() {
      if (store.statistics.lastError !== undefined) throw store.statistics.lastError;
      return { users: directory.users.size, channels: directory.channels.size };
    },
  });
  if (options.tls === undefined && !/^(127\.|localhost$|::1$)/.test(options.host ?? "127.0.0.1")) {
    logger.warn({ url: host.url }, "credentials travel in clear: no TLS");
  }
  return {
    url: host.url,
    port: host.port,
    ums,
    host,
    async close() {
      await host.close();
      await store.commit();
    },
  };
}

const index = {
  what: "User management server (UMS) of managed peer-to-peer data streaming, ITU-T X.609.10",
  operations: {
    UMS_ACCESS_QUERY: "POST /ums/access-rights",
    UMS_CHANNEL_LIST: "GET /ums/channels",
    UMS_USER_PUT: "PUT /ums/users/{UID}",
    UMS_USER_DELETE: "DELETE /ums/users/{UID}",
    UMS_CHANNEL_PUT: "PUT /ums/channels/{CID}",
    UMS_CHANNEL_DELETE: "DELETE /ums/channels/{CID}",
    UMS_GRANT_PUT: "PUT /ums/channels/{CID}/users/{UID}",
    UMS_GRANT_DELETE: "DELETE /ums/channels/{CID}/users/{UID}",
  },
};

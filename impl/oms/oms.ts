import type { OmsHandlers } from "../../generated/oms/server.js";
import type { Auth } from "../../generated/runtime/http-client-types.js";
import { Tokens } from "../keys/bearer.js";
import { type Clock, type Random, systemClock, systemRandom } from "../net/clock.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { serverUrlFault } from "../net/server-url.js";
import { createPampOms } from "../pamp-client/index.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";
import { createDistances } from "../unis-client/index.js";
import { Activity } from "./activity.js";
import { Availability } from "./availability.js";
import { Resources } from "./cache-servers/resources.js";
import { OmsCore } from "./core.js";
import { createHandlers } from "./handlers.js";
import { ProviderIdentity } from "./identity.js";
import { PeerLists } from "./peer-lists.js";
import { Registry, type RegistryListener } from "./registry.js";
import { AccessRights } from "./rights.js";
import { connectUms, csConnector } from "./servers.js";
import { defaultLimits, defaultPolicy, type OmsLimits, type OmsPolicy } from "./settings.js";

/** A cache server of the configuration. */
export interface ConfiguredCacheServer {
  readonly id: string;
  readonly url: string;
  /** Allocations that this OMS may have there. Default 100. */
  readonly capacity?: number;
  /** Shown to it instead of `csToken`. */
  readonly token?: string;
}

export interface OmsOptions {
  /** What a previous OMS left in it is taken over. Stays open when the OMS stops. Default: in memory, where nothing survives a restart. */
  readonly store?: Store;
  readonly policy?: Partial<OmsPolicy>;
  readonly limits?: Partial<OmsLimits>;
  /** R1: where overlay networks are registered, and peer lists asked for. */
  readonly pams?: { readonly url: string; readonly auth?: Auth };
  /** R3: who knows distances. `publicUrl` is what peers are told where it is another one. */
  readonly unis?: { readonly url: string; readonly publicUrl?: string };
  /** R7: who knows users. */
  readonly ums?: { readonly url: string; readonly token?: string };
  /** R8: cache servers to command, beside those that operators make known. */
  readonly cacheServers?: readonly ConfiguredCacheServer[];
  /** What is shown to cache servers. */
  readonly csToken?: string;
  /** What operators show. Without it, nobody is one. */
  readonly adminToken?: string;
  /** What those show who may make overlay networks without the quotas of {@link OmsPolicy}, or alone may make any. */
  readonly creatorTokens?: readonly string[];
  /** How often upkeep looks whether there is something to do, in ms. Default 200. */
  readonly upkeepMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

export interface OmsFigures {
  readonly overlays: number;
  readonly peers: number;
  readonly allocations: number;
  readonly cacheServers: number;
  /** Overlay networks that are gone here, of which the PAMS has still to confirm it. */
  readonly farewells: number;
  readonly distances: number;
  /** Answers of the UMS kept for when it is down. */
  readonly rights: number;
  /** What the PAMS refuses this OMS now. */
  readonly refusedByPams: number;
}

export interface Oms {
  readonly handlers: OmsHandlers;
  readonly core: OmsCore;
  figures(): OmsFigures;
  /** From now on: tells which memberships and overlay networks end. */
  listen(listener: RegistryListener): void;
  /** Servers that do not answer now; with the status where one answers, and refuses this OMS. */
  away(): string[];
  /** Tells other servers what is due, and frees what has expired. To be called a few times in a second; answers are right without it. */
  upkeep(): void;
  /** Begins upkeep by itself. */
  start(): void;
  /** Ends upkeep, lets what is under way finish, and makes what was refreshed durable. */
  stop(): Promise<void>;
}

/**
 * An overlay management server [X.609.10 7.2.4] without its HTTP server: give `handlers` to the generated listener, router or server.
 * `omsUrl` is where cache servers are told to come, `signallingUrl` where members are told that they arrange data channels.
 *
 * @throws StoreError when the store cannot be read
 */
export function createOms(
  options: OmsOptions,
  omsUrl: () => string,
  signallingUrl: () => string | undefined = () => undefined,
): Oms {
  const { store = createMemoryStore(), clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  assertUrls(options);
  const policy: OmsPolicy = { ...defaultPolicy, ...options.policy };
  const limits: OmsLimits = { ...defaultLimits, ...options.limits };
  const { patienceMs } = policy;
  const available = (name: string) => new Availability(name, { clock, random, logger });
  const servers = { pams: available("pams"), ums: available("ums") };

  const registry = new Registry(store, clock.now());
  const identity = new ProviderIdentity(store, random);
  const core = new OmsCore({ registry, identity, policy, limits, clock, random });
  const activity =
    options.pams === undefined
      ? undefined
      : new Activity({
          pams: createPampOms({
            pams: options.pams.url,
            timeoutMs: patienceMs,
            random,
            ...(options.pams.auth === undefined ? {} : { auth: options.pams.auth }),
          }),
          stranger: createPampOms({ pams: options.pams.url, timeoutMs: patienceMs, random }),
          availability: servers.pams,
          registry,
          store,
          clock,
          logger,
          policy,
          providerKey: identity.publicKey,
          most: limits.requests,
        });
  const distances =
    options.unis === undefined
      ? undefined
      : createDistances({
          unis: options.unis.url,
          timeoutMs: patienceMs,
          maxPairs: limits.distances,
          clock,
          random,
          logger,
        });
  const rights = new AccessRights({
    ums: options.ums === undefined ? undefined : connectUms(options.ums.url, options.ums.token, patienceMs),
    availability: servers.ums,
    store,
    clock,
    random,
    policy,
    most: limits.rights,
  });
  const resources = new Resources({
    core,
    registry,
    activity,
    store,
    clock,
    random,
    logger,
    connect: csConnector(options.csToken, patienceMs),
    omsUrl,
    providerKey: identity.publicKey,
  });
  /** Sessions of the UMS of which an overlay network is gone. */
  const endedSessions = new Set<string>();
  registry.listen({
    overlayRemoved: ({ record: { umsSession } }) => void (umsSession !== null && endedSessions.add(umsSession)),
  });
  const endSessions = (): void => {
    if (endedSessions.size === 0) return;
    for (const { record } of registry.overlays.values()) endedSessions.delete(record.umsSession ?? "");
    for (const session of endedSessions) rights.endSession(session);
    endedSessions.clear();
  };
  // What has ended while no OMS ran goes only now: others have to be told.
  registry.sweep(clock.now());
  resources.configure(
    new Map(
      (options.cacheServers ?? []).map(({ id, url, capacity = 100, token }) => [
        id,
        { url, capacity, ...(token === undefined ? {} : { accessToken: token }) },
      ]),
    ),
  );
  const handlers = createHandlers({
    core,
    identity,
    activity,
    lists: new PeerLists({ activity, distances, policy, limits, random }),
    rights,
    resources,
    store,
    logger,
    unisUrl: options.unis?.publicUrl ?? options.unis?.url,
    signallingUrl,
    creators: new Tokens(options.creatorTokens ?? [], random),
    operators: new Tokens(options.adminToken === undefined ? [] : [options.adminToken], random),
  });

  const upkeep = (): void => {
    try {
      const now = clock.now();
      registry.sweep(now);
      registry.upkeep(now);
      rights.sweep();
      endSessions();
      activity?.tick();
      resources.tick();
    } catch (error) {
      logger.error({ err: error }, "upkeep failed");
    }
  };
  let timer: NodeJS.Timeout | undefined;

  return {
    handlers,
    core,
    figures: () => ({
      ...core.counts,
      allocations: resources.size,
      cacheServers: resources.directory.servers.size,
      farewells: activity?.farewells ?? 0,
      distances: distances?.size ?? 0,
      rights: rights.size,
      refusedByPams: activity?.refused ?? 0,
    }),
    listen: (listener) => registry.listen(listener),
    away() {
      const silent = Object.entries(servers).flatMap(([name, server]) => (server.failures > 0 ? name : []));
      const refusing =
        activity === undefined || activity.refused === 0 ? [] : [`pams (${activity.refusals.join(", ")})`];
      const dead = [...resources.directory.servers.values()]
        .filter(({ up }) => up === false)
        .map(({ id }) => `cs ${id}`);
      return [...silent, ...refusing, ...dead];
    },
    upkeep,
    start() {
      timer ??= setInterval(upkeep, options.upkeepMs ?? 200).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      distances?.close();
      await activity?.settle();
      await resources.settle();
      await store.commit();
    },
  };
}

/** For those without types: an address that stands alone would only be found out by what does not happen. @throws TypeError */
function assertUrls(options: OmsOptions): void {
  for (const name of ["pams", "unis", "ums"] as const) {
    const given: { readonly url?: unknown } | undefined = options[name];
    if (given === undefined) continue;
    if (typeof given.url !== "string") throw new TypeError(`${name} is to be { url: "http://…" }`);
    const fault = serverUrlFault(given.url);
    if (fault !== undefined) throw new TypeError(`${name}.url ${fault}`);
  }
  for (const { id, url } of options.cacheServers ?? []) {
    const fault = serverUrlFault(String(url));
    if (fault !== undefined) throw new TypeError(`the url of cache server ${id} ${fault}`);
  }
}

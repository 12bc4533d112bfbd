import type { KeyObject } from "node:crypto";
import type { PampHandlers } from "../../generated/pamp/server.js";
import type { Refusal, RequestContext } from "../../generated/runtime/http-server-types.js";
import { readPublicKey } from "../keys/ed25519.js";
import { type Clock, type Random, systemClock, systemRandom } from "../net/clock.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";
import { PamsCore } from "./core.js";
import { challenge, Gatekeeper, type PamsAuthentication } from "./credentials.js";
import { createHandlers } from "./handlers.js";
import { StoreJournal } from "./journal.js";
import { defaultLimits, defaultPolicy, type PamsLimits, type PamsPolicy } from "./policy.js";
import { Receipts } from "./receipts.js";

export interface PamsOptions {
  /** What a previous PAMS left in it is taken over. Stays open when the PAMS stops. Default: in memory, where nothing survives a restart. */
  readonly store?: Store;
  readonly policy?: Partial<PamsPolicy>;
  readonly limits?: Partial<PamsLimits>;
  /** Absolute URL handed out as `pams_url`, ending in /pams/. Default: made of what the request was addressed to [E-PAMP-22]. */
  readonly pamsUrl?: string;
  /** Path in front of /pams/, as given to the generated server. */
  readonly pathPrefix?: string;
  /** Default: everything is open, for laboratories. */
  readonly authentication?: PamsAuthentication;
  /** Public key of the service provider, which signs session keys; for overlay networks that name none of their own [8.2.6]. */
  readonly providerKey?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

export interface Pams {
  readonly handlers: PampHandlers;
  /** For the `authorize` option of the generated server. */
  authorize(operation: string, context: RequestContext): Refusal | undefined;
  readonly core: PamsCore;
  readonly receipts: Receipts;
  isOperator(authorization: string | undefined): boolean;
  /** Begins upkeep: peers long silent are removed, rankings made. Answers are right without it. */
  start(): void;
  /** Ends upkeep and makes what was reported durable. */
  stop(): Promise<void>;
}

/** How often upkeep looks whether there is something to do, in ms. */
const upkeepMs = 250;

/**
 * A PAMS without its HTTP server: give `handlers` and `authorize` to the generated listener, router or server.
 *
 * @throws TypeError when `providerKey` is none, or `pamsUrl` is no absolute URL that ends in /pams/
 * @throws StoreError when the store cannot be read
 */
export function createPams(options: PamsOptions): Pams {
  const {
    store = createMemoryStore(),
    pamsUrl,
    pathPrefix = "",
    clock = systemClock,
    random = systemRandom,
    logger = silentLogger,
  } = options;
  if (pamsUrl !== undefined) assertPamsUrl(pamsUrl);
  const journal = new StoreJournal(store);
  const core = new PamsCore({
    policy: { ...defaultPolicy, ...options.policy },
    limits: { ...defaultLimits, ...options.limits },
    clock,
    journal,
  });
  journal.load(core, clock.now());
  const receipts = new Receipts({
    core,
    clock,
    provider: options.providerKey === undefined ? undefined : assertProviderKey(options.providerKey),
  });
  const gatekeeper = new Gatekeeper(options.authentication ?? {}, random);
  const handlers = createHandlers({
    core,
    receipts,
    store,
    gatekeeper,
    logger,
    pamsUrl: (context) => pamsUrl ?? addressedUrl(context, pathPrefix),
  });

  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const upkeep = () => {
    immediate = undefined;
    try {
      const working = core.upkeep();
      const sweeping = journal.sweep();
      if (working || sweeping) immediate = setImmediate(upkeep);
    } catch (error) {
      logger.error({ err: error }, "upkeep failed");
    }
  };

  return {
    handlers,
    core,
    receipts,
    isOperator: (authorization) => gatekeeper.isOperator(authorization),
    authorize: (operation, { headers }) =>
      gatekeeper.admits(operation, headers.authorization)
        ? undefined
        : { status: 401, challenge, detail: "this is for an OMS, by its credentials" },
    start() {
      timer ??= setInterval(() => immediate === undefined && upkeep(), upkeepMs).unref();
    },
    async stop() {
      clearInterval(timer);
      clearImmediate(immediate);
      timer = undefined;
      immediate = undefined;
      await receipts.notary.idle();
      await store.commit();
    },
  };
}

/** @throws TypeError */
export function assertProviderKey(text: string): KeyObject {
  const key = readPublicKey(text);
  if (key === undefined) throw new TypeError("providerKey is to be an Ed25519 public key, 32 octets in base64url");
  return key;
}

/** @throws TypeError */
export function assertPamsUrl(text: string): void {
  if (!URL.canParse(text) || !/^https?:\/\/[^?#]*\/pams\/$/.test(text)) {
    throw new TypeError(`pamsUrl is to be an absolute http(s) URL that ends in /pams/: ${text}`);
  }
}

/** The URL by which a request says it came; a Host that is none would only mislead, so the loopback address replaces it. */
function addressedUrl({ headers, secure }: RequestContext, pathPrefix: string): string {
  const { host: asked = "" } = headers;
  const host = /^[\w.:[\]-]{1,255}$/.test(asked) && URL.canParse(`http://${asked}`) ? asked : "localhost";
  return `${secure ? "https" : "http"}://${host}${pathPrefix.replace(/\/+$/, "")}/pams/`;
}

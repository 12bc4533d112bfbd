import { statfs } from "node:fs/promises";
import type { CsHandlers } from "../../generated/cs/server.js";
import type { RequestContext } from "../../generated/runtime/http-server-types.js";
import { type Clock, monotonicClock, type Random, systemRandom } from "../net/clock.js";
import { type Logger, silentLogger } from "../net/logger.js";
import { createPeer } from "../peer/index.js";
import type { Store } from "../store/store.js";
import { allowance } from "./allowance.js";
import { CsCore } from "./core.js";
import { type CsAuthentication, challenge, Gatekeeper } from "./credentials.js";
import { footprint } from "./footprint.js";
import { createHandlers } from "./handlers.js";
import type { IngestSession } from "./ingest/ingest-session.js";
import { createSessions, type Sessions } from "./ingest/sessions.js";
import { StoreJournal } from "./journal.js";
import { type CsLimits, type CsTimes, defaultLimits, defaultPriority, defaultTimes, memoryLimits } from "./settings.js";
import { divide } from "./shares.js";
import { createVirtualPeers, type PeerSetup, type VirtualPeers } from "./virtual-peers.js";

export interface CsOptions {
  /** Its allocations; what a previous run left is taken over, and joins again. Stays open when the cache server stops. */
  readonly store: Store;
  /** Its name, as it tells it. Default "cs". */
  readonly csId?: string;
  /** Where its peers listen, RTP and LDMP come in. Default 127.0.0.1. */
  readonly peerHost?: string;
  /** TCP ports of its peers, one for each. Default: any free ones. */
  readonly peerPorts?: { readonly first: number; readonly last: number };
  /** The host that others are told; for peers together with `peerPorts`. Default: `peerHost`. */
  readonly advertise?: string;
  /** Where fragments of FILEs are kept, of virtual peers and of sessions. Default: memory. */
  readonly folder?: string;
  /** OMSs that may command it (absolute URLs); virtual peers join no other's overlay networks. Default: any OMS. */
  readonly allowedOms?: readonly string[];
  /** Where sessions of R12 are made; without both, none are. */
  readonly oms?: string;
  readonly ixs?: string;
  /** Shown to that OMS, where it lets only some make overlay networks, or holds others to quotas. */
  readonly creatorToken?: string;
  readonly authentication?: CsAuthentication;
  /** Absolute URL in front of /cs/ for data over HTTP. Default: as the request was addressed. */
  readonly url?: string;
  readonly limits?: Partial<CsLimits>;
  readonly times?: Partial<CsTimes>;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

export interface Cs {
  readonly handlers: CsHandlers;
  readonly gatekeeper: Gatekeeper;
  readonly core: CsCore;
  readonly peers: VirtualPeers;
  readonly sessions: Sessions;
  readonly times: CsTimes;
  /** Octets per second sent to peers lately. */
  readonly uploadRate: number;
  admits(session: IngestSession, authorization: string | undefined): boolean;
  /** Lets the virtual peers of the last run join again, and begins to divide the upload. */
  start(): void;
  /** Leaves all overlay networks, to be back after a restart; ends the sessions of R12. */
  stop(): Promise<void>;
}

/**
 * A cache server without its HTTP server [X.609.10 7.2.2]: give `handlers` and `gatekeeper` to the generated listener.
 *
 * @throws StoreError when the store cannot be read
 */
export function createCs(options: CsOptions): Cs {
  const { store, csId = "cs", peerHost = "127.0.0.1", advertise, peerPorts, folder } = options;
  const { clock = monotonicClock, random = systemRandom, logger = silentLogger } = options;
  if (advertise !== undefined && peerPorts === undefined)
    throw new TypeError("advertise goes together with peerPorts: others are told a host and a port");
  const inMemory = folder === undefined;
  const asked = { ...defaultLimits, ...(inMemory && memoryLimits), ...options.limits };
  // Where all is in memory, one bound is both.
  const limits = { ...asked, ...(inMemory && { memory: options.limits?.memory ?? asked.storage }) };
  const times = { ...defaultTimes, ...options.times };
  const journal = new StoreJournal(store, random);
  const core = new CsCore({ limits, times, clock, random, journal, onDisk: !inMemory });
  journal.load(core);
  const gatekeeper = new Gatekeeper(options.authentication ?? {}, random);
  const setup: PeerSetup = { createPeer, host: peerHost, ports: peerPorts, advertise, folder };
  const common = { core, setup, times, clock, random, logger };
  const peers = createVirtualPeers({ ...common, keyOf: (peerId) => journal.keyOf(peerId) });
  const sessions = createSessions({
    ...common,
    oms: options.oms,
    creatorToken: options.creatorToken,
    ixs: options.ixs,
    sourcePeerOf: (request) => journal.sourcePeerOf(request.title, request.data_source_id, request.data_id),
  });
  const admits: Cs["admits"] = ({ entry }, authorization) => gatekeeper.admits(entry.proof, authorization);

  let timer: NodeJS.Timeout | undefined;
  let uploadRate = 0;
  /** What each sender had sent, and might send, at the last look. */
  const before = new Map<string, { uploaded: number; limit: number }>();
  let lookedAt = clock.now();

  const lookAtDisk = async (): Promise<void> => {
    if (folder === undefined) return;
    try {
      const { bavail, bsize } = await statfs(folder);
      core.free = bavail * bsize;
    } catch (error) {
      logger.warn({ err: error, folder }, "the folder of fragments cannot be looked at");
    }
  };
  /** Divides the upload by priority and by what each made use of, and keeps storage within its bound. */
  const look = (): void => {
    core.tidy();
    const seconds = Math.max(0.001, (clock.now() - lookedAt) / 1000);
    lookedAt = clock.now();
    const senders = [
      ...core.current.map(({ id, priority }) => ({ id, weight: priority, session: peers.session(id) })),
      ...sessions.all().map(({ entry, source }) => ({ id: entry.id, weight: defaultPriority, session: source })),
    ].flatMap(({ session, ...sender }) => (session === undefined ? [] : [{ ...sender, session }]));
    const rates = senders.map(({ id, session }) => {
      const { uploaded } = session.state;
      const known = before.get(id);
      before.set(id, { uploaded, limit: known?.limit ?? limits.uploadRate });
      return known === undefined ? 0 : Math.max(0, uploaded - known.uploaded) / seconds;
    });
    uploadRate = rates.reduce((all, rate) => all + rate, 0);
    if (Number.isFinite(limits.uploadRate)) {
      const claims = senders.map(({ id, weight }, i) => {
        const rate = rates[i] ?? 0;
        const limit = before.get(id)?.limit ?? 0;
        // Whoever nearly used its part up may want more; whoever did not keeps room to grow.
        return { weight, demand: rate > 0.8 * limit ? Number.POSITIVE_INFINITY : 1.25 * rate };
      });
      for (const [i, limit] of divide(limits.uploadRate, claims).entries()) {
        const sender = senders[i];
        if (sender === undefined) continue;
        sender.session.limit({ uploadRate: Math.max(1, limit) });
        before.set(sender.id, { uploaded: before.get(sender.id)?.uploaded ?? 0, limit });
      }
    }
    for (const id of before.keys()) if (!senders.some((sender) => sender.id === id)) before.delete(id);
    for (const allocation of core.current) {
      const file = peers.session(allocation.id)?.indexFile;
      if (file === undefined) continue;
      const { fragments } = peers.activity(allocation.id);
      const there = footprint(fragments * file.fragment_size, fragments, inMemory || file.content_type === "STREAM");
      const { storage, memory } = allocation.takes;
      allocation.takes = { storage: Math.max(storage, there.storage), memory: Math.max(memory, there.memory) };
      allocation.kept = there.storage;
    }
    void lookAtDisk();
    for (const { id } of core.tooMany()) {
      core.ended(id, "no room for what would have to be kept");
      void peers.stop(id);
    }
  };

  return {
    core,
    peers,
    sessions,
    gatekeeper,
    times,
    admits,
    get uploadRate() {
      return uploadRate;
    },
    handlers: createHandlers({
      core,
      peers,
      sessions,
      store,
      logger,
      admits,
      challenge,
      allows: allowance(options.allowedOms, options.authentication?.oms !== undefined),
      ingestUrl: (context, id) => `${options.url?.replace(/\/+$/, "") ?? addressed(context)}/cs/sessions/${id}/data`,
      describe: () => ({
        cs_id: csId,
        allocations: core.current.length,
        max_allocations: limits.allocations,
        sessions: core.sessions.size,
        max_sessions: limits.sessions,
        storage_used: core.storage,
        max_storage: core.capacity,
        upload_rate: Math.round(uploadRate),
        ...(Number.isFinite(limits.uploadRate) && { max_upload_rate: limits.uploadRate }),
        methods: ["http", "rtp", "ldmp"],
      }),
    }),
    start() {
      void lookAtDisk();
      for (const allocation of core.current) peers.start(allocation);
      timer ??= setInterval(() => {
        try {
          look();
        } catch (error) {
          logger.error({ err: error }, "upkeep failed");
        }
      }, times.lookMs).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await Promise.all([peers.close(), sessions.close()]);
      await store.commit();
    },
  };
}

/** The URL by which a request says it came; a Host that is none would only mislead, so the loopback address replaces it. */
function addressed({ headers, secure }: RequestContext): string {
  const { host: asked = "" } = headers;
  const host = /^[\w.:[\]-]{1,255}$/.test(asked) && URL.canParse(`http://${asked}`) ? asked : "localhost";
  return `${secure ? "https" : "http"}://${host}`;
}

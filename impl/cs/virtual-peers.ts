import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createOmsClient } from "../../generated/oms/index.js";
import { isMp2pError } from "../../generated/runtime/errors.js";
import type { SigningKey } from "../keys/ed25519.js";
import { pauseMs } from "../net/backoff.js";
import type { Clock, Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import { pause } from "../net/pause.js";
import { PeerError } from "../peer/errors.js";
import type { IndexFile, Peer, PeerOptions, Session } from "../peer/types.js";
import type { Allocation, CsCore } from "./core.js";
import type { CsTimes } from "./settings.js";

/** How the peers of a cache server are set up, virtual ones and those of its sessions. */
export interface PeerSetup {
  readonly createPeer: (options: PeerOptions) => Promise<Peer>;
  /** Where they listen. */
  readonly host: string;
  /** Each listens on one of its own of these; undefined: on any free one. */
  readonly ports: { readonly first: number; readonly last: number } | undefined;
  /** The host told to other peers; only together with `ports`. Default: `host`. */
  readonly advertise: string | undefined;
  /** Where fragments are kept, a folder for each peer. Default: memory. */
  readonly folder: string | undefined;
}

export interface VirtualPeersOptions {
  readonly core: CsCore;
  readonly setup: PeerSetup;
  readonly times: CsTimes;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  keyOf(peerId: string): SigningKey;
}

/** What a virtual peer has done. */
export interface Activity {
  readonly fragments: number;
  readonly uploaded: number;
  readonly downloaded: number;
}

/** The virtual peers of a cache server at work [X.609.10 7.2.2]. */
export interface VirtualPeers {
  start(allocation: Allocation): void;
  /** Leaves, and deletes what was kept; resolves when both are done. */
  stop(id: string): Promise<void>;
  activity(id: string): Activity;
  /** The session of a virtual peer that is a member. */
  session(id: string): Session | undefined;
  /** Leaves all; what is kept stays for a restart. */
  close(): Promise<void>;
}

interface Running {
  readonly allocation: Allocation;
  readonly ending: AbortController;
  /** Whether what is kept goes too. */
  discard: boolean;
  session: Session | undefined;
  done: Promise<void>;
}

export function createVirtualPeers(options: VirtualPeersOptions): VirtualPeers {
  const { core, setup, times, clock, random, logger } = options;
  const running = new Map<string, Running>();

  /** One life of a virtual peer: from the command to join to its end, whoever brings that about. */
  const live = async (one: Running): Promise<void> => {
    const { allocation, ending } = one;
    const { signal } = ending;
    const folder = setup.folder === undefined ? undefined : join(setup.folder, allocation.id);
    let peer: Peer | undefined;
    try {
      peer = await createVirtualPeer(setup, folder, {
        peerId: allocation.peerId,
        key: options.keyOf(allocation.peerId),
        logger,
      });
      const session = await becomeMember(peer, one);
      if (session !== undefined) {
        one.session = session;
        core.joined(allocation.id);
        logger.info({ allocation: allocation.id, overlay: allocation.overlayId }, "virtual peer joined");
        const reason = await over(session, signal);
        if (reason !== undefined) end(one, reason);
      }
    } catch (error) {
      logger.error({ err: error, allocation: allocation.id }, "virtual peer failed");
      end(one, error instanceof Error ? error.message : String(error));
    }
    one.session = undefined;
    await peer?.close().catch((error: unknown) => logger.warn({ err: error }, "virtual peer not closed properly"));
    if (one.discard && folder !== undefined) await rm(folder, { recursive: true, force: true });
    logger.info({ allocation: allocation.id, reason: allocation.reason }, "virtual peer left");
  };
  const end = (one: Running, reason: string): void => {
    one.discard = true;
    core.ended(one.allocation.id, reason);
  };

  /** Joins, and tries again while the OMS has not made up its mind. Undefined where it was told to stop, or ended. */
  const becomeMember = async (peer: Peer, one: Running): Promise<Session | undefined> => {
    const { allocation, ending } = one;
    const { pamsUrl, password } = allocation;
    const until = clock.now() + times.patienceMs;
    for (let failures = 1; !ending.signal.aborted; failures++) {
      try {
        const indexFile = await indexFileOf(allocation, ending.signal);
        const joining = peer.join(indexFile, {
          role: "virtual-peer",
          // Alone it may use all of it; it is divided as soon as there are others.
          settings: { uploadRate: core.limits.uploadRate },
          ...(password !== undefined && { password }),
          ...(pamsUrl !== undefined && { pams: pamsUrl }),
        });
        // It waits for an OMS that is down as long as it takes: neither the command to leave nor the patience does.
        return await withinPatience(joining, until - clock.now(), ending.signal);
      } catch (error) {
        if (ending.signal.aborted) return undefined;
        if (!(error instanceof PeerError) && !isMp2pError(error)) throw error;
        logger.info({ err: error, allocation: allocation.id }, "the virtual peer cannot join");
        const reason = reasonOf(error.code);
        core.waits(allocation.id, reason);
        // An overlay network that is not there, or that is not what it seemed, will not come; a refusal may be early.
        const final = error.code === "ERR_NOT_FOUND" || error.code === "ERR_INDEX_FILE";
        if (final || clock.now() >= until) {
          end(one, reason);
          return undefined;
        }
        const { retryMs: baseMs, retryCapMs: capMs } = times;
        await pause(pauseMs(failures, { baseMs, capMs, retryAfterCapMs: capMs }, random), ending.signal);
      }
    }
    return undefined;
  };

  /** Waits for the end. @returns why, where it came from outside */
  const over = (session: Session, signal: AbortSignal): Promise<string | undefined> =>
    new Promise((resolve) => {
      let orphaned: NodeJS.Timeout | undefined;
      const settle = (reason?: string): void => {
        clearTimeout(orphaned);
        unlisten();
        signal.removeEventListener("abort", told);
        resolve(reason);
      };
      const told = (): void => settle();
      const unlisten = session.onNews((news) => {
        if (news.kind === "ended") settle(news.reason);
        if (news.kind !== "server" || news.server !== "OMS") return;
        clearTimeout(orphaned);
        // An OMS that has vanished: its overlay network has expired by then, whoever knows it.
        if (news.change === "down")
          orphaned = setTimeout(
            () => settle("the OMS has not answered for as long as an overlay network lives"),
            times.patienceMs,
          );
      });
      // Its content may turn out not to be what the index file says; then there is nothing to hand out.
      session.completed.catch((error: unknown) => {
        if (session.state.phase === "running") settle(error instanceof Error ? error.message : String(error));
      });
      if (signal.aborted) settle();
      else signal.addEventListener("abort", told);
    });

  const stop = async (one: Running): Promise<void> => {
    one.ending.abort();
    await one.done;
  };

  return {
    start(allocation) {
      const one: Running = {
        allocation,
        ending: new AbortController(),
        discard: false,
        session: undefined,
        done: Promise.resolve(),
      };
      running.set(allocation.id, one);
      one.done = live(one).finally(() => {
        if (running.get(allocation.id) === one) running.delete(allocation.id);
      });
    },
    async stop(id) {
      const one = running.get(id);
      if (one === undefined) return;
      one.discard = true;
      await stop(one);
    },
    session: (id) => running.get(id)?.session,
    activity(id) {
      const state = running.get(id)?.session?.state;
      return {
        fragments: state?.held.reduce((all, { count }) => all + count, 0) ?? 0,
        uploaded: state?.uploaded ?? 0,
        downloaded: state?.downloaded ?? 0,
      };
    },
    async close() {
      await Promise.all([...running.values()].map(stop));
    },
  };
}

/** A peer of the cache server, listening on a port of its own. @throws the system's error where none is free */
export async function createVirtualPeer(
  { createPeer, host, ports, advertise }: PeerSetup,
  folder: string | undefined,
  options: Pick<PeerOptions, "peerId" | "key" | "logger" | "ixs">,
): Promise<Peer> {
  const create = (port: number): Promise<Peer> =>
    createPeer({
      ...options,
      listen: { host, port },
      ...(advertise !== undefined && { advertise: [`tcp://${advertise}:${port}`] }),
      ...(folder !== undefined && { folder }),
    });
  if (ports === undefined) return create(0);
  for (let port = ports.first; ; port++) {
    try {
      return await create(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || port >= ports.last) throw error;
    }
  }
}

/** What is told of why it has not joined: not what some server answered, since whoever commands it may name any. The log has that. */
function reasonOf(code: string): string {
  if (code === "ERR_NOT_FOUND") return "the OMS has no such overlay network";
  if (code === "ERR_REFUSED") return "the OMS refuses the virtual peer";
  return code === "ERR_INDEX_FILE" ? "the index file lacks what a peer needs" : "the OMS does not answer as one does";
}

/** What the peer needs to know of the session: as the OMS handed it over, else as the OMS tells everybody. */
async function indexFileOf({ indexFile, omsUrl, overlayId }: Allocation, signal: AbortSignal): Promise<IndexFile> {
  const { source_peer_id, source_public_key, content_type } = indexFile ?? {};
  const common = { oms_url: omsUrl, overlay_network_id: overlayId };
  if (
    indexFile !== undefined &&
    source_peer_id !== undefined &&
    source_public_key !== undefined &&
    content_type !== undefined
  ) {
    const { version = 1, description = "" } = indexFile;
    return { ...indexFile, version, description, source_peer_id, source_public_key, content_type, ...common };
  }
  const client = createOmsClient({ baseUrl: omsUrl, timeoutMs: 5_000, retry: false });
  const result = await client.OMS_OVERLAY_QUERY({ params: { NID: overlayId } }, { signal });
  if (result.code === 404) throw new PeerError("ERR_NOT_FOUND", "the OMS has no such overlay network", 404);
  if (result.status !== 200) throw new PeerError("ERR_REFUSED", `the OMS answered ${result.code}`, result.code);
  const facts = result.body.overlay_network;
  return {
    version: 1,
    title: facts.title ?? overlayId,
    data_source_id: facts.source_peer_id,
    data_id: overlayId,
    fragment_size: facts.fragment_size,
    description: "",
    content_type: facts.content_type,
    source_peer_id: facts.source_peer_id,
    source_public_key: facts.source_public_key,
    closed: facts.closed,
    ...(indexFile?.content_size !== undefined && { content_size: indexFile.content_size }),
    ...(indexFile?.content_digest !== undefined && { content_digest: indexFile.content_digest }),
    ...common,
  };
}

/** Rejects as unavailable when the time is over or it is aborted; a session that comes about after that is left at once. */
async function withinPatience(joining: Promise<Session>, ms: number, signal: AbortSignal): Promise<Session> {
  const waiting = new AbortController();
  const late = pause(ms, AbortSignal.any([signal, waiting.signal])).then(() => undefined);
  try {
    const session = await Promise.race([joining, late]);
    if (session !== undefined) return session;
  } finally {
    waiting.abort();
  }
  joining.then(
    (missed) => missed.leave(),
    () => undefined,
  );
  throw new PeerError("ERR_UNAVAILABLE", "the OMS has not answered in time");
}

import { rm } from "node:fs/promises";
import type { SessionRequest } from "../../../generated/cs/types.js";
import type { SigningKey } from "../../keys/ed25519.js";
import type { Clock, Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { Peer } from "../../peer/types.js";
import type { CsCore } from "../core.js";
import { footprintOf } from "../footprint.js";
import { sessionFolder } from "../fragment-folder.js";
import type { CsTimes } from "../settings.js";
import { createVirtualPeer, type PeerSetup } from "../virtual-peers.js";
import { type IngestSession, openIngestSession } from "./ingest-session.js";
import { IngestRefusal, planOf } from "./plan.js";
import { refusalOf, taken } from "./refusal.js";

export interface SessionsOptions {
  readonly core: CsCore;
  readonly setup: PeerSetup;
  /** Where sessions are made [X.609.10 7.1.1]; without both none are. */
  readonly oms: string | undefined;
  readonly ixs: string | undefined;
  readonly creatorToken?: string | undefined;
  readonly times: CsTimes;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Who the cache server is in this session, the same at every attempt. */
  sourcePeerOf(request: SessionRequest): { readonly peerId: string; readonly key: SigningKey };
}

/** The sessions of a cache server that acts as a source peer [X.609.10 8.11] (E-DS-06). */
export interface Sessions {
  /** @throws IngestRefusal */
  create(
    request: SessionRequest,
  ): Promise<{ session: IngestSession; token: string; ldmpSecret: string | undefined; publicKey: string }>;
  find(id: string): IngestSession | undefined;
  /** Resolves when nothing of it is left, here or, as far as they answer, on the servers. */
  terminate(id: string): Promise<void>;
  all(): IngestSession[];
  close(): Promise<void>;
}

interface Open {
  readonly session: IngestSession;
  readonly folder: string | undefined;
  readonly name: string;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { core, setup, oms, ixs, times, clock, random, logger } = options;
  const open = new Map<string, Open>();
  /** Data whose session is there, in the making, or ending: two source peers would be one and the same. */
  const names = new Set<string>();
  const ending = new Set<Promise<void>>();

  const terminate = async (id: string, drainMs: number, reason: string): Promise<void> => {
    const found = open.get(id);
    if (found === undefined) return;
    open.delete(id);
    const { session, folder, name } = found;
    try {
      await session.terminate(drainMs);
    } catch (error) {
      logger.warn({ err: error, session: id }, "a session was not terminated everywhere: it expires there");
    }
    core.closeSession(id);
    names.delete(name);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    logger.info({ session: id, overlay: session.source.overlayId, reason }, "session terminated");
  };
  const tracked = (work: Promise<void>): Promise<void> => {
    ending.add(work);
    return work.finally(() => ending.delete(work));
  };

  return {
    async create(request) {
      if (oms === undefined || ixs === undefined)
        throw new IngestRefusal(503, "this cache server was given no OMS and no IXS to make sessions at");
      const plan = planOf(request);
      const takes = footprintOf({ ...request, fragment_size: plan.fragmentSize }, core.onDisk);
      if (takes.storage > core.limits.storage || takes.memory > core.limits.memory)
        throw new IngestRefusal(
          413,
          `the fragments would take ${takes.storage} octets and ${takes.memory} of memory, more than this cache server has`,
          request.content_size === undefined ? "/session/fragment_size" : "/session/content_size",
        );
      const name = JSON.stringify([request.title, request.data_source_id, request.data_id]);
      if (names.has(name)) throw taken(request, "they have a session at this cache server already");
      const granted = core.openSession(takes);
      if ("full" in granted) throw new IngestRefusal(503, granted.full);
      const { entry, token } = granted;
      names.add(name);
      const folder = setup.folder === undefined ? undefined : sessionFolder(setup.folder, entry.id);
      let peer: Peer | undefined;
      try {
        peer = await createVirtualPeer(setup, folder, { logger, ixs, ...options.sourcePeerOf(request) });
        const { closed } = request;
        const source = await peer.createSession({
          oms,
          ixs,
          ...(options.creatorToken !== undefined && { creatorToken: options.creatorToken }),
          title: request.title,
          description: request.description ?? "",
          dataSourceId: request.data_source_id,
          dataId: request.data_id,
          contentType: request.content_type,
          fragmentSize: plan.fragmentSize,
          format: plan.format,
          settings: { delayMs: times.delayMs, uploadRate: core.limits.uploadRate },
          ...(closed !== undefined && {
            closed: {
              ...(closed.peer_id !== undefined && { peers: closed.peer_id }),
              ...(closed.password !== undefined && { password: closed.password }),
            },
          }),
          ...(request.ums_session !== undefined && { umsSession: request.ums_session }),
          ...(request.service_classes !== undefined && { serviceClasses: request.service_classes }),
          ...(request.content_size !== undefined && { content: { size: request.content_size } }),
        });
        const ldmpSecret = request.methods.includes("ldmp")
          ? Buffer.from(random.bytes(12)).toString("base64url")
          : undefined;
        const session = await openIngestSession({
          entry,
          request,
          plan,
          peer,
          source,
          host: setup.host,
          advertise: setup.advertise ?? setup.host,
          ldmpSecret,
          maxOctets:
            request.content_size ??
            (request.content_type === "FILE" ? core.limits.sessionOctets : Number.POSITIVE_INFINITY),
          times,
          clock,
          logger,
          fits: (more) => core.lacks(more) === undefined,
          inMemory: !core.onDisk,
          onOver: (reason) => void tracked(terminate(entry.id, times.drainMs, reason)),
        });
        open.set(entry.id, { session, folder, name });
        logger.info({ session: entry.id, overlay: source.overlayId, methods: request.methods }, "session made");
        return { session, token, ldmpSecret, publicKey: peer.publicKey };
      } catch (error) {
        core.closeSession(entry.id);
        names.delete(name);
        await peer?.close().catch(() => undefined);
        if (folder !== undefined) await rm(folder, { recursive: true, force: true });
        throw refusalOf(error, request);
      }
    },
    find: (id) => open.get(id)?.session,
    terminate: (id) => tracked(terminate(id, 0, "told to")),
    all: () => [...open.values()].map(({ session }) => session),
    async close() {
      await Promise.all([...open.keys()].map((id) => tracked(terminate(id, 0, "the cache server stops"))));
      await Promise.all(ending);
    },
  };
}

import type { CsHandlers } from "../../generated/cs/server.js";
import type { Allocation as AllocationElement, CacheServer } from "../../generated/cs/types.js";
import type { RequestContext } from "../../generated/runtime/http-server-types.js";
import { problem } from "../../generated/runtime/problem.js";
import type { Logger } from "../net/logger.js";
import type { Store } from "../store/store.js";
import type { Allowance } from "./allowance.js";
import type { Allocation, CsCore } from "./core.js";
import type { IngestSession } from "./ingest/ingest-session.js";
import { IngestRefusal } from "./ingest/plan.js";
import type { Sessions } from "./ingest/sessions.js";
import { takeUpload } from "./ingest/upload.js";
import type { VirtualPeers } from "./virtual-peers.js";

export interface HandlerParts {
  readonly core: CsCore;
  readonly peers: VirtualPeers;
  readonly sessions: Sessions;
  readonly store: Store;
  readonly logger: Logger;
  describe(): CacheServer;
  /** Whether this header's token is the session's. */
  admits(session: IngestSession, authorization: string | undefined): boolean;
  readonly challenge: string;
  readonly allows: Allowance;
  /** Where data over HTTP go, as the request was addressed. */
  ingestUrl(context: RequestContext, sessionId: string): string;
}

/** The operations over the core. Allocations and releases are answered when they are on disk. */
export function createHandlers(parts: HandlerParts): CsHandlers {
  const { core, peers, sessions, store, logger } = parts;
  const written = async (): Promise<boolean> => {
    try {
      await store.commit();
      return true;
    } catch (error) {
      logger.error({ err: error }, "an allocation or release could not be written");
      return false;
    }
  };
  const element = (allocation: Allocation): AllocationElement => ({
    allocation_id: allocation.id,
    peer_id: allocation.peerId,
    overlay_network_id: allocation.overlayId,
    priority: allocation.priority,
    state: allocation.state,
    ...(allocation.reason !== undefined && { reason: allocation.reason.slice(0, 1024) }),
    storage_used: allocation.takes.storage,
    ...peers.activity(allocation.id),
  });
  /** Refuses, or acts on the session that the request is for. */
  const inSession = async <T>(
    id: string,
    { headers }: RequestContext,
    act: (session: IngestSession) => Promise<T>,
  ): Promise<T | ReturnType<typeof refused> | ReturnType<typeof unauthorized> | typeof unknown> => {
    const session = sessions.find(id);
    if (session === undefined) return unknown;
    if (!parts.admits(session, headers.authorization)) return unauthorized();
    try {
      return await act(session);
    } catch (error) {
      if (!(error instanceof IngestRefusal)) throw error;
      return refused(error);
    }
  };
  const unauthorized = () => ({
    status: 401 as const,
    body: problem(401, { detail: "the session's token is wanted", clause: "X.609.10 8.11 (E-DS-36)" }),
    headers: { "WWW-Authenticate": parts.challenge },
  });

  return {
    CS_QUERY: () => ({ status: 200, body: { cache_server: parts.describe() } }),

    async CS_ALLOCATE({ body: { allocation: asked } }) {
      const request = parts.allows(asked);
      if (request === undefined) return foreign;
      const granted = core.allocate(request);
      if (granted.outcome === "full") return { status: 503, body: problem(503, { detail: granted.what }) };
      const { allocation } = granted;
      if (!(await written())) {
        // Taken back: an allocation that would not survive is none.
        if (granted.outcome === "allocated") core.release(allocation.id);
        return unwritten("not allocated");
      }
      if (granted.outcome === "allocated" && core.allocations.has(allocation.id)) peers.start(allocation);
      return { status: 200, body: { allocation: element(allocation) } };
    },

    CS_ALLOCATION_QUERY({ params: { AID } }) {
      const allocation = core.find(AID);
      return allocation === undefined ? unknown : { status: 200, body: { allocation: element(allocation) } };
    },

    async CS_ALLOCATION_UPDATE({ params: { AID }, body }) {
      const allocation = core.prioritize(AID, body.allocation.priority);
      if (allocation === undefined) return unknown;
      if (!(await written())) return unwritten("changed, but perhaps not for good");
      return { status: 200, body: { allocation: element(allocation) } };
    },

    async CS_RELEASE({ params: { AID } }) {
      if (core.release(AID) === undefined) return unknown;
      const durable = await written();
      await peers.stop(AID);
      return durable ? { status: 200 } : unwritten("released, but perhaps not for good");
    },

    async CS_SESSION_CREATE({ body: { session: request } }, context) {
      try {
        const { session, token, ldmpSecret, publicKey } = await sessions.create(request);
        const { entry, source } = session;
        const http = request.methods.includes("http")
          ? [{ method: "http" as const, url: parts.ingestUrl(context, entry.id) }]
          : [];
        return {
          status: 200,
          body: {
            session: {
              session_id: entry.id,
              session_token: token,
              overlay_network_id: source.overlayId,
              oms_url: source.indexFile.oms_url,
              fragment_size: source.indexFile.fragment_size,
              source_public_key: publicKey,
              ...(ldmpSecret !== undefined && { ldmp_secret: ldmpSecret }),
              ingest: [...http, ...session.points],
            },
          },
        };
      } catch (error) {
        if (!(error instanceof IngestRefusal)) throw error;
        return refused(error);
      }
    },

    CS_SESSION_QUERY: ({ params: { SID } }, context) =>
      inSession(SID, context, async ({ status }) => ({ status: 200, body: { session_status: status } })),

    CS_SESSION_TERMINATE: ({ params: { SID } }, context) =>
      inSession(SID, context, async () => {
        await sessions.terminate(SID);
        return { status: 200 };
      }),

    async CS_DATA_UPLOAD(request, context) {
      const session = sessions.find(request.params.SID);
      if (session === undefined) return unknown;
      if (!parts.admits(session, context.headers.authorization)) return unauthorized();
      return await takeUpload(session, request, context, logger);
    },

    CS_SESSION_POST: ({ params: { SID }, body: { datum } }, context) =>
      inSession(SID, context, async (session) => {
        await session.datum(datum);
        return { status: 200, body: { session_status: session.status } };
      }),
  };
}

const unknown = { status: 404, body: problem(404, { detail: "nothing has this name" }) } as const;

const foreign = {
  status: 400,
  body: problem(400, {
    detail: "this cache server joins overlay networks of the OMSs that its operator named, and this is none of them",
    member: "/allocation/oms_url",
    clause: "X.609.10 8.8 a)",
  }),
} as const;

function refused({ status, message, member = "", clause }: IngestRefusal) {
  return { status, body: problem(status, { detail: message, member, clause }) } as const;
}

function unwritten(what: string) {
  return {
    status: 503,
    body: problem(503, { detail: `${what}: the cache server cannot write to its store` }),
  } as const;
}

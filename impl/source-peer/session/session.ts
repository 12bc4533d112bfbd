import type { SigningKey } from "../../keys/ed25519.js";
import { type Clock, monotonicClock, type Random, systemRandom } from "../../net/clock.js";
import { type Logger, silentLogger } from "../../net/logger.js";
import type { CreateSessionOptions, Peer, SessionNews, SourceSession } from "../../peer/types.js";
import { createRecordFragmenter, kindOf, longestId } from "../../records/index.js";
import type { Store } from "../../store/store.js";
import type { PostedData } from "../data-feed.js";
import type { ManagedSession, SourcePeer } from "../source-peer.js";
import { createSessionControl, type SessionControlOptions, type SessionEvent, type SessionPhase } from "./control.js";
import { createIndexFiles, type IndexFiles } from "./index-files.js";

export interface StreamingSessionOptions extends Partial<SessionControlOptions> {
  /** What makes the fragments and hands them out. */
  readonly peer: Pick<Peer, "createSession" | "peerId" | "publicKey">;
  /** Where the data sources are registered. */
  readonly sourcePeer: Pick<SourcePeer, "id" | "list" | "onSources" | "onData">;
  readonly oms: string;
  readonly ixs: string;
  readonly title: string;
  readonly description?: string;
  /** Identifier of the data of each data source: LDMP has none [X.609.8 8.1]. Default "data". */
  readonly dataId?: string;
  /** Octets of a full fragment. Default 16 KiB. */
  readonly fragmentSize?: number;
  /** How long data wait to share a fragment with others, in ms. Default 100. */
  readonly flushMs?: number;
  /** What may wait for an overlay network, in octets; the oldest go first. Default 16 MiB. */
  readonly maxBuffered?: number;
  /** How long the last fragments are still handed out before the session is terminated, in ms. Default 2,000. */
  readonly drainMs?: number;
  /** Passed on to {@link Peer.createSession}. */
  readonly session?: Partial<
    Pick<
      CreateSessionOptions,
      "closed" | "creatorToken" | "refreshExpiration" | "csResources" | "settings" | "umsSession" | "serviceClasses"
    >
  >;
  /** Keeps the owner's tokens of index files over a restart. */
  readonly store?: Store;
  /** The peer's key: with it alone it owns the index files still that it left when it was killed. */
  readonly key?: SigningKey;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

export type StreamingNews =
  | { readonly kind: "opened"; readonly overlayId: string }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "closed"; readonly overlayId: string; readonly reason?: string }
  | { readonly kind: "indexed" | "unindexed"; readonly sourceId: string }
  | { readonly kind: "dropped"; readonly fragments: number }
  /** Of the peer's session: links, servers, uploads. */
  | { readonly kind: "session"; readonly news: SessionNews };

export interface StreamingState {
  readonly phase: SessionPhase;
  readonly overlayId: string | undefined;
  /** Data sources registered. */
  readonly sources: number;
  /** Data taken, fragments made of them, and their octets, since the start of the source peer. */
  readonly data: number;
  readonly fragments: number;
  readonly octets: number;
  /** Fragments that found no overlay network in time. */
  readonly dropped: number;
}

/** The session of a source peer: what its data sources post goes to the peers of an overlay network [X.609.10 6, 7.1, 8.10]. */
export interface StreamingSession extends ManagedSession {
  readonly state: StreamingState;
  onNews(listener: (news: StreamingNews) => void): () => void;
  /** Terminates the session if there is one [X.609.10 7.1.3]. The peer and the source peer are their owner's to close. */
  close(): Promise<void>;
}

/** @throws RangeError when the fragments are too small for records, or the identifier of the data is too long */
export function startStreamingSession(options: StreamingSessionOptions): StreamingSession {
  const { peer, sourcePeer, oms, ixs, title, dataId = "data", fragmentSize = 16 * 1024, flushMs = 100 } = options;
  const { maxBuffered = 16 * 1024 * 1024, drainMs = 2_000, logger = silentLogger, clock = monotonicClock } = options;
  const { retryMs = 500, retryCapMs = 15_000 } = options;
  const control = createSessionControl({
    trigger: options.trigger ?? "data-sources",
    lingerMs: options.lingerMs ?? 10_000,
    retryMs,
    retryCapMs,
  });
  if (Buffer.byteLength(dataId) > longestId) throw new RangeError(`dataId has at most ${longestId} octets`);
  const fragmenter = createRecordFragmenter({ fragmentSize, lingerMs: flushMs });
  const listeners = new Set<(news: StreamingNews) => void>();
  const tell = (news: StreamingNews): void => {
    for (const listener of listeners) listener(news);
  };
  const indexFiles: IndexFiles = createIndexFiles({
    ixs,
    backoff: { baseMs: retryMs, capMs: retryCapMs, retryAfterCapMs: 3_600_000 },
    random: options.random ?? systemRandom,
    logger,
    onServer: (change, reason) =>
      tell({
        kind: "session",
        news: { kind: "server", server: "IXS", change, ...(reason !== undefined && { reason }) },
      }),
    ...(options.store !== undefined && { store: options.store }),
    ...(options.key !== undefined && { key: options.key }),
  });
  const counts = { data: 0, fragments: 0, octets: 0, dropped: 0 };
  /** Made while there is no overlay network. */
  const buffered: Uint8Array[] = [];
  let bufferedOctets = 0;
  let session: SourceSession | undefined;
  let timer: NodeJS.Timeout | undefined;
  let flushTimer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  let ended = false;
  const idle: (() => void)[] = [];

  const offer = (octets: Uint8Array): void => {
    // Its time is that of the offer: data of before the overlay network have their own times, and are to be handed on nevertheless.
    session?.append(octets).catch((error: unknown) => logger.warn({ err: error }, "a fragment was not offered"));
  };
  const send = (octets: Uint8Array): void => {
    counts.fragments++;
    counts.octets += octets.length;
    if (session !== undefined) {
      offer(octets);
      return;
    }
    let fragments = 0;
    if (control.expecting) {
      buffered.push(octets);
      bufferedOctets += octets.length;
    } else fragments++;
    while (bufferedOctets > maxBuffered) {
      bufferedOctets -= buffered.shift()?.length ?? bufferedOctets;
      fragments++;
    }
    counts.dropped += fragments;
    if (fragments > 0) tell({ kind: "dropped", fragments });
  };
  const flush = (): void => {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    for (const fragment of fragmenter.flush()) send(fragment);
  };
  const take = ({ sourceId, at, payloadType, payload }: PostedData): void => {
    const now = clock.now();
    counts.data++;
    const datum = { sourceId: String(sourceId), dataId, time: Math.floor(at), kind: kindOf(payloadType), payload };
    for (const fragment of fragmenter.add(datum, now)) send(fragment);
    const { dueAt } = fragmenter;
    clearTimeout(flushTimer);
    flushTimer = dueAt === undefined ? undefined : setTimeout(flush, Math.max(0, dueAt - now));
  };

  const open = async (): Promise<void> => {
    try {
      session = await peer.createSession({
        ...options.session,
        oms,
        ixs,
        title,
        description: options.description ?? `Data of the data sources of source peer ${sourcePeer.id}`,
        // The session as a whole; each data source has an index file of its own beside it (E-DS-38).
        dataSourceId: `source-peer-${sourcePeer.id}`,
        dataId: title,
        contentType: "STREAM",
        fragmentSize,
        format: "records",
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ err: error }, "no overlay network for the session yet");
      tell({ kind: "failed", reason });
      return dispatch({ type: "failed" });
    }
    const opened = session;
    opened.onNews((news) => {
      tell({ kind: "session", news });
      if (news.kind === "ended" && session === opened && control.phase === "open") void gone(opened, news.reason);
    });
    tell({ kind: "opened", overlayId: opened.overlayId });
    for (const octets of buffered.splice(0)) offer(octets);
    bufferedOctets = 0;
    dispatch({ type: "opened" });
  };
  /** The overlay network was removed by others, or has expired: whatever is left goes, and another may be made. */
  const gone = async (lost: SourceSession, reason: string): Promise<void> => {
    session = undefined;
    await Promise.all([lost.terminate().catch(() => undefined), indexFiles.clear()]);
    tell({ kind: "closed", overlayId: lost.overlayId, reason });
    dispatch({ type: "closed" });
  };
  const shut = async (): Promise<void> => {
    const over = session;
    if (over === undefined) return dispatch({ type: "closed" });
    flush();
    session = undefined;
    let reason: string | undefined;
    try {
      await over.end();
      await Promise.all([indexFiles.clear(), new Promise((resolve) => setTimeout(resolve, drainMs))]);
      await over.terminate();
    } catch (error) {
      // What a server was not told expires there.
      reason = error instanceof Error ? error.message : String(error);
      logger.warn({ err: error }, "the session was not terminated everywhere");
    }
    tell({ kind: "closed", overlayId: over.overlayId, ...(reason !== undefined && { reason }) });
    dispatch({ type: "closed" });
  };
  const dispatch = (event: SessionEvent): void => {
    for (const effect of control.step(event, clock.now())) {
      switch (effect.kind) {
        case "open":
          void open();
          break;
        case "close":
          void shut();
          break;
        case "index":
          if (session === undefined) break;
          indexFiles.add({
            title: `${title}: data source ${effect.sourceId}`,
            oms_url: session.indexFile.oms_url,
            overlay_network_id: session.overlayId,
            data_source_id: effect.sourceId,
            data_id: dataId,
            fragment_size: fragmentSize,
            description: session.indexFile.description,
            content_type: "STREAM",
            format: "records",
            source_peer_id: peer.peerId,
            source_public_key: peer.publicKey,
            ...(session.indexFile.closed !== undefined && { closed: session.indexFile.closed }),
          });
          tell({ kind: "indexed", sourceId: effect.sourceId });
          break;
        case "unindex":
          void indexFiles.remove(effect.sourceId, dataId);
          tell({ kind: "unindexed", sourceId: effect.sourceId });
          break;
      }
    }
    clearTimeout(timer);
    if (control.phase === "closed") for (const resolve of idle.splice(0)) resolve();
    const next = control.nextTimer();
    if (Number.isFinite(next) && !ended) {
      const wait = Math.min(2 ** 31 - 1, Math.max(1, next - clock.now()));
      timer = setTimeout(() => dispatch({ type: "timer" }), wait);
    }
  };

  const unwatch = sourcePeer.onSources(({ change, source }) => dispatch({ type: change, sourceId: String(source.id) }));
  const unlisten = sourcePeer.onData(take);
  // Registered before a restart.
  for (const { id } of sourcePeer.list()) dispatch({ type: "registered", sourceId: String(id) });

  return {
    get state() {
      const { phase, sources } = control;
      return { phase, overlayId: session?.overlayId, sources: sources.size, ...counts };
    },
    start: () => dispatch({ type: "start" }),
    stop: () => dispatch({ type: "stop" }),
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closing ??= (async () => {
        unwatch();
        unlisten();
        ended = true;
        clearTimeout(flushTimer);
        dispatch({ type: "stop" });
        if (control.phase !== "closed") await new Promise<void>((resolve) => idle.push(resolve));
        clearTimeout(timer);
        await indexFiles.clear();
      })();
      return closing;
    },
  };
}

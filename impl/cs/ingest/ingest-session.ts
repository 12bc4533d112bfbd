import type { Datum, IngestPoint, SessionRequest, SessionStatus } from "../../../generated/cs/types.js";
import type { Clock } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import { PeerError } from "../../peer/errors.js";
import type { Peer, SourceSession } from "../../peer/types.js";
import { createOctetFragmenter, createRecordFragmenter, kindOf, type PayloadKind } from "../../records/index.js";
import { type SourcePeer, startSourcePeer } from "../../source-peer/index.js";
import type { IngestEntry } from "../core.js";
import { type Footprint, footprint } from "../footprint.js";
import { openRtpPort, type RtpPort } from "../rtp/rtp-port.js";
import { type CsTimes, windowFragments } from "../settings.js";
import { IngestRefusal, type Plan } from "./plan.js";

export interface IngestSessionParts {
  readonly entry: IngestEntry;
  readonly request: SessionRequest;
  readonly plan: Plan;
  readonly peer: Peer;
  readonly source: SourceSession;
  /** Where RTP and LDMP are taken, and how it is called in their addresses. */
  readonly host: string;
  readonly advertise: string;
  /** What a Registration of LDMP must hold. */
  readonly ldmpSecret: string | undefined;
  /** Octets that are taken. */
  readonly maxOctets: number;
  readonly times: CsTimes;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the cache server can keep so much more. */
  fits(more: Footprint): boolean;
  /** Whether a FILE is in memory. */
  readonly inMemory: boolean;
  /** No data for too long, or the overlay network is gone. */
  onOver(reason: string): void;
}

/** A session of which the cache server is the source peer, and the ways into it [X.609.10 8.11]. */
export interface IngestSession {
  readonly entry: IngestEntry;
  readonly source: SourceSession;
  /** RTP and LDMP; HTTP is where the cache server listens. */
  readonly points: readonly IngestPoint[];
  readonly status: SessionStatus;
  /** What may still come before the next upload has to stop. */
  readonly room: number;
  /** The next octets of the stream; resolves when they are with the peers' fragments. @throws IngestRefusal */
  octets(octets: Uint8Array): Promise<void>;
  /** One datum over HTTP. @throws IngestRefusal */
  datum(datum: Datum): Promise<void>;
  /** Begins an upload, which goes on alone until the function given back is called. @throws IngestRefusal */
  upload(offset: number | undefined): () => void;
  /** Nothing follows, as `member` of a request says. @throws IngestRefusal where something has to: then the session goes on */
  end(member: string): Promise<void>;
  /** [X.609.10 7.1.3]: takes nothing more, hands out the last fragments, ends the session everywhere. */
  terminate(drainMs: number): Promise<void>;
}

/** Fragments appended in one turn of the event loop: as many as are signed together. */
const atOnce = 64;

/** Opens the ways in. Rejects with the system's error when a port cannot be had, with nothing left open but `peer`. */
export async function openIngestSession(parts: IngestSessionParts): Promise<IngestSession> {
  const { entry, request, plan, peer, source, host, advertise, times, clock, logger } = parts;
  const { fragmentSize, records } = plan;
  const live = request.content_type === "STREAM";
  const lingerMs = live ? times.flushMs : Number.POSITIVE_INFINITY;
  const slices = createOctetFragmenter({ fragmentSize, lingerMs });
  const merges = records ? createRecordFragmenter({ fragmentSize, lingerMs }) : undefined;
  const fragmenter = merges ?? slices;
  const counts = { received: 0, fragments: 0, octets: 0, data: 0, refused: 0 };
  /** The way that brings data is the only one: two streams in one would be none. HTTP, which shows a token, goes before RTP, which shows none. */
  let way: "http" | "rtp" | undefined;
  let uploading = false;
  let ended = false;
  let over = false;
  let flushTimer: NodeJS.Timeout | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  let rtp: RtpPort | undefined;
  let ldmp: SourcePeer | undefined;

  /** In their order, some at a time: what is sliced into very small ones would keep everybody else waiting. */
  let offering: Promise<void> = Promise.resolve();
  const offer = (fragments: readonly Uint8Array[]): Promise<void> => {
    const offered = offering.then(async () => {
      for (let at = 0; at < fragments.length; at += atOnce) await offerSome(fragments.slice(at, at + atOnce));
    });
    offering = offered.catch(() => undefined);
    return offered;
  };
  const offerSome = async (fragments: readonly Uint8Array[]): Promise<void> => {
    const appended = fragments.map((fragment) => {
      counts.fragments++;
      counts.octets += fragment.length;
      return source.append(fragment);
    });
    entry.kept = live ? Math.min(counts.octets, fragmentSize * windowFragments) : counts.octets;
    if (!live && request.content_size === undefined)
      entry.takes = footprint(counts.octets, counts.fragments, parts.inMemory);
    await Promise.all(appended);
  };
  const unwatched = (offered: Promise<void>): void => {
    offered.catch((error: unknown) => logger.warn({ err: error, session: entry.id }, "a fragment was not offered"));
  };
  const schedule = (): void => {
    clearTimeout(flushTimer);
    const { dueAt } = fragmenter;
    if (dueAt === undefined) return;
    flushTimer = setTimeout(() => unwatched(offer(fragmenter.flush())), Math.max(0, dueAt - clock.now()));
  };
  const heard = (): void => {
    clearTimeout(idleTimer);
    if (over) return;
    const ms = request.idle_expiration === undefined ? undefined : request.idle_expiration * 1000;
    const patience = ms ?? (live ? times.idleStreamMs : times.idleFileMs);
    idleTimer = setTimeout(() => parts.onOver("no data came for too long"), Math.min(patience, 2 ** 31 - 1));
  };
  const slice = (octets: Uint8Array): Promise<void> => {
    heard();
    const offered = offer(slices.add(octets, clock.now()));
    schedule();
    return offered;
  };
  const merge = (sourceId: string, time: number, kind: PayloadKind, payload: Uint8Array): Promise<void> => {
    heard();
    counts.data++;
    const datum = { sourceId, dataId: request.data_id, time: Math.floor(time), kind, payload };
    const offered = offer(merges?.add(datum, clock.now()) ?? []);
    schedule();
    return offered;
  };
  const assertOpen = (): void => {
    if (ended || over) throw new IngestRefusal(409, "the stream has ended");
  };
  const assertStream = (): void => {
    assertOpen();
    if (!request.methods.includes("http")) throw new IngestRefusal(409, "this session takes nothing over HTTP");
  };
  const taken = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      throw new IngestRefusal(error.code === "ERR_CONTENT" ? 507 : 409, error.message);
    }
  };
  const octetsIn = async (octets: Uint8Array): Promise<void> => {
    assertStream();
    if (merges !== undefined) throw new IngestRefusal(409, "a session of records takes data one by one: POST them");
    if (counts.received + octets.length > parts.maxOctets)
      throw new IngestRefusal(413, `this session takes no more than ${parts.maxOctets} octets`);
    const more = footprint(octets.length, Math.ceil(octets.length / fragmentSize), parts.inMemory);
    if (!live && request.content_size === undefined && !parts.fits(more))
      throw new IngestRefusal(507, "this cache server has no room for more octets");
    if (way === "rtp" && octets.length > 0) {
      logger.info({ session: entry.id }, "data over HTTP take the place of RTP");
      rtp?.flush();
    }
    if (octets.length > 0) way = "http";
    counts.received += octets.length;
    await taken(() => slice(octets));
  };

  const points: IngestPoint[] = [];
  try {
    if (request.methods.includes("rtp")) {
      rtp = await openRtpPort({
        host,
        clock,
        logger,
        ...(request.rtp_sender !== undefined && { sender: request.rtp_sender }),
        onPayload(octets) {
          if (ended || over || way === "http") {
            counts.refused++;
            return;
          }
          way = "rtp";
          counts.data++;
          unwatched(slice(octets));
        },
      });
      points.push({ method: "rtp", url: `rtp://${advertise}:${rtp.port}` });
    }
    if (request.methods.includes("ldmp")) {
      const { ldmpSecret: secret } = parts;
      ldmp = await startSourcePeer({
        // No data source may have the identifier of its source peer: the least likely one.
        id: 65_535,
        udp: { host },
        tcp: { host },
        control: false,
        admission: { ...(secret !== undefined && { secret }) },
        logger,
      });
      ldmp.onData(({ sourceId, at, payloadType, payload }) => {
        if (!ended && !over) unwatched(merge(String(sourceId), at, kindOf(payloadType), payload));
      });
      points.push({ method: "ldmp", url: `udp://${advertise}:${ldmp.udp?.port}` });
      points.push({ method: "ldmp", url: `tcp://${advertise}:${ldmp.tcp?.port}` });
    }
  } catch (error) {
    await rtp?.close();
    throw error;
  }
  const unlisten = source.onNews((news) => {
    if (news.kind === "ended") parts.onOver(news.reason);
  });
  heard();

  const session: IngestSession = {
    entry,
    source,
    points,
    get status() {
      return {
        session_id: entry.id,
        overlay_network_id: source.overlayId,
        ...counts,
        data: counts.data,
        ended,
        lost: rtp?.counts.lost ?? 0,
        refused: counts.refused + (rtp?.counts.refused ?? 0),
      };
    },
    get room() {
      return parts.maxOctets - counts.received;
    },
    octets: octetsIn,
    async datum({ text, octets, offset, time, last = false }) {
      const given = text !== undefined || octets !== undefined;
      // That nothing follows can be said of any stream: RTP and LDMP have no word for it.
      if (given || !last) assertStream();
      else assertOpen();
      if (uploading) throw new IngestRefusal(409, "an upload is under way");
      if (text !== undefined && octets !== undefined)
        throw new IngestRefusal(400, "a datum is text or octets, not both", "/datum/octets");
      if (offset !== undefined && offset !== counts.received)
        throw new IngestRefusal(409, `the stream stands at ${counts.received}`, "/datum/offset");
      const payload = text === undefined ? Buffer.from(octets ?? "", "base64") : Buffer.from(text, "utf8");
      if (!given && !last) throw new IngestRefusal(400, "text, octets or last is wanted", "/datum");
      if (given && merges === undefined) await octetsIn(payload);
      else if (given) {
        counts.received += payload.length;
        const kind = text === undefined ? "binary" : "text";
        await taken(() => merge(request.data_source_id, time ?? clock.now(), kind, payload));
      }
      if (last) await session.end("/datum/last");
    },
    upload(offset) {
      assertStream();
      if (merges !== undefined) throw new IngestRefusal(409, "a session of records takes data one by one: POST them");
      if (uploading) throw new IngestRefusal(409, "another upload is under way");
      if (offset !== undefined && offset !== counts.received)
        throw new IngestRefusal(409, `the stream stands at ${counts.received}`, "?offset");
      uploading = true;
      return () => {
        uploading = false;
      };
    },
    async end(member) {
      if (ended) return;
      const { content_size: announced } = request;
      if (!live && announced !== undefined && counts.received !== announced)
        throw new IngestRefusal(409, `${counts.received} octets are not the ${announced} that were announced`, member);
      if (!live && counts.received === 0) throw new IngestRefusal(409, "a FILE has one octet at least", member);
      rtp?.flush();
      ended = true;
      clearTimeout(flushTimer);
      await taken(async () => {
        await offer(fragmenter.flush());
        await source.end();
      });
    },
    async terminate(drainMs) {
      if (over) return;
      over = true;
      clearTimeout(idleTimer);
      unlisten();
      await Promise.all([rtp?.close(), ldmp?.close()]);
      try {
        if (source.state.phase === "running") {
          // A FILE that is not whole ends without having been.
          await session.end("").catch((error: unknown) => {
            if (!(error instanceof IngestRefusal)) throw error;
          });
          if (drainMs > 0) await new Promise((resolve) => setTimeout(resolve, drainMs));
        }
        await source.terminate();
      } finally {
        clearTimeout(flushTimer);
        await peer.close();
      }
    },
  };
  return session;
}

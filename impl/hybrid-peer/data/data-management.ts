import { type BroadcastData, Code, type Data, type Message } from "../core/message.js";
import type {
  CoreHost,
  CoreMembership,
  CoreStatistics,
  DataManagement,
  DataPath,
  DataSignatures,
  Outgoing,
  Paths,
  Timers,
} from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import { HybridPeerError } from "../errors.js";
import { Cache, type CacheLimits } from "./cache.js";
import { Deliverer } from "./deliverer.js";
import { Feeds } from "./feeds.js";
import { Gaps } from "./gaps.js";
import { outgoingParts } from "./outgoing.js";
import { Puller } from "./pull.js";
import type { Range } from "./ranges.js";
import { Recovery } from "./recovery.js";
import { Reporter } from "./reporter.js";
import { type Source, SourceTable } from "./sources.js";
import { Verifier } from "./verifier.js";

export interface DataManagementOptions {
  readonly paths: Paths;
  readonly host: Pick<CoreHost, "now" | "deliver" | "news">;
  readonly settings: CoreSettings;
  readonly timers: Timers;
}

/** Octets that wait on a link while recovery goes on over it, at most. */
const MOST_FEED_OCTETS = 1024 * 1024;

/** Rounds in vain before missing data is given up: in a mesh it may still be on its way over several others. */
const PATIENCE = { tree: 5, mesh: 20 } as const;

/** GET_DATA sent to one peer, as a multiple of the requests that it takes otherwise. */
const DATA_REQUESTS = 10;

const unlimited = Number.MAX_SAFE_INTEGER;

/** CM, DR and DB of one peer in one overlay [Q.4100 7.2.3]. */
export function createDataManagement({ paths, host, settings, timers }: DataManagementOptions): DataManagement {
  let membership: CoreMembership | undefined;
  let self: string | undefined;
  let nextSequence = settings.firstSequence;
  let published = 0;
  let relayed = 0;
  let duplicates = 0;
  let recovered = 0;
  let lost = 0;

  const now = (): number => host.now();
  const mesh = (): boolean => membership?.subType === "mesh";
  const recovers = (): boolean => mesh() || (membership?.recoveryBy !== undefined && cache.enabled);
  const takes = (source: string): boolean => membership?.sourcePeer === undefined || membership.sourcePeer === source;

  const cache = new Cache(now, { messages: 0, leastMs: 0, octets: 0 });
  const reporter = new Reporter(host, timers);
  const verifier = new Verifier();
  const sources = new SourceTable({
    most: settings.maxSources,
    self: () => self,
    forgotten: (source) => {
      cache.drop(source.shelf);
      deliverer.forget(source);
      gaps.forget(source);
    },
    gaveUp: (source, from, to) => giveUp(source, [from, to]),
  });
  const deliverer = new Deliverer({
    settings,
    timers,
    now,
    recovers,
    expects: (source) => recovery.expects(source),
    ask: () => recovery.askSoon(),
    deliver: (delivery) => host.deliver(delivery),
    gaveUp: (source, range) => giveUp(source, range),
    lost: (source, [from, to], reason) => {
      lost += to - from + 1;
      reporter.lost(source, [from, to]);
      if (reason !== undefined) reporter.refused(source, reason);
    },
  });
  const feeds = new Feeds({
    paths,
    timers,
    highWater: Math.min(MOST_FEED_OCTETS, Math.max(1, settings.maxQueued / 4)),
    maxOctets: settings.maxQueued + settings.maxMessage,
    cached: (source, sequence) => sources.get(source)?.shelf.get(sequence),
  });
  const puller = new Puller({
    paths,
    timers,
    now,
    recoveryMs: settings.recoveryMs,
    requestsPerSecond: settings.requestsPerSecond * DATA_REQUESTS,
    overlayId: () => membership?.overlayId ?? "",
    windowOf: (source) => sources.get(source)?.window,
    takes: (source) => source !== self && takes(source),
    roundOver: (round) => gaps.roundOver(round),
  });
  const gaps = new Gaps(
    {
      timers,
      recoveryMs: settings.recoveryMs,
      recovers,
      patience: () => PATIENCE[mesh() ? "mesh" : "tree"],
      gaveUp: (source, range) => giveUp(source, range),
    },
    puller,
  );

  const recovery = new Recovery({ paths, settings, timers, now, sources, feeds, puller, reporter, recovers });

  /** Nobody has it: delivery goes on without it. */
  function giveUp(source: Source, range: Range): void {
    lost += range[1] - range[0] + 1;
    reporter.lost(source.id, range);
    deliverer.lost(source, range);
  }

  function send(path: DataPath, message: BroadcastData): void {
    if (path.link.queued > settings.maxQueued) {
      paths.drop(path, `more than ${settings.maxQueued} octets wait for it`);
      return;
    }
    if (path.link.send(message)) relayed += 1;
  }

  /** To all primaries except where it came from, and its source [Q.4100 7.2.3.3]. */
  function relay(message: BroadcastData, from: DataPath): void {
    const { source } = message.data;
    for (const path of paths.primaries) if (path.link !== from.link && path.peerId !== source) send(path, message);
    if (!message.candidatePath) return;
    for (const candidates of [paths.outgoingCandidates, paths.incomingCandidates]) {
      for (const path of candidates) if (path.link !== from.link && path.peerId !== source) send(path, message);
    }
  }

  /** @param asked in answer to GET_DATA. @returns true where the signature is being checked first */
  function take(path: DataPath, message: BroadcastData, asked: boolean): boolean {
    const { data } = message;
    if (message.ack) path.link.send({ code: Code.broadcastAccepted });
    if (data.source === self) {
      duplicates += 1;
      return false;
    }
    const fault = faultOf(data);
    if (fault !== undefined) {
      reporter.refused(path.peerId, fault);
      return false;
    }
    const { signatures } = membership ?? {};
    if (signatures === undefined) {
      accept(path, message, asked);
      return false;
    }
    if (sources.get(data.source)?.window.received.has(data.sequence) === true) {
      duplicates += 1;
      return false;
    }
    // Nothing is handed on, nor counts as received, before it is known to be of its source: a forgery would stand in its place.
    return verifier.add(signatures, data, (valid) => {
      if (valid) accept(path, message, asked);
      else reporter.refused(path.peerId, `signature: not of ${data.source}`);
      if (asked) puller.answered(path, data.source, data.sequence);
    });
  }

  function accept(path: DataPath, message: BroadcastData, asked: boolean): void {
    const { data } = message;
    // The first peers of the field do not count their messages: nothing is known but that they came.
    if (data.sequence === 0) {
      relay(message, path);
      deliverer.uncounted(data);
      return;
    }
    const source = sources.hear(data.source);
    const { window } = source;
    const before = window.received.max;
    const verdict = window.accept(data.sequence);
    if (verdict === "duplicate") {
      duplicates += 1;
      return;
    }
    if (asked || (before !== undefined && data.sequence < before)) {
      recovered += 1;
      reporter.recovered(data.source);
    }
    recovery.arrived(path, data);
    cache.put(source.shelf, message);
    relay(message, path);
    if (source.gap === undefined && window.missing > 0) gaps.watch(source);
    deliverer.take(source, data);
  }

  function faultOf({ source, sequence, part }: Data): string | undefined {
    if (!takes(source)) return `data of ${source}, which is not the source peer of this overlay`;
    if (!Number.isSafeInteger(sequence) || sequence < 0) return "sequence: no whole number";
    if (part !== undefined && sequence - part.index < 1) return "part.index: more than there are sequences before it";
    return undefined;
  }

  return {
    start(next) {
      if (self !== undefined && self !== next.self.peerId) nextSequence = settings.firstSequence;
      membership = next;
      self = next.self.peerId;
      cache.limit(limitsOf(next, settings));
      recovery.start(next);
    },

    bufferMap: () => recovery.bufferMap(),
    primaryUp: (path, theirs) => recovery.primaryUp(path, theirs),
    candidateUp: () => recovery.candidateUp(),

    pathDown(path) {
      recovery.pathDown(path);
      feeds.drop(path);
      puller.down(path);
    },

    received(path, message: Message) {
      switch (message.code) {
        case Code.broadcastData:
          take(path, message, false);
          break;
        case Code.bufferMap:
        case Code.bufferMapAnswer:
        case Code.getData:
        case Code.getDataAbsent:
          recovery.received(path, message);
          break;
        case Code.getDataAnswer: {
          const { data } = message;
          const checking = take(path, { code: Code.broadcastData, ack: false, candidatePath: false, data }, true);
          if (!checking) puller.answered(path, data.source, data.sequence);
        }
      }
    },

    publish(outgoing: Outgoing) {
      if (membership === undefined || self === undefined) throw new HybridPeerError("ERR_CLOSED", "not a member yet");
      if (!takes(self)) {
        throw new HybridPeerError("ERR_NOT_SOURCE", `only ${membership.sourcePeer} publishes in this overlay`);
      }
      const parts = outgoingParts(self, nextSequence, outgoing, settings);
      const { signatures } = membership;
      const messages = signatures === undefined ? parts : parts.map((part) => signedBy(signatures, part));
      const source = sources.hear(self);
      for (const message of messages) {
        source.window.accept(message.data.sequence);
        cache.put(source.shelf, message);
        for (const path of paths.primaries) {
          if (messages.length > 1 || feeds.busy(path)) feeds.add(path, message);
          else send(path, message);
        }
      }
      nextSequence += messages.length;
      published += 1;
      return nextSequence - 1;
    },

    statistics(): CoreStatistics {
      return {
        published,
        delivered: deliverer.delivered,
        relayed,
        duplicates,
        recovered,
        lost,
        cachedMessages: cache.messages,
        cachedOctets: cache.octets,
      };
    },
  };
}

function signedBy(signatures: DataSignatures, message: BroadcastData): BroadcastData {
  return { ...message, data: { ...message.data, signature: signatures.sign(message.data) } };
}

/** The overlay's policy is the least; in a SubMesh the cache is what data is handed on from (E-HP2P-16). */
function limitsOf({ subType, cacheMessages, cacheMs }: CoreMembership, settings: CoreSettings): CacheLimits {
  const configured = settings.cacheMessages > 0 ? Math.max(cacheMessages, settings.cacheMessages) : undefined;
  const tree = cacheMessages === 0 ? 0 : (configured ?? cacheMessages);
  const messages = subType === "mesh" ? (configured ?? unlimited) : tree;
  return { messages, leastMs: cacheMs, octets: settings.maxCacheOctets };
}

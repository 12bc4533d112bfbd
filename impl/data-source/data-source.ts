import { Code, codeName, defaultReadings, PayloadType, profile } from "../../generated/ldmp/index.js";
import { RequestError } from "../ldmp/errors.js";
import { textPayload } from "../ldmp/payload.js";
import { run } from "../ldmp/runner.js";
import { protocolVariables } from "../ldmp/variables.js";
import { monotonicClock, systemRandom } from "../net/clock.js";
import { silentLogger } from "../net/logger.js";
import { parseSourcePeer, type SourcePeerAddress, sourcePeerName } from "./address.js";
import { createDataSourceCore } from "./core.js";
import type { DataSourceCounters, DataSourceEffect, DataSourceEvent, Failure, Phase } from "./core-types.js";
import type { Payload } from "./feed.js";
import type { DataSourceOptions } from "./options.js";
import { createParameterSet } from "./parameters.js";
import { readingText } from "./reading.js";
import { createTransport } from "./transport.js";

/** What happens to a data source, for whoever watches it. */
export type DataSourceNews =
  | { readonly kind: "registered"; readonly sourcePeer: string; readonly sourcePeerId: number }
  /** Not, or no longer, registered; the next attempt is made in `retryMs`. */
  | { readonly kind: "failed"; readonly sourcePeer: string; readonly failure: Failure; readonly retryMs: number }
  | { readonly kind: "reset" }
  | { readonly kind: "left"; readonly sourcePeer: string };

export interface DataSource {
  readonly id: number;
  readonly phase: Phase;
  readonly counters: DataSourceCounters;
  /** Resolves when it is registered: at once when it is. @throws RequestError ERR_CLOSED */
  registered(): Promise<void>;
  /** Sends a POST; false when it is not registered, and nothing was sent [X.609.8 7.1]. */
  post(payload: Payload): boolean;
  /** Leaves for another of its source peers, by place in the list it was given; the old one is released first. */
  moveTo(sourcePeer: number): void;
  /** Gives back what ends it. */
  onNews(listener: (news: DataSourceNews) => void): () => void;
  /** Releases itself from its source peer, waits for the answer for a while, and ends. */
  close(): Promise<void>;
}

/** Starts a data source. It registers, and registers again after every failure, until it is closed. */
export async function startDataSource(options: DataSourceOptions): Promise<DataSource> {
  const { id, feed = { items: [] }, logger = silentLogger, clock = monotonicClock, random = systemRandom } = options;
  if (!Number.isInteger(id) || id < 1 || id > 65_535) throw new RangeError("id must be an integer from 1 to 65535");
  const peers = addresses(options.sourcePeer);
  const overUdp = peers.some((peer) => peer.transport === "udp");
  const { datagramPayload, payload: anyPayload } = profile.limits;
  const mostPayload = overUdp ? datagramPayload.most : anyPayload.most;
  const readings = { ...defaultReadings, ...options.readings };
  const limits = options.limits ?? {};
  const maxPayload = limits.payload ?? anyPayload.most;
  const core = createDataSourceCore({
    id,
    variables: protocolVariables("data-source", readings, options.variables),
    readings,
    random,
    credentials: options.secret === undefined ? undefined : textPayload(options.secret),
    sourcePeers: peers.map((peer) => peer.id),
    maxPayload,
    maxPending: limits.pending ?? 64,
  });
  const items = new Map(feed.items.map((item) => [item.name, item]));
  const parameters = createParameterSet(feed.parameters ?? []);
  const ending = new AbortController();
  const listeners = new Set<(news: DataSourceNews) => void>();
  const hopes: { resolve(): void; reject(error: RequestError): void }[] = [];
  let stopped: (() => void) | undefined;
  let closing: Promise<void> | undefined;
  let warned = false;

  const tell = (news: DataSourceNews): void => {
    for (const listener of listeners) {
      try {
        listener(news);
      } catch (error) {
        logger.error({ err: error }, "a listener failed");
      }
    }
  };
  const answer = (token: number, code: Code, payload?: Payload): void => {
    runner.dispatch({ type: "answer", token, code, ...formOf(payload) });
  };
  /** [X.609.8 7.5] acquisition: an item, or a parameter by its name; the first item when none is named (E-LDMP-06). */
  const acquire = async (token: number, name: string | undefined): Promise<void> => {
    const item = name === undefined || name === "" ? feed.items[0] : items.get(name);
    if (item === undefined) {
      const value = name === undefined ? undefined : parameters.get(name);
      return value === undefined
        ? answer(token, Code.notFound)
        : answer(token, Code.content, readingText(name ?? "", value, Date.now()));
    }
    let value: Payload;
    try {
      value = await item.read();
    } catch (error) {
      logger.debug({ err: error, item: item.name }, "item cannot be read");
      return answer(token, error instanceof RangeError ? Code.notAcceptable : Code.notFound);
    }
    // There is no way to send more than Length can say, or one datagram holds (E-LDMP-30).
    const fits = formOf(value).payload?.length ?? 0;
    if (fits > mostPayload) answer(token, Code.notAcceptable);
    else answer(token, Code.content, value);
  };

  const perform = (effect: DataSourceEffect) => {
    switch (effect.kind) {
      case "send":
        return transport.send(effect.bytes, effect.to);
      case "connect":
        return transport.connect(peers[effect.sourcePeer] as SourcePeerAddress);
      case "disconnect":
        return transport.disconnect();
      case "registered": {
        const sourcePeer = sourcePeerName(peers[effect.sourcePeer] as SourcePeerAddress);
        logger.info({ id, sourcePeer, sourcePeerId: effect.id }, "registered");
        for (const { resolve } of hopes.splice(0)) resolve();
        return tell({ kind: "registered", sourcePeer, sourcePeerId: effect.id });
      }
      case "failed": {
        const { failure, retryIn: retryMs } = effect;
        const sourcePeer = sourcePeerName(peers[effect.sourcePeer] as SourcePeerAddress);
        const code = "code" in failure ? codeName(failure.code) : undefined;
        const reason = "reason" in failure ? failure.reason : failure.kind;
        logger.warn({ id, sourcePeer, reason, code, retryMs }, "not registered");
        return tell({ kind: "failed", sourcePeer, failure, retryMs });
      }
      case "get":
        void acquire(effect.token, effect.item);
        return;
      case "put":
        return answer(effect.token, parameters.put(effect.text));
      case "reset":
        logger.info({ id }, "reset by the source peer");
        parameters.reset();
        feed.reset?.();
        return tell({ kind: "reset" });
      case "left":
        logger.info({ id, code: effect.code === undefined ? "no answer" : codeName(effect.code) }, "released");
        return tell({ kind: "left", sourcePeer: sourcePeerName(peers[effect.sourcePeer] as SourcePeerAddress) });
      case "stopped":
        return stopped?.();
      case "unposted":
        return;
    }
  };
  const transport = createTransport({
    readings,
    maxPayload,
    ...(options.local !== undefined && { local: options.local }),
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    logger,
    dispatch: (event) => runner.dispatch(event),
  });
  const runner = run<DataSourceEvent, DataSourceEffect>(core, clock, perform);

  const registered = (): Promise<void> => {
    if (closing !== undefined) return Promise.reject(new RequestError("ERR_CLOSED", "the data source is closed"));
    if (core.phase === "registered") return Promise.resolve();
    return new Promise((resolve, reject) => hopes.push({ resolve, reject }));
  };
  const post = (payload: Payload): boolean => {
    const form = formOf(payload);
    if (form.payload.length > mostPayload) throw new RangeError(`a payload has at most ${mostPayload} octets here`);
    if (overUdp && form.payload.length > datagramPayload.default && !warned) {
      warned = true;
      logger.warn({ id, octets: form.payload.length }, "POST is longer than a datagram that passes every path whole");
    }
    if (core.phase !== "registered") {
      core.counters.unposted++;
      return false;
    }
    runner.dispatch({ type: "post", ...form });
    return true;
  };
  const close = async (): Promise<void> => {
    ending.abort();
    for (const { reject } of hopes.splice(0)) reject(new RequestError("ERR_CLOSED", "the data source was closed"));
    await feed.stop?.();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, options.releaseMs ?? 1000);
      stopped = () => {
        clearTimeout(timer);
        resolve();
      };
      if (core.phase === "stopped") stopped();
      else runner.dispatch({ type: "stop" });
    });
    runner.stop();
    await transport.close();
    logger.info({ id }, "data source closed");
  };

  feed.start?.({
    post,
    registered,
    maxPost: limits.post ?? (overUdp ? datagramPayload.default : anyPayload.most),
    signal: ending.signal,
    logger,
  });
  runner.dispatch({ type: "start" });
  return {
    id,
    get phase() {
      return core.phase;
    },
    counters: core.counters,
    registered,
    post,
    moveTo(sourcePeer) {
      if (peers[sourcePeer] === undefined) throw new RangeError(`there is no source peer ${sourcePeer}`);
      runner.dispatch({ type: "move", sourcePeer });
    },
    onNews(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function addresses(given: DataSourceOptions["sourcePeer"]): SourcePeerAddress[] {
  const list = Array.isArray(given) ? (given as readonly (string | SourcePeerAddress)[]) : [given as string];
  if (list.length === 0) throw new TypeError("a data source needs a source peer");
  return list.map((one) => (typeof one === "string" ? parseSourcePeer(one) : one));
}

function formOf(payload: Payload): { payloadType: PayloadType; payload: Uint8Array };
function formOf(payload: Payload | undefined): { payloadType: PayloadType; payload: Uint8Array | undefined };
function formOf(payload: Payload | undefined): { payloadType: PayloadType; payload: Uint8Array | undefined } {
  if (payload === undefined) return { payloadType: PayloadType.none, payload: undefined };
  if (typeof payload === "string") return { payloadType: PayloadType.text, payload: textPayload(payload) };
  return { payloadType: PayloadType.binary, payload };
}

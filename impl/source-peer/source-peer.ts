import { Code, defaultReadings, PayloadType } from "../../generated/ldmp/index.js";
import { isError } from "../ldmp/codes.js";
import type { Outcome } from "../ldmp/counterpart-types.js";
import { RequestError, refused } from "../ldmp/errors.js";
import { textPayload } from "../ldmp/payload.js";
import { type Remote, remoteName } from "../ldmp/remote.js";
import { run } from "../ldmp/runner.js";
import { protocolVariables } from "../ldmp/variables.js";
import { monotonicClock, systemRandom } from "../net/clock.js";
import { silentLogger } from "../net/logger.js";
import type { Connection } from "../net/tcp.js";
import { openUdp, type UdpPort } from "../net/udp.js";
import { createAdmission } from "./admission.js";
import { openControl } from "./control.js";
import { createSourcePeerCore } from "./core.js";
import type { RemovalReason, SourcePeerEffect, SourcePeerEvent } from "./core-types.js";
import type { Counters } from "./counters.js";
import { createDataFeed, type DataListener, type PostedData } from "./data-feed.js";
import type { SourcePeerOptions } from "./options.js";
import { createRegistrations } from "./persistence.js";
import type { Registered } from "./registry.js";
import { openStreamEndpoint, type StreamEndpoint } from "./stream-endpoint.js";

/** A registered data source, for applications. */
export interface DataSourceInfo {
  readonly id: number;
  /** `127.0.0.1:40211` */
  readonly address: string;
  readonly transport: "datagram" | "connection";
  /** ms since the epoch */
  readonly registeredAt: number;
  readonly heardAt: number;
  readonly posts: number;
}

/** What a data source answered a GET with. */
export interface Content {
  /** As in Table 2, such as 0x45. */
  readonly code: number;
  readonly payloadType: PayloadType;
  /** Empty when the answer carried none. */
  readonly payload: Uint8Array;
}

/** What an operator sees of the session that the data go to, and commands (E-DS-21). */
export interface ManagedSession {
  readonly state: object;
  start(): void;
  stop(): void;
}

/** A data source that came or went. */
export interface SourceChange {
  readonly change: "registered" | "removed";
  readonly source: DataSourceInfo;
  /** Why it was removed. */
  readonly reason?: RemovalReason;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface SourcePeer {
  readonly id: number;
  readonly udp: Endpoint | undefined;
  readonly tcp: Endpoint | undefined;
  readonly tls: Endpoint | undefined;
  /** The HTTP control interface, without trailing slash; undefined when it is off. */
  readonly url: string | undefined;
  readonly counters: Counters;
  list(): DataSourceInfo[];
  /**
   * Acquires an item [X.609.8 7.5]; without one, the data source's default item. A string goes as text.
   * @throws RequestError
   */
  get(sourceId: number, item?: string | Uint8Array): Promise<Content>;
  /**
   * Configures a data source [X.609.8 7.5]. An object goes as JSON, a string as text, octets as binary.
   * @throws RequestError
   */
  put(sourceId: number, configuration: object | string | Uint8Array): Promise<Content>;
  /** Tells a data source to start over [X.609.8 7.6]; it is not answered. @throws RequestError ERR_NOT_REGISTERED */
  reset(sourceId: number): Promise<void>;
  /** Calls the listener when a data source registers (once more, too) or is removed; gives back what ends that. */
  onSources(listener: (change: SourceChange) => void): () => void;
  /** Calls the listener with all data that arrive; gives back what ends that. */
  onData(listener: DataListener): () => void;
  /** The data that arrive from now on, for `for await`. */
  data(options?: { signal?: AbortSignal; capacity?: number }): AsyncIterableIterator<PostedData>;
  /** Lets the control interface command this session. */
  manage(session: ManagedSession | undefined): void;
  /** Stops listening. Registrations stay in the store; requests under way end with ERR_CLOSED. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(content: Content): void;
  reject(error: RequestError): void;
  readonly sourceId: number;
}

/** Starts a source peer. Rejects with the system's error when an endpoint cannot be opened, with nothing left open. */
export async function startSourcePeer(options: SourcePeerOptions = {}): Promise<SourcePeer> {
  const { id = 1, logger = silentLogger, clock = monotonicClock, random = systemRandom, limits = {} } = options;
  if (!Number.isInteger(id) || id < 1 || id > 65_535) throw new RangeError("id must be an integer from 1 to 65535");
  const readings = { ...defaultReadings, ...options.readings };
  const maxPayload = limits.payload ?? 65_535;
  const admission = createAdmission(options.admission);
  const core = createSourcePeerCore({
    id,
    variables: protocolVariables("source-peer", readings, options.variables),
    readings,
    random,
    admission,
    outstanding: options.outstanding ?? 1,
    waiting: limits.waiting ?? 64,
    maxDataSources: limits.dataSources ?? 65_535,
    maxPayload,
    onTakenId: options.onTakenId ?? "replace",
  });
  const feed = createDataFeed((error) => logger.error({ err: error }, "a data listener failed"));
  const registrations = options.store === undefined ? undefined : createRegistrations(options.store, id);
  const watchers = new Set<(change: SourceChange) => void>();
  const tell = (change: SourceChange): void => {
    for (const watcher of watchers) {
      try {
        watcher(change);
      } catch (error) {
        logger.error({ err: error }, "a listener for data sources failed");
      }
    }
  };
  const waiting = new Map<number, Waiting>();
  const streams: StreamEndpoint[] = [];
  let udp: UdpPort | undefined;
  let managed: ManagedSession | undefined;
  let lastToken = 0;
  let closed = false;

  const transmit = (to: Remote, bytes: Uint8Array) => {
    if (to.connection === undefined) return udp?.send(bytes, to);
    for (const stream of streams) stream.connection(to.connection)?.write(bytes);
  };
  const settle = (token: number, outcome: Outcome): void => {
    const request = waiting.get(token);
    if (request === undefined) return;
    waiting.delete(token);
    const { sourceId } = request;
    if (outcome.kind === "reply") {
      const { code, payloadType, payload } = outcome;
      if (isError(code)) request.reject(refused(sourceId, code));
      else request.resolve({ code, payloadType, payload: payload?.slice() ?? new Uint8Array(0) });
    } else request.reject(unanswered(sourceId, outcome.kind));
  };
  const perform = (effect: SourcePeerEffect) => {
    switch (effect.kind) {
      case "send": {
        const { to, bytes } = effect;
        if (effect.durable !== true || registrations === undefined) return transmit(to, bytes);
        // What is acknowledged is on disk; if it cannot be, the data source repeats its request, and so do we.
        registrations.commit().then(
          () => transmit(to, bytes),
          (error: unknown) => logger.error({ err: error }, "registration not written, hence not acknowledged"),
        );
        return;
      }
      case "data": {
        const { data } = effect;
        // A view of a stream's chunk would keep the whole chunk alive.
        const shared = data.payload.buffer.byteLength > 2 * data.payload.length + 1024;
        return feed.publish(shared ? { ...data, payload: data.payload.slice() } : data);
      }
      case "settled":
        return settle(effect.token, effect.outcome);
      case "registered": {
        const { source, again } = effect;
        registrations?.put(source);
        logger.info({ source: source.id, from: remoteName(source.remote), again }, "data source registered");
        return tell({ change: "registered", source: describe(source) });
      }
      case "removed": {
        const { source, reason } = effect;
        registrations?.delete(source);
        logger.info({ source: source.id, from: remoteName(source.remote), reason }, "data source removed");
        return tell({ change: "removed", source: describe(source), reason });
      }
      case "refused": {
        const { sourceId, from, code } = effect;
        logger.warn({ source: sourceId, from: remoteName(from), code }, "registration refused");
        return;
      }
    }
  };
  /** E-LDMP-04: ignored with a warning, not more than one a minute. */
  let warnedAt = Number.NEGATIVE_INFINITY;
  const warnOfTrailing = (from: Remote) => {
    if (clock.now() - warnedAt < 60_000) return;
    warnedAt = clock.now();
    logger.warn({ from: remoteName(from), count: core.counters.trailing }, "octets beyond a message were ignored");
  };
  const runner = run<SourcePeerEvent, SourcePeerEffect>(core, clock, perform);
  const request = (sourceId: number, event: (token: number) => SourcePeerEvent): Promise<Content> => {
    if (closed) return Promise.reject(new RequestError("ERR_CLOSED", "the source peer is closed"));
    return new Promise((resolve, reject) => {
      const token = ++lastToken;
      waiting.set(token, { resolve, reject, sourceId });
      runner.dispatch(event(token));
    });
  };

  const peer: Omit<SourcePeer, "udp" | "tcp" | "tls" | "url"> = {
    id,
    counters: core.counters,
    list: () => [...core.sources()].map(describe),
    async get(sourceId, item) {
      const form = payloadOf(item);
      return request(sourceId, (token) => ({ type: "request", token, sourceId, code: Code.get, ...form }));
    },
    async put(sourceId, configuration) {
      const form = payloadOf(
        typeof configuration === "object" && !(configuration instanceof Uint8Array)
          ? JSON.stringify(configuration)
          : configuration,
      );
      return request(sourceId, (token) => ({ type: "request", token, sourceId, code: Code.put, ...form }));
    },
    async reset(sourceId) {
      if (closed) throw new RequestError("ERR_CLOSED", "the source peer is closed");
      if (core.source(sourceId) === undefined) throw unanswered(sourceId, "unknown");
      runner.dispatch({ type: "reset", sourceId });
    },
    onSources(listener) {
      const own = (change: SourceChange): void => listener(change);
      watchers.add(own);
      return () => watchers.delete(own);
    },
    manage(session) {
      managed = session;
    },
    onData: feed.listen,
    data: feed.iterate,
    async close() {
      closed = true;
      runner.stop();
      for (const [token, { reject }] of waiting) {
        waiting.delete(token);
        reject(new RequestError("ERR_CLOSED", "the source peer was closed"));
      }
      feed.close();
      await Promise.all([udp?.close(), control?.close(), ...streams.map((stream) => stream.close())]);
      await registrations?.commit();
      logger.info({ id }, "source peer closed");
    },
  };

  let control: Awaited<ReturnType<typeof openControl>> | undefined;
  let tcp: StreamEndpoint | undefined;
  let tls: StreamEndpoint | undefined;
  const stream = async (listen: { host?: string; port?: number }, secured?: object): Promise<StreamEndpoint> => {
    const endpoint = await openStreamEndpoint({
      ...(listen.host !== undefined && { host: listen.host }),
      ...(listen.port !== undefined && { port: listen.port }),
      ...(secured !== undefined && { tls: secured }),
      readings,
      maxPayload,
      maxConnections: limits.connections ?? 65_536,
      idleConnectionMs: limits.idleConnectionMs ?? 30_000,
      logger,
      onMessage: (from: Connection, message) => runner.dispatch({ type: "message", from, message }),
      onInvalid: (from, bytes) => runner.dispatch({ type: "datagram", from, bytes }),
      onClosed: (connection) => runner.dispatch({ type: "closed", connection }),
      inUse: (connection) => core.inUse(connection),
    });
    streams.push(endpoint);
    return endpoint;
  };

  try {
    for (const row of registrations?.load() ?? []) {
      // Whoever is not on the list any more is not taken back.
      if (admission(row.sourceId, undefined) !== Code.forbidden) runner.dispatch({ type: "restore", ...row });
    }
    if (options.udp !== false) {
      udp = await openUdp({
        ...options.udp,
        logger,
        onDatagram(bytes, from) {
          const { trailing } = core.counters;
          runner.dispatch({ type: "datagram", from, bytes });
          if (core.counters.trailing > trailing) warnOfTrailing(from);
        },
      });
    }
    if (options.tcp !== undefined) tcp = await stream(options.tcp);
    if (options.tls !== undefined) {
      const { host, port, ...secured } = options.tls;
      tls = await stream({ ...(host !== undefined && { host }), ...(port !== undefined && { port }) }, secured);
    }
    if (options.control !== false)
      control = await openControl({ ...peer, session: () => managed }, options.control ?? {}, logger, clock);
  } catch (error) {
    await peer.close();
    throw error;
  }
  const { url } = control ?? { url: undefined };
  logger.info({ id, udp: udp?.port, tcp: tcp?.port, tls: tls?.port, control: url }, "source peer listening");
  return { ...peer, udp: endpoint(udp), tcp: endpoint(tcp), tls: endpoint(tls), url };
}

function endpoint(port: Endpoint | undefined): Endpoint | undefined {
  return port === undefined ? undefined : { address: port.address, port: port.port };
}

function describe(source: Registered): DataSourceInfo {
  const { id, remote, registeredAt, heardAt, posts } = source;
  const transport = remote.connection === undefined ? "datagram" : "connection";
  return { id, address: remoteName(remote), transport, registeredAt, heardAt, posts };
}

function payloadOf(content: string | Uint8Array | undefined): {
  payloadType: PayloadType;
  payload: Uint8Array | undefined;
} {
  if (content === undefined) return { payloadType: PayloadType.none, payload: undefined };
  const text = typeof content === "string";
  const payload = text ? textPayload(content) : content;
  if (payload.length > 65_535) throw new RangeError("a payload has at most 65535 octets [X.609.8 8.1]");
  return { payloadType: text ? PayloadType.text : PayloadType.binary, payload };
}

function unanswered(sourceId: number, kind: Exclude<Outcome["kind"], "reply">): RequestError {
  switch (kind) {
    case "unknown":
      return new RequestError("ERR_NOT_REGISTERED", `no data source ${sourceId} is registered`);
    case "no-answer":
      return new RequestError("ERR_NO_ANSWER", `data source ${sourceId} did not answer`);
    case "removed":
      return new RequestError("ERR_REMOVED", `data source ${sourceId} left before it answered`);
    case "busy":
      return new RequestError("ERR_BUSY", `too many requests wait for data source ${sourceId}`);
  }
}

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { monotonicClock } from "../../net/clock.js";
import { type Logger, silentLogger } from "../../net/logger.js";
import type { HomsEvent } from "../events.js";
import type { Homs } from "../homs.js";
import { Claims, type SignallingClaims } from "./claims.js";
import { type Closure, defaultSignallingLimits, type SignallingLimits } from "./limits.js";
import { graphOf, told } from "./monitor.js";
import { readSignal, type Signal } from "./signal.js";
import { SignallingClient } from "./signalling-client.js";

export interface RelayOptions {
  readonly homs: Homs;
  /** Default "token". */
  readonly claims?: SignallingClaims;
  readonly limits?: Partial<SignallingLimits>;
  /** Who may watch in the field's way: nobody (default), whoever shows the right token, everybody. */
  readonly monitor?: "open" | ((token: unknown) => boolean);
  readonly logger?: Logger;
}

/** What a graph counts for, in messages: it costs as much as there are peers. */
const graphCost = 50;

/** Counts since the start. */
export interface RelayStatistics {
  clients: number;
  registered: number;
  relayed: number;
  /** For a peer-id that nobody is registered under. */
  undeliverable: number;
  /** Sockets closed by the relay, by reason. */
  cut: Partial<Record<Closure | "slow" | "silent", number>>;
}

/**
 * Hands WebRTC offers, answers and candidates from peer to peer, by peer-id [Q.4100 7.2]. Whatever a message says beside `fromid` and
 * `toid` is none of its business. It listens nowhere itself: `upgrade` takes what a server was asked to upgrade.
 */
export class SignallingRelay {
  readonly statistics: RelayStatistics = { clients: 0, registered: 0, relayed: 0, undeliverable: 0, cut: {} };
  readonly #limits: SignallingLimits;
  readonly #claims: Claims;
  readonly #logger: Logger;
  readonly #sockets: WebSocketServer;
  readonly #homs: Homs;
  readonly #mayWatch: (token: unknown) => boolean;
  readonly #clients = new Set<SignallingClient>();
  readonly #monitors = new Set<SignallingClient>();
  readonly #registered = new Map<string, SignallingClient>();
  /** Field peers that registered before they joined. */
  readonly #early = new Map<string, SignallingClient>();
  readonly #unsubscribe: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor({ homs, claims = "token", limits, monitor, logger = silentLogger }: RelayOptions) {
    this.#homs = homs;
    this.#mayWatch = monitor === "open" ? () => true : (monitor ?? (() => false));
    this.#limits = { ...defaultSignallingLimits, ...limits };
    this.#claims = new Claims(homs.context, claims);
    this.#logger = logger;
    const { message: maxPayload } = this.#limits;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload,
    });
    this.#unsubscribe = homs.events.subscribe((event) => {
      if (this.#monitors.size > 0) this.#tell(event);
      if (event.kind === "peer-joined") this.#joined(event.peerId);
      else if (event.kind === "overlay-removed") for (const peerId of [...this.#registered.keys()]) this.#ended(peerId);
      else if (event.kind === "peer-left" || event.kind === "peer-expired" || event.kind === "peer-lost") {
        this.#ended(event.peerId);
      }
    });
    this.#timer = setInterval(() => this.#ping(), this.#limits.pingMs);
    this.#timer.unref();
  }

  /** For a server's `upgrade` event. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Idle sockets must not keep peers out: the one that has said nothing longest makes room.
    if (this.#clients.size >= this.#limits.clients) this.#firstIdle()?.close("unregistered");
    if (this.#clients.size >= this.#limits.clients) {
      this.#logger.warn({ clients: this.#clients.size }, "signalling: a client was refused, there are too many");
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const client = new SignallingClient(webSocket, this.#limits, {
        message: (text) => this.#message(client, text),
        gone: () => this.#gone(client),
        cut: (reason) => this.#count(client, reason),
      });
      this.#clients.add(client);
      this.statistics.clients = this.#clients.size;
    });
  };

  #firstIdle(): SignallingClient | undefined {
    for (const client of this.#clients) if (!client.registered && !client.monitor) return client;
    return undefined;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#unsubscribe();
    for (const client of this.#clients) client.close("closing");
    this.#sockets.close();
  }

  #message(client: SignallingClient, text: string) {
    if (!client.budget.take(monotonicClock.now())) return client.close("tooMany");
    const signal = readSignal(text);
    if (signal === undefined) return client.close("malformed");
    if (signal.kind === "hello") this.#hello(client, signal);
    else if (signal.kind === "bye") this.#bye(client, signal.peerId);
    else if (signal.kind === "relay") this.#relay(client, signal);
    else if (signal.kind === "monitor") this.#monitor(client, signal);
  }

  #monitor(client: SignallingClient, { overlayId, token }: Signal & { kind: "monitor" }) {
    if (!client.monitor) {
      const room = this.#monitors.size < this.#limits.monitors;
      if (client.peerId !== undefined || !room || !this.#mayWatch(token)) return client.close("noMonitor");
      client.watch();
      this.#monitors.add(client);
    }
    if (overlayId === undefined) return;
    if (!client.budget.take(monotonicClock.now(), graphCost)) return client.close("tooMany");
    const graph = graphOf(this.#homs, overlayId);
    if (graph !== undefined) client.send(JSON.stringify(graph));
  }

  #tell(event: HomsEvent): void {
    for (const message of told(event)) {
      const text = JSON.stringify(message);
      for (const client of this.#monitors) client.send(text);
    }
  }

  #hello(client: SignallingClient, hello: Signal & { kind: "hello" }) {
    const { peerId } = hello;
    if (client.monitor) return client.close("secondName");
    if (client.peerId !== undefined && client.peerId !== peerId) return client.close("secondName");
    if (client.registered) return;
    const result = this.#claims.claim(hello);
    const before = this.#registered.get(peerId);
    if (result === "shown") {
      before?.close("replaced");
      return this.#register(client, peerId, true);
    }
    if (result === "first-come") {
      return before === undefined ? this.#register(client, peerId, false) : client.close("taken");
    }
    if (result !== "later") return client.close(result);
    if (this.#early.has(peerId)) return client.close("taken");
    client.peerId = peerId;
    this.#early.set(peerId, client);
  }

  #register(client: SignallingClient, peerId: string, proved: boolean): void {
    if (this.#early.get(peerId) === client) this.#early.delete(peerId);
    client.register(peerId, proved);
    this.#registered.set(peerId, client);
    this.statistics.registered = this.#registered.size;
    this.#logger.debug({ peer: peerId, proved }, "signalling: registered");
  }

  #bye(client: SignallingClient, peerId: string) {
    if (peerId !== client.peerId) return client.close("wrongSender");
    client.close("bye");
  }

  #relay(client: SignallingClient, { fromId, toId, text }: Signal & { kind: "relay" }) {
    if (!client.registered) {
      // A field peer that is early has yet to join; anybody else has to register first.
      if (client.peerId === undefined) client.close("unregistered");
      return;
    }
    if (fromId !== client.peerId) return client.close("wrongSender");
    const target = this.#registered.get(toId);
    if (target === undefined) {
      this.statistics.undeliverable++;
      // The field's peers know no such answer, and wait.
      if (client.proved) client.send(JSON.stringify({ action: "undeliverable", toid: toId }));
      return;
    }
    this.statistics.relayed++;
    target.send(text);
  }

  #joined(peerId: string): void {
    const client = this.#early.get(peerId);
    if (client === undefined) return;
    const result = this.#claims.claim({ peerId, token: undefined, password: undefined });
    if (result === "later") return;
    this.#early.delete(peerId);
    if (result === "first-come" && !this.#registered.has(peerId)) this.#register(client, peerId, false);
    else client.close("notYours");
  }

  #ended(peerId: string): void {
    const client = this.#registered.get(peerId);
    if (client !== undefined && !this.#claims.isMember(peerId)) client.close("ended");
  }

  #gone(client: SignallingClient): void {
    this.#clients.delete(client);
    this.#monitors.delete(client);
    const { peerId } = client;
    if (peerId !== undefined) {
      if (this.#registered.get(peerId) === client) this.#registered.delete(peerId);
      if (this.#early.get(peerId) === client) this.#early.delete(peerId);
    }
    this.statistics.clients = this.#clients.size;
    this.statistics.registered = this.#registered.size;
  }

  #count(client: SignallingClient, reason: Closure | "slow" | "silent"): void {
    const { cut } = this.statistics;
    cut[reason] = (cut[reason] ?? 0) + 1;
    this.#logger.debug({ peer: client.peerId, reason }, "signalling: closed");
  }

  #ping(): void {
    for (const client of this.#clients) client.ping();
  }
}

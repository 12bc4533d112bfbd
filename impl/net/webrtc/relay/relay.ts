import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { monotonicClock } from "../../clock.js";
import { type Logger, silentLogger } from "../../logger.js";
import { originOf } from "../../origin.js";
import { type Closure, defaultSignallingLimits, type SignallingLimits } from "./limits.js";
import { RelayClient } from "./relay-client.js";
import { type Hello, type RelaySignal, readRelaySignal, type Watch } from "./relay-signal.js";

/** What comes of a hello: a place, a wait until the peer has joined (`retry`), or the end of the socket. */
export type Claim = Place | "later" | Closure;

export interface Place {
  /** Peers of one room reach each other, and nobody else. */
  readonly room: string;
  /** A newer socket that proved who it is replaces an older one. */
  readonly proved: boolean;
  /** Sent when it is registered, where the peer waits for that. */
  readonly answer?: object;
}

/** Whoever has the relay says who may be registered there. */
export interface Gate {
  claim(hello: Hello): Claim;
  /** Somebody wants to watch; nobody may where this is missing. @returns why not */
  watch?(client: RelayClient, wanted: Watch): Closure | undefined;
  gone?(client: RelayClient): void;
}

export interface RelayOptions {
  readonly gate: Gate;
  readonly limits?: Partial<SignallingLimits> | undefined;
  readonly logger?: Logger | undefined;
}

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
 * Hands WebRTC offers, answers and candidates from peer to peer, by peer-id [Q.4100 7.2, X.609.10 8.9 d)]. Whatever a message says beside
 * `fromid` and `toid` is none of its business. It listens nowhere itself: `upgrade` takes what a server was asked to upgrade.
 */
export class SignallingRelay {
  readonly statistics: RelayStatistics = { clients: 0, registered: 0, relayed: 0, undeliverable: 0, cut: {} };
  readonly #limits: SignallingLimits;
  readonly #gate: Gate;
  readonly #logger: Logger;
  readonly #sockets: WebSocketServer;
  /** With where they come from. */
  readonly #clients = new Map<RelayClient, string>();
  /** How many from there. */
  readonly #origins = new Map<string, number>();
  /** Who is registered, by room and peer-id; no room is empty. */
  readonly #rooms = new Map<string, Map<string, RelayClient>>();
  /** Peers that registered before they joined. */
  readonly #early = new Map<string, RelayClient>();
  readonly #timer: NodeJS.Timeout;

  constructor({ gate, limits, logger = silentLogger }: RelayOptions) {
    this.#gate = gate;
    this.#limits = { ...defaultSignallingLimits, ...limits };
    this.#logger = logger;
    const { message: maxPayload } = this.#limits;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload,
    });
    this.#timer = setInterval(() => this.#ping(), this.#limits.pingMs);
    this.#timer.unref();
  }

  /** For a server's `upgrade` event. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { clients, clientsPerAddress } = this.#limits;
    const origin = originOf(request.socket.remoteAddress ?? "") ?? "";
    const tooMany = (): boolean => (this.#origins.get(origin) ?? 0) >= clientsPerAddress;
    // Idle sockets must not keep peers out: the one that has said nothing longest makes room.
    if (tooMany()) this.#firstIdle(origin)?.close("unregistered");
    if (this.#clients.size >= clients) this.#firstIdle()?.close("unregistered");
    if (this.#clients.size >= clients || tooMany()) {
      const fields = { clients: this.#clients.size, address: origin };
      this.#logger.warn(fields, "signalling: a client was refused, there are too many");
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const client = new RelayClient(webSocket, this.#limits, {
        message: (text) => this.#message(client, text),
        gone: () => this.#gone(client, origin),
        cut: (reason) => this.#count(client, reason),
      });
      this.#clients.set(client, origin);
      this.#origins.set(origin, (this.#origins.get(origin) ?? 0) + 1);
      this.statistics.clients = this.#clients.size;
    });
  };

  #firstIdle(of?: string): RelayClient | undefined {
    for (const [client, origin] of this.#clients) {
      if (!client.registered && !client.monitor && (of === undefined || of === origin)) return client;
    }
    return undefined;
  }

  /** Who is registered in a room. */
  peersIn(room: string): string[] {
    return [...(this.#rooms.get(room)?.keys() ?? [])];
  }

  /** A membership is over. */
  end(room: string, peerId: string): void {
    this.#rooms.get(room)?.get(peerId)?.close("ended");
  }

  /** A peer has joined that may have registered before. */
  retry(peerId: string): void {
    const client = this.#early.get(peerId);
    if (client === undefined) return;
    const claim = this.#gate.claim({ peerId, overlayId: undefined, token: undefined, password: undefined });
    if (claim === "later") return;
    this.#early.delete(peerId);
    if (typeof claim === "object" && this.#registered(claim.room, peerId) === undefined) {
      this.#register(client, peerId, claim);
    } else client.close("notYours");
  }

  close(): void {
    clearInterval(this.#timer);
    for (const client of this.#clients.keys()) client.close("closing");
    this.#sockets.close();
  }

  #registered(room: string, peerId: string): RelayClient | undefined {
    return this.#rooms.get(room)?.get(peerId);
  }

  #message(client: RelayClient, text: string) {
    if (!client.budget.take(monotonicClock.now())) return client.close("tooMany");
    const signal = readRelaySignal(text);
    if (signal === undefined) return client.close("malformed");
    if (signal.kind === "hello") this.#hello(client, signal);
    else if (signal.kind === "bye") this.#bye(client, signal.peerId);
    else if (signal.kind === "relay") this.#relay(client, signal);
    else if (signal.kind === "monitor") this.#watch(client, signal);
  }

  #watch(client: RelayClient, wanted: Watch) {
    const isPeer = client.peerId !== undefined;
    const refused = isPeer || this.#gate.watch === undefined ? "noMonitor" : this.#gate.watch(client, wanted);
    if (refused !== undefined) client.close(refused);
  }

  #hello(client: RelayClient, hello: Hello) {
    const { peerId } = hello;
    if (client.monitor) return client.close("secondName");
    if (client.peerId !== undefined && client.peerId !== peerId) return client.close("secondName");
    if (client.registered) return;
    const claim = this.#gate.claim(hello);
    if (typeof claim === "object") {
      const before = this.#registered(claim.room, peerId);
      if (before !== undefined && !claim.proved) return client.close("taken");
      before?.close("replaced");
      return this.#register(client, peerId, claim);
    }
    if (claim !== "later") return client.close(claim);
    if (this.#early.has(peerId)) return client.close("taken");
    client.peerId = peerId;
    this.#early.set(peerId, client);
  }

  #register(client: RelayClient, peerId: string, { room, proved, answer }: Place): void {
    if (this.#early.get(peerId) === client) this.#early.delete(peerId);
    client.register(room, peerId, proved);
    const peers = this.#rooms.get(room) ?? new Map<string, RelayClient>();
    this.#rooms.set(room, peers.set(peerId, client));
    this.statistics.registered++;
    this.#logger.debug({ peer: peerId, proved }, "signalling: registered");
    if (answer !== undefined) client.send(JSON.stringify(answer));
  }

  #bye(client: RelayClient, peerId: string) {
    if (peerId !== client.peerId) return client.close("wrongSender");
    client.close("bye");
  }

  #relay(client: RelayClient, { fromId, toId, text }: RelaySignal & { kind: "relay" }) {
    if (!client.registered) {
      // A field peer that is early has yet to join; anybody else has to register first.
      if (client.peerId === undefined) client.close("unregistered");
      return;
    }
    if (fromId !== client.peerId) return client.close("wrongSender");
    const target = this.#registered(client.room, toId);
    if (target === undefined) {
      this.statistics.undeliverable++;
      // The field's peers know no such answer, and wait.
      if (client.proved) client.send(JSON.stringify({ action: "undeliverable", toid: toId }));
      return;
    }
    this.statistics.relayed++;
    target.send(text);
  }

  #gone(client: RelayClient, origin: string): void {
    if (!this.#clients.delete(client)) return;
    const others = (this.#origins.get(origin) ?? 1) - 1;
    if (others > 0) this.#origins.set(origin, others);
    else this.#origins.delete(origin);
    this.#gate.gone?.(client);
    const { peerId, room } = client;
    if (peerId !== undefined) {
      if (this.#early.get(peerId) === client) this.#early.delete(peerId);
      const peers = this.#rooms.get(room);
      if (peers?.get(peerId) === client) {
        peers.delete(peerId);
        if (peers.size === 0) this.#rooms.delete(room);
        this.statistics.registered--;
      }
    }
    this.statistics.clients = this.#clients.size;
  }

  #count(client: RelayClient, reason: Closure | "slow" | "silent"): void {
    const { cut } = this.statistics;
    cut[reason] = (cut[reason] ?? 0) + 1;
    this.#logger.debug({ peer: client.peerId, reason }, "signalling: closed");
  }

  #ping(): void {
    for (const client of this.#clients.keys()) client.ping();
  }
}

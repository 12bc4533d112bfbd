import { setMaxListeners } from "node:events";
import type { ConnectionOptions, TlsOptions } from "node:tls";
import { advertisedAddress, parseAddress } from "../../net/address.js";
import { type Clock, type Random, systemClock, systemRandom } from "../../net/clock.js";
import { type Logger, silentLogger } from "../../net/logger.js";
import { type Connection, connectTcp, listenTcp, type TcpListener } from "../../net/tcp.js";
import { TransportError } from "../../net/transport-errors.js";
import type { ByeReason, Hello } from "../core/message.js";
import type { PeerContact } from "../core/ports.js";
import { acceptorHandshake, type Handshake, openerHandshake } from "./handshake.js";
import { defaultPeerTransportLimits, type PeerTransportLimits } from "./limits.js";
import { Link, type LinkOwner } from "./link.js";
import { LinkTable } from "./link-table.js";
import type { LinkHandler, LinkOverlay, PeerLink } from "./overlay.js";
import { tcpCarrier, tcpHandler } from "./tcp-carrier.js";

export interface PeerTransportOptions {
  /** Where other peers connect; false: nobody can. Default: 127.0.0.1 and any free port. */
  readonly listen?: { readonly host?: string; readonly port?: number; readonly tls?: TlsOptions } | false;
  /** What others are told instead of where the socket listens: hosts, `host:port`, or whole addresses. */
  readonly advertise?: readonly string[];
  /** For connections to `tls://` addresses, such as the authorities that vouch for other peers. */
  readonly connectTls?: ConnectionOptions;
  /** The overlay network that a hello is for; undefined where this process takes no part in it. */
  lookup(overlayId: string): LinkOverlay | undefined;
  readonly limits?: Partial<PeerTransportLimits>;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** R10 over TCP and TLS: one listening port for all overlay networks of a process [X.609.10 8.9]. */
export interface PeerTransport {
  /** For OMS and PAMS: `tcp://host:port` or `tls://host:port`; none where nobody can connect. */
  readonly addresses: readonly string[];
  readonly port: number | undefined;
  /**
   * Opens a link: tries the addresses in their order, up to the handshake's end. `overlay.opened` is called before this resolves.
   * @throws TransportError ERR_ADDRESS, ERR_UNREACHABLE, ERR_TIMEOUT, ERR_LIMIT, ERR_CLOSED
   */
  connect(overlay: LinkOverlay, to: PeerContact): Promise<PeerLink>;
  /** Closes the links of one overlay network; `reason` tells the other ends. */
  leave(overlayId: string, reason: ByeReason): void;
  close(): Promise<void>;
}

/** @throws TransportError ERR_ADDRESS for `advertise`; else the system's error where it cannot listen */
export async function openPeerTransport(options: PeerTransportOptions): Promise<PeerTransport> {
  const transport = new TcpTransport(options);
  await transport.open();
  return transport;
}

interface Attempt {
  resolve(link: PeerLink): void;
  reject(error: TransportError): void;
}

class TcpTransport implements PeerTransport, LinkOwner {
  addresses: readonly string[] = [];
  readonly #options: PeerTransportOptions;
  readonly #limits: PeerTransportLimits;
  readonly #logger: Logger;
  readonly #surroundings;
  readonly #table = new LinkTable();
  readonly #links = new Set<Link>();
  readonly #attempts = new Map<Link, Attempt>();
  /** Network address of links in their handshake that others opened. */
  readonly #halfOpen = new Map<Link, string>();
  readonly #ending = new AbortController();
  #listener: TcpListener | undefined;
  #connecting = 0;
  #emptied: (() => void) | undefined;

  constructor(options: PeerTransportOptions) {
    // Each attempt under way listens to it.
    setMaxListeners(0, this.#ending.signal);
    const { logger = silentLogger, clock = systemClock, random = systemRandom } = options;
    this.#options = options;
    this.#limits = { ...defaultPeerTransportLimits, ...options.limits };
    this.#logger = logger;
    this.#surroundings = { nonce: () => random.bytes(32), now: () => clock.now() };
  }

  get port(): number | undefined {
    return this.#listener?.port;
  }

  async open(): Promise<void> {
    const { listen = {}, advertise = [] } = this.#options;
    if (listen === false) return;
    const { host = "127.0.0.1", port = 0, tls } = listen;
    const listener = await listenTcp({
      ...this.#connectionLimits(),
      host,
      port,
      ...(tls !== undefined && { tls: { handshakeTimeout: this.#limits.handshakeMs, ...tls } }),
      maxConnections: this.#limits.maxIncoming,
      logger: this.#logger,
      accept: (connection) => this.#accept(connection),
    });
    this.#listener = listener;
    const bound = { scheme: tls === undefined ? "tcp" : "tls", host: listener.address, port: listener.port } as const;
    try {
      const told = advertise.length === 0 ? [undefined] : advertise;
      this.addresses = told.map((address) => advertisedAddress(bound, address));
    } catch (error) {
      await listener.close();
      throw error;
    }
  }

  /** Links guard their own queues. */
  #connectionLimits() {
    return { maxBuffered: Number.POSITIVE_INFINITY, lingerMs: this.#limits.lingerMs };
  }

  #accept(connection: Connection) {
    const { address } = connection;
    const { maxHalfOpen, maxHalfOpenPerAddress } = this.#limits;
    if (!this.#table.begin(address, maxHalfOpen, maxHalfOpenPerAddress)) {
      this.#logger.warn({ address }, "too many links in their handshake: one was refused");
      connection.destroy();
      return { data: () => undefined, closed: () => undefined };
    }
    const handshake = acceptorHandshake((overlayId) => this.#options.lookup(overlayId), this.#surroundings);
    const link = this.#adopt(connection, true, handshake);
    this.#halfOpen.set(link, address);
    return tcpHandler(link);
  }

  #adopt(connection: Connection, incoming: boolean, handshake: Handshake): Link {
    const carrier = tcpCarrier(connection);
    const link = new Link({ carrier, incoming, handshake, owner: this, limits: this.#limits, logger: this.#logger });
    this.#links.add(link);
    return link;
  }

  async connect(overlay: LinkOverlay, { peerId, addresses }: PeerContact): Promise<PeerLink> {
    if (this.#connecting >= this.#limits.maxConnecting) {
      throw new TransportError("ERR_LIMIT", `${this.#connecting} links are being opened already`);
    }
    this.#connecting++;
    try {
      let failure = new TransportError("ERR_ADDRESS", `${peerId} has no address`);
      for (const address of addresses) {
        try {
          return await this.#open(overlay, peerId, address);
        } catch (error) {
          if (!(error instanceof TransportError)) throw error;
          failure = error;
        }
      }
      throw failure;
    } finally {
      this.#connecting--;
    }
  }

  #open(overlay: LinkOverlay, peerId: string, address: string): Promise<PeerLink> {
    if (this.#ending.signal.aborted) throw new TransportError("ERR_CLOSED", "the transport is closed");
    const { scheme, host, port } = parseAddress(address);
    const timeoutMs = this.#limits.handshakeMs;
    return new Promise((resolve, reject) => {
      connectTcp({
        ...this.#connectionLimits(),
        host,
        port,
        tls: scheme === "tls" ? (this.#options.connectTls ?? {}) : undefined,
        timeoutMs,
        signal: this.#ending.signal,
        handler: (connection) => {
          const link = this.#adopt(connection, false, openerHandshake(overlay, peerId, this.#surroundings));
          this.#attempts.set(link, { resolve, reject });
          return tcpHandler(link);
        },
      }).catch((error: unknown) => reject(this.#connectError(error, address, timeoutMs)));
    });
  }

  #connectError(error: unknown, address: string, timeoutMs: number): TransportError {
    if (this.#ending.signal.aborted) return new TransportError("ERR_CLOSED", "the transport was closed");
    // One for each address of a name with several.
    const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
    const what = first instanceof Error ? first.message : String(first);
    const code = what.endsWith(`within ${timeoutMs} ms`) ? "ERR_TIMEOUT" : "ERR_UNREACHABLE";
    return new TransportError(code, `${address}: ${what}`, { cause: error });
  }

  authenticated(link: Link, overlay: LinkOverlay, hello: Hello): LinkHandler | ByeReason {
    const unwanted = overlay.admit(link.remote);
    if (unwanted !== undefined) return unwanted;
    const before = this.#table.take(link, overlay, hello);
    if (before === "stays") return "same-peer";
    before?.end("another link with the same peer takes its place", "same-peer");
    this.#settle(link);
    const handler = overlay.opened(link);
    this.#attempts.get(link)?.resolve(link);
    this.#attempts.delete(link);
    return handler;
  }

  failed(link: Link, why: string): void {
    this.#settle(link);
    const { address, incoming } = link;
    const attempt = this.#attempts.get(link);
    this.#attempts.delete(link);
    if (attempt !== undefined) attempt.reject(new TransportError("ERR_UNREACHABLE", `${address}: ${why}`));
    else if (incoming) this.#logger.info({ address, reason: why }, "a link was refused");
  }

  gone(link: Link): void {
    this.#settle(link);
    this.#table.leave(link);
    this.#links.delete(link);
    if (this.#links.size === 0) this.#emptied?.();
  }

  #settle(link: Link): void {
    const address = this.#halfOpen.get(link);
    if (address === undefined) return;
    this.#halfOpen.delete(link);
    this.#table.finish(address);
  }

  leave(overlayId: string, reason: ByeReason): void {
    for (const link of this.#links) if (link.overlayId === overlayId) link.close(reason);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    const empty = new Promise<void>((resolve) => {
      this.#emptied = resolve;
      if (this.#links.size === 0) resolve();
    });
    for (const link of this.#links) {
      if (link.halfOpen) link.end("the transport was closed", "leaving");
      else link.close("leaving");
    }
    await Promise.all([this.#listener?.close(this.#limits.lingerMs), empty]);
  }
}

import { setMaxListeners } from "node:events";
import { advertisedAddress, parseAddress } from "../../net/address.js";
import { systemClock, systemRandom } from "../../net/clock.js";
import { type Logger, silentLogger } from "../../net/logger.js";
import { type Connection, connectTcp, listenTcp, type TcpListener } from "../../net/tcp.js";
import { TransportError } from "../../net/transport-errors.js";
import type { ChannelUser, OpenChannel } from "../../net/webrtc/rendezvous.js";
import { loadWebRtcLibrary } from "../../net/webrtc/webrtc-library.js";
import type { ByeReason, Hello } from "../core/message.js";
import type { PeerContact } from "../core/ports.js";
import type { Carrier } from "./carrier.js";
import { ChannelCarrier } from "./channel-carrier.js";
import { acceptorHandshake, type Handshake, openerHandshake } from "./handshake.js";
import { defaultPeerTransportLimits, type PeerTransportLimits } from "./limits.js";
import { Link, type LinkOwner } from "./link.js";
import { LinkTable } from "./link-table.js";
import { Meetings } from "./meetings.js";
import type { LinkHandler, LinkOverlay, PeerLink } from "./overlay.js";
import { tcpCarrier, tcpHandler } from "./tcp-carrier.js";
import type { ListenOptions, PeerTransport, PeerTransportOptions, RelayEntry } from "./transport.js";

export type { PeerTransport, PeerTransportOptions } from "./transport.js";

/** @throws TransportError ERR_ADDRESS, ERR_MISSING_PACKAGE; else the system's error where it cannot listen */
export async function openPeerTransport(options: PeerTransportOptions): Promise<PeerTransport> {
  const transport = new Transport(options);
  await transport.open();
  return transport;
}

interface Attempt {
  resolve(link: PeerLink): void;
  reject(error: TransportError): void;
}

class Transport implements PeerTransport, LinkOwner {
  addresses: readonly string[] = [];
  readonly #options: PeerTransportOptions;
  readonly #limits: PeerTransportLimits;
  readonly #logger: Logger;
  readonly #surroundings;
  readonly #table = new LinkTable();
  readonly #links = new Set<Link>();
  readonly #attempts = new Map<Link, Attempt>();
  /** Where links in their handshake come from that others opened. */
  readonly #halfOpen = new Map<Link, string>();
  readonly #ending = new AbortController();
  #listener: TcpListener | undefined;
  #meetings: Meetings | undefined;
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
    const { listen = {}, webrtc } = this.#options;
    if (webrtc !== undefined) {
      const { maxIncoming: maxLinks, maxConnecting } = this.#limits;
      this.#meetings = new Meetings({
        ...webrtc,
        loaded: await loadWebRtcLibrary(webrtc.library),
        limits: { maxLinks, maxConnecting },
        logger: this.#logger,
        offered: (channel) => this.#offered(channel),
      });
    }
    if (listen !== false) await this.#listen(listen);
  }

  addressesIn(overlayId: string): readonly string[] {
    const relay = this.#meetings?.addressIn(overlayId);
    return relay === undefined ? this.addresses : [...this.addresses, relay];
  }

  meet(overlayId: string, relay: RelayEntry): void {
    if (!this.#ending.signal.aborted) this.#meetings?.enter(overlayId, relay);
  }

  async #listen(listen: ListenOptions): Promise<void> {
    const { advertise = [] } = this.#options;
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
    const link = this.#taken(address, () => tcpCarrier(connection));
    if (link !== undefined) return tcpHandler(link);
    connection.destroy();
    return { data: () => undefined, closed: () => undefined };
  }

  /** A data channel that another peer has opened. */
  #offered(channel: OpenChannel): ChannelUser {
    const carrier = new ChannelCarrier(channel, this.#limits.lingerMs);
    carrier.handler = this.#taken(channel.peerId, () => carrier);
    if (carrier.handler === undefined) carrier.destroy();
    return carrier;
  }

  /** A link that another peer opens, unless there are too many in their handshake. */
  #taken(from: string, carrier: () => Carrier): Link | undefined {
    const { maxHalfOpen, maxHalfOpenPerAddress } = this.#limits;
    if (!this.#table.begin(from, maxHalfOpen, maxHalfOpenPerAddress)) {
      this.#logger.warn({ address: from }, "too many links in their handshake: one was refused");
      return undefined;
    }
    const handshake = acceptorHandshake((overlayId) => this.#options.lookup(overlayId), this.#surroundings);
    const link = this.#adopt(carrier(), true, handshake);
    this.#halfOpen.set(link, from);
    return link;
  }

  #adopt(carrier: Carrier, incoming: boolean, handshake: Handshake): Link {
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

  async #open(overlay: LinkOverlay, peerId: string, address: string): Promise<PeerLink> {
    if (this.#ending.signal.aborted) throw new TransportError("ERR_CLOSED", "the transport is closed");
    if (/^wss?:/i.test(address)) return this.#offer(overlay, peerId, address);
    const { scheme, host, port } = parseAddress(address);
    const timeoutMs = this.#limits.handshakeMs;
    const began = performance.now();
    return await new Promise<PeerLink>((resolve, reject) => {
      connectTcp({
        ...this.#connectionLimits(),
        host,
        port,
        tls: scheme === "tls" ? (this.#options.connectTls ?? {}) : undefined,
        timeoutMs,
        signal: this.#ending.signal,
        handler: (connection) => {
          if (scheme === "tcp") this.#options.measured?.(address, performance.now() - began);
          return tcpHandler(this.#attempt(overlay, peerId, tcpCarrier(connection), { resolve, reject }));
        },
      }).catch((error: unknown) => reject(this.#connectError(error, address, timeoutMs)));
    });
  }

  #attempt(overlay: LinkOverlay, peerId: string, carrier: Carrier, attempt: Attempt): Link {
    const link = this.#adopt(carrier, false, openerHandshake(overlay, peerId, this.#surroundings));
    this.#attempts.set(link, attempt);
    return link;
  }

  /** A data channel to a peer that is registered at the same relay. */
  #offer(overlay: LinkOverlay, peerId: string, address: string): Promise<PeerLink> {
    const meetings = this.#meetings;
    if (meetings === undefined) throw new TransportError("ERR_ADDRESS", `${address}: no data channels here`);
    return new Promise((resolve, reject) => {
      const opened = (channel: OpenChannel): ChannelUser => {
        const carrier = new ChannelCarrier(channel, this.#limits.lingerMs);
        carrier.handler = this.#attempt(overlay, peerId, carrier, { resolve, reject });
        return carrier;
      };
      meetings.connect(overlay.overlayId, { peerId, address }, this.#limits.channelMs, opened).catch(reject);
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
    this.#meetings?.leave(overlayId);
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
    await Promise.all([this.#listener?.close(this.#limits.lingerMs), this.#meetings?.close(), empty]);
  }
}

import { type Logger, silentLogger } from "../../net/logger.js";
import { TransportError } from "../../net/transport-errors.js";
import { identityOf, type RtcConfig, RtcConnection } from "../../net/webrtc/rtc-connection.js";
import { type Signal, writeCandidate, writeDescription } from "../../net/webrtc/signal.js";
import { openSignalling } from "../../net/webrtc/signalling.js";
import { loadWebRtcLibrary, type WebRtcLibrary, type WebRtcLibraryName } from "../../net/webrtc/webrtc-library.js";
import type { PeerContact } from "../core/message.js";
import type { WireProfile } from "../wire/profile.js";
import { firstMessage } from "./base-link.js";
import {
  type ConnectOptions,
  defaultTransportLimits,
  type LinkHandler,
  type OnLink,
  type Transport,
  type TransportLimits,
  type TransportLink,
} from "./transport.js";
import { WebRtcLink } from "./webrtc-link.js";

export interface WebRtcTransportOptions {
  /** `ws://host:port` or `wss://…` of the signalling relay: also this peer's address, as the field has it. */
  readonly signalling: string;
  readonly peerId: string;
  readonly limits?: Partial<TransportLimits>;
  /** How links that others open are spelt. Default: as their first message shows. */
  readonly profile?: WireProfile;
  readonly onLink: OnLink;
  readonly logger?: Logger;
  /** Such as `stun:host:port`. Default: none, so that peers reach each other by the addresses that they have. */
  readonly iceServers?: readonly string[];
  /** The only local address that is used, such as 127.0.0.1; node-datachannel alone follows it. Default: all of them. */
  readonly bindAddress?: string;
  /** Default: "wrtc" where it is installed, else "node-datachannel". */
  readonly library?: WebRtcLibraryName;
}

export interface WebRtcTransport extends Transport {
  /** `peer.signalling-token` of the answer to a join: the relay may want to see it (E-HOMP-69). */
  token(token: string): void;
}

/** For an answer, candidates and handshakes of a connection that another peer offers. */
const NEGOTIATION_MS = 10_000;
/** Connections that one peer-id may have opened; with more, the oldest gives way: it may be one of an earlier life. */
const MAX_PER_PEER = 4;
/** The field's peers have one connection per peer-id: they drop an offer before they have let go of that of their HELLO. */
const YOUNG_MS = 2000;
const HANDOVER_MS = 500;
const GRACE_MS = 30;
/** Period of repeating offers that nobody has answered. */
const REPEAT_MS = 1000;

/**
 * Links over WebRTC data channels, arranged through a signalling relay. Needs @roamhq/wrtc or node-datachannel. The relay need not be there
 * yet: it is sought until the transport is closed.
 *
 * @throws TransportError ERR_MISSING_PACKAGE, ERR_ADDRESS
 */
export async function openWebRtcTransport(options: WebRtcTransportOptions): Promise<WebRtcTransport> {
  const library = await loadWebRtcLibrary(options.library);
  return new Transceiver(library, options);
}

interface Entry {
  readonly peerId: string;
  readonly connection: RtcConnection;
  readonly since: number;
  link: WebRtcLink | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Where this peer offered: what waits for the link. */
  readonly waiting: { resolve(link: WebRtcLink): void; reject(error: TransportError): void } | undefined;
}

class Transceiver implements WebRtcTransport {
  readonly scheme = "ws";
  readonly address: string;
  readonly #library: WebRtcLibrary;
  readonly #options: WebRtcTransportOptions;
  readonly #limits: TransportLimits;
  readonly #logger: Logger;
  readonly #config: RtcConfig;
  readonly #opening: LinkHandler;
  readonly #signalling;
  readonly #entries = new Set<Entry>();
  /** The last offer to each peer, settled or not: one at a time, so that an answer can be told whose it is. */
  readonly #offers = new Map<string, Promise<unknown>>();
  #offering = 0;
  readonly #repeating: NodeJS.Timeout;
  #closed = false;
  #emptied: (() => void) | undefined;

  constructor(library: WebRtcLibrary, options: WebRtcTransportOptions) {
    const { signalling, peerId, logger = silentLogger, iceServers = [], bindAddress } = options;
    this.#library = library;
    this.#options = options;
    this.#limits = { ...defaultTransportLimits, ...options.limits };
    this.#logger = logger;
    this.#config = { iceServers, ...(bindAddress !== undefined && { bindAddress }) };
    this.#opening = firstMessage(options.onLink, logger);
    this.address = signalling;
    this.#signalling = openSignalling({
      url: signalling,
      peerId,
      logger,
      onSignal: (signal) => this.#signal(signal),
      onUp: () => this.#offerAgain(),
    });
    this.#repeating = setInterval(() => this.#offerAgain(), REPEAT_MS).unref();
  }

  token(token: string): void {
    this.#signalling.token(token);
  }

  async connect(to: PeerContact, options: ConnectOptions): Promise<TransportLink> {
    const { peerId } = to;
    this.#open();
    if (!/^wss?:\/\//i.test(to.address)) {
      throw new TransportError("ERR_ADDRESS", `address ${JSON.stringify(to.address)}: not that of a signalling relay`);
    }
    if (peerId === this.#options.peerId) throw new TransportError("ERR_ADDRESS", "that is this peer itself");
    if (this.#offering >= this.#limits.maxConnecting) {
      throw new TransportError("ERR_LIMIT", `${this.#offering} connections are being opened already`);
    }
    const until = performance.now() + options.timeoutMs;
    const before = this.#offers.get(peerId);
    this.#offering++;
    const attempt = this.#connect(peerId, options, until, before);
    // Without result: what waits for its turn is not to know how this one ended.
    const settled = attempt.then(
      () => undefined,
      () => undefined,
    );
    this.#offers.set(peerId, settled);
    try {
      return await attempt;
    } finally {
      this.#offering--;
      if (this.#offers.get(peerId) === settled) this.#offers.delete(peerId);
    }
  }

  async #connect(
    peerId: string,
    { profile, handler, timeoutMs }: ConnectOptions,
    until: number,
    before: Promise<unknown> | undefined,
  ): Promise<WebRtcLink> {
    const left = (): number => until - performance.now();
    if (before !== undefined) await settledWithin(before, left());
    if (!(await this.#signalling.ready(Math.max(0, left())))) {
      this.#open();
      throw new TransportError("ERR_UNREACHABLE", `no connection with the signalling relay ${this.#signalling.url}`);
    }
    await this.#handover(peerId);
    this.#open();
    if (left() <= 0) throw new TransportError("ERR_TIMEOUT", `${peerId}: its turn did not come within ${timeoutMs} ms`);
    return await new Promise<WebRtcLink>((resolve, reject) => {
      const entry = this.#enter(peerId, true, { profile, handler }, { resolve, reject });
      entry.timer = setTimeout(() => {
        this.#fail(entry, new TransportError("ERR_TIMEOUT", `${peerId}: no connection within ${timeoutMs} ms`));
      }, left());
    });
  }

  #open(): void {
    if (this.#closed) throw new TransportError("ERR_CLOSED", "the transport is closed");
  }

  /** Lets the connection end on which the other peer's HELLO came. */
  async #handover(peerId: string): Promise<void> {
    const now = performance.now();
    const young = (): boolean =>
      [...this.#entries].some(
        ({ peerId: other, link, since }) => other === peerId && link?.incoming === true && now - since < YOUNG_MS,
      );
    if (!young()) return;
    while (young() && performance.now() - now < HANDOVER_MS) await pause(10);
    await pause(GRACE_MS);
  }

  #enter(
    peerId: string,
    offerer: boolean,
    use: { readonly profile: WireProfile | undefined; readonly handler: LinkHandler },
    waiting?: Entry["waiting"],
  ): Entry {
    const own = this.#options.peerId;
    const connection = new RtcConnection(this.#library, this.#config, offerer, {
      description: (type, sdp) => {
        if (!this.#signalling.send(writeDescription(own, peerId, type, sdp)) && type === "answer") {
          this.#logger.info({ peer: peerId }, "an answer was lost with the connection to the signalling relay");
        }
      },
      candidate: (candidate) => void this.#signalling.send(writeCandidate(own, peerId, candidate)),
      open: () => {
        clearTimeout(entry.timer);
        const { remoteAddress } = connection;
        const remote = remoteAddress === undefined ? peerId : `${peerId} at ${remoteAddress}`;
        entry.link = new WebRtcLink(connection, {
          incoming: !offerer,
          remote,
          ...use,
          limits: this.#limits,
          logger: this.#logger,
        });
        waiting?.resolve(entry.link);
      },
      message: (message) => entry.link?.received(message),
      lost: (reason) => {
        if (entry.link !== undefined) entry.link.broke(reason);
        else this.#fail(entry, new TransportError("ERR_UNREACHABLE", `${peerId}: ${reason}`));
      },
      gone: () => {
        clearTimeout(entry.timer);
        this.#entries.delete(entry);
        if (this.#entries.size === 0) this.#emptied?.();
      },
    });
    const entry: Entry = { peerId, connection, since: performance.now(), link: undefined, timer: undefined, waiting };
    this.#entries.add(entry);
    return entry;
  }

  #fail(entry: Entry, error: TransportError): void {
    entry.connection.close();
    if (entry.waiting !== undefined) entry.waiting.reject(error);
    else this.#logger.info({ peer: entry.peerId, reason: error.message }, "a connection that was offered failed");
  }

  #signal(signal: Signal): void {
    if (this.#closed) return;
    if (signal.kind === "undeliverable") {
      const reason = `${signal.to}: nobody is registered under this peer-id at ${this.#signalling.url}`;
      for (const entry of this.#negotiating(signal.to))
        this.#fail(entry, new TransportError("ERR_UNREACHABLE", reason));
    } else if (signal.kind === "offer") {
      this.#offered(signal.from, signal.sdp);
    } else if (signal.kind === "candidate") {
      // Candidates do not say which session they are of; those of another lead nowhere and do no harm.
      for (const { peerId, connection } of this.#entries) {
        if (peerId === signal.from) connection.addCandidate(signal.candidate);
      }
    } else {
      const entry = this.#negotiating(signal.from).find(({ connection }) => connection.pendingOffer !== undefined);
      if (entry !== undefined) this.#describe(entry, "answer", signal.sdp);
    }
  }

  #negotiating(peerId: string): Entry[] {
    return [...this.#entries].filter((entry) => entry.peerId === peerId && !entry.connection.isOpen);
  }

  #offered(peerId: string, sdp: string): void {
    const known = [...this.#entries].filter((entry) => entry.peerId === peerId);
    const identity = identityOf(sdp);
    const same = known.find(({ connection }) => connection.remoteIdentity === identity);
    if (same !== undefined) {
      // The field renegotiates a path to add media, which this peer does not take; or the relay has handed an offer on twice.
      if (same.connection.isOpen && same.connection.remoteOffer !== sdp) this.#describe(same, "offer", sdp);
      return;
    }
    for (const entry of known) {
      if (!entry.connection.offerer && entry.link === undefined) {
        this.#fail(entry, new TransportError("ERR_UNREACHABLE", "the other peer offers anew"));
      }
    }
    const incoming = [...this.#entries].filter(({ connection }) => !connection.offerer);
    const undecided = incoming.filter(({ link }) => link === undefined).length;
    if (incoming.length >= this.#limits.maxLinks || undecided >= this.#limits.maxConnecting) {
      this.#logger.warn({ peer: peerId }, "too many connections: an offer is passed over");
      return;
    }
    const links = incoming.filter(({ peerId: other, link }) => other === peerId && link !== undefined);
    if (links.length >= MAX_PER_PEER) links[0]?.link?.broke("a newer connection of the same peer takes its place");
    const entry = this.#enter(peerId, false, { profile: this.#options.profile, handler: this.#opening });
    entry.timer = setTimeout(() => {
      this.#fail(entry, new TransportError("ERR_TIMEOUT", `no connection within ${NEGOTIATION_MS} ms`));
    }, NEGOTIATION_MS);
    this.#describe(entry, "offer", sdp);
  }

  #describe(entry: Entry, type: "offer" | "answer", sdp: string): void {
    try {
      entry.connection.describe(type, sdp);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      if (entry.link !== undefined) entry.link.broke(`an ${type} that cannot be read: ${what}`);
      else
        this.#fail(
          entry,
          new TransportError("ERR_UNREACHABLE", `${entry.peerId}: an ${type} that cannot be read: ${what}`),
        );
    }
  }

  /** The relay may have known nothing of this peer, or of the other, when the offers went out; the field's drops them then. */
  #offerAgain(): void {
    for (const { peerId, connection } of this.#entries) {
      const { pendingOffer } = connection;
      if (pendingOffer === undefined) continue;
      this.#signalling.send(writeDescription(this.#options.peerId, peerId, "offer", pendingOffer));
    }
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      clearInterval(this.#repeating);
      for (const entry of this.#entries) {
        if (entry.link !== undefined) entry.link.close();
        else if (entry.waiting !== undefined)
          this.#fail(entry, new TransportError("ERR_CLOSED", "the transport was closed"));
        else entry.connection.close();
      }
    }
    await this.#signalling.close();
    if (this.#entries.size > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms));
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}

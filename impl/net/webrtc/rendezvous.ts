import type { Logger } from "../logger.js";
import { TransportError } from "../transport-errors.js";
import { identityOf, type RtcConfig, RtcConnection } from "./rtc-connection.js";
import { type PeerSignal, writeCandidate, writeDescription } from "./signal.js";
import { openSignalling } from "./signalling.js";
import type { WebRtcLibrary } from "./webrtc-library.js";

export interface RendezvousOptions {
  readonly library: WebRtcLibrary;
  /** `ws://host:port` or `wss://…` of the signalling relay. */
  readonly signalling: string;
  /** By which this peer is known at the relay. */
  readonly peerId: string;
  /** At the relay of an OMS: the overlay network that this peer is a member of, and what proves it there. */
  readonly overlayId?: string;
  readonly token?: string;
  /** Such as `stun:host:port`. */
  readonly iceServers?: readonly string[];
  readonly bindAddress?: string;
  readonly limits: RendezvousLimits;
  readonly logger: Logger;
  /** A connection that another peer offered is open. */
  opened(channel: OpenChannel): ChannelUser;
  /** Others can reach this peer through the relay from now on, or not any longer. */
  standing?(reachable: boolean): void;
}

export interface RendezvousLimits {
  /** Connections at a time that others offered. */
  readonly maxLinks: number;
  /** Those of them that are not open yet; and those being offered. */
  readonly maxConnecting: number;
}

/** A data channel with another peer. */
export interface OpenChannel {
  readonly connection: RtcConnection;
  readonly peerId: string;
  /** The other peer offered it. */
  readonly incoming: boolean;
  /** For people. */
  readonly remote: string;
}

/** Who has a data channel. */
export interface ChannelUser {
  received(message: string | Uint8Array): void;
  /** It ended by itself, or because of what the relay said. */
  broke(reason: string): void;
  /** The rendezvous is closed: ends the connection, after what is queued. */
  close(): void;
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

interface Entry {
  readonly peerId: string;
  readonly connection: RtcConnection;
  readonly since: number;
  user: ChannelUser | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Where this peer offered: what waits for the channel. */
  readonly waiting: { opened(channel: OpenChannel): ChannelUser; reject(error: TransportError): void } | undefined;
}

/** Where peers of one relay find each other: connections that this peer offers, and those that others offer. */
export class Rendezvous {
  readonly #options: RendezvousOptions;
  readonly #limits: RendezvousLimits;
  readonly #logger: Logger;
  readonly #config: RtcConfig;
  readonly #signalling;
  readonly #entries = new Set<Entry>();
  /** The last offer to each peer, settled or not: one at a time, so that an answer can be told whose it is. */
  readonly #offers = new Map<string, Promise<unknown>>();
  #offering = 0;
  readonly #repeating: NodeJS.Timeout;
  #closed = false;
  #emptied: (() => void) | undefined;

  /** @throws TransportError ERR_ADDRESS */
  constructor(options: RendezvousOptions) {
    const { signalling, peerId, overlayId, token, logger, iceServers = [], bindAddress } = options;
    this.#options = options;
    this.#limits = options.limits;
    this.#logger = logger;
    this.#config = { iceServers, ...(bindAddress !== undefined && { bindAddress }) };
    this.#signalling = openSignalling({
      url: signalling,
      peerId,
      overlayId,
      token,
      logger,
      onSignal: (signal) => this.#signal(signal),
      onUp: () => {
        this.#offerAgain();
        options.standing?.(true);
      },
      onDown: () => options.standing?.(false),
    });
    this.#repeating = setInterval(() => this.#offerAgain(), REPEAT_MS).unref();
  }

  /** The relay, as it is written in full. */
  get url(): string {
    return this.#signalling.url;
  }

  /** What the relay may want to see of this peer (E-HOMP-69). */
  token(token: string): void {
    this.#signalling.token(token);
  }

  /**
   * Offers a connection to a peer; `opened` takes it.
   * @throws TransportError ERR_ADDRESS, ERR_UNREACHABLE, ERR_TIMEOUT, ERR_LIMIT, ERR_CLOSED
   */
  async connect<User extends ChannelUser>(
    peerId: string,
    timeoutMs: number,
    opened: (channel: OpenChannel) => User,
  ): Promise<User> {
    this.#open();
    if (peerId === this.#options.peerId) throw new TransportError("ERR_ADDRESS", "that is this peer itself");
    if (this.#offering >= this.#limits.maxConnecting) {
      throw new TransportError("ERR_LIMIT", `${this.#offering} connections are being opened already`);
    }
    const until = performance.now() + timeoutMs;
    const before = this.#offers.get(peerId);
    this.#offering++;
    const attempt = this.#connect(peerId, timeoutMs, opened, until, before);
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

  async #connect<User extends ChannelUser>(
    peerId: string,
    timeoutMs: number,
    opened: (channel: OpenChannel) => User,
    until: number,
    before: Promise<unknown> | undefined,
  ): Promise<User> {
    const left = (): number => until - performance.now();
    if (before !== undefined) await settledWithin(before, left());
    if (!(await this.#signalling.ready(Math.max(0, left())))) {
      this.#open();
      throw new TransportError("ERR_UNREACHABLE", `no connection with the signalling relay ${this.#signalling.url}`);
    }
    await this.#handover(peerId);
    this.#open();
    if (left() <= 0) throw new TransportError("ERR_TIMEOUT", `${peerId}: its turn did not come within ${timeoutMs} ms`);
    return await new Promise<User>((resolve, reject) => {
      const entry = this.#enter(peerId, true, {
        reject,
        opened(channel) {
          const user = opened(channel);
          resolve(user);
          return user;
        },
      });
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
        ({ peerId: other, user, connection, since }) =>
          other === peerId && user !== undefined && !connection.offerer && now - since < YOUNG_MS,
      );
    if (!young()) return;
    while (young() && performance.now() - now < HANDOVER_MS) await pause(10);
    await pause(GRACE_MS);
  }

  #enter(peerId: string, offerer: boolean, waiting?: Entry["waiting"]): Entry {
    const own = this.#options.peerId;
    const connection = new RtcConnection(this.#options.library, this.#config, offerer, {
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
        const channel = { connection, peerId, incoming: !offerer, remote };
        entry.user = waiting === undefined ? this.#options.opened(channel) : waiting.opened(channel);
      },
      message: (message) => entry.user?.received(message),
      lost: (reason) => {
        if (entry.user !== undefined) entry.user.broke(reason);
        else this.#fail(entry, new TransportError("ERR_UNREACHABLE", `${peerId}: ${reason}`));
      },
      gone: () => {
        clearTimeout(entry.timer);
        this.#entries.delete(entry);
        if (this.#entries.size === 0) this.#emptied?.();
      },
    });
    const entry: Entry = { peerId, connection, since: performance.now(), user: undefined, timer: undefined, waiting };
    this.#entries.add(entry);
    return entry;
  }

  #fail(entry: Entry, error: TransportError): void {
    entry.connection.close();
    if (entry.waiting !== undefined) entry.waiting.reject(error);
    else this.#logger.info({ peer: entry.peerId, reason: error.message }, "a connection that was offered failed");
  }

  #signal(signal: PeerSignal): void {
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
      if (!entry.connection.offerer && entry.user === undefined) {
        this.#fail(entry, new TransportError("ERR_UNREACHABLE", "the other peer offers anew"));
      }
    }
    const incoming = [...this.#entries].filter(({ connection }) => !connection.offerer);
    const undecided = incoming.filter(({ user }) => user === undefined).length;
    if (incoming.length >= this.#limits.maxLinks || undecided >= this.#limits.maxConnecting) {
      this.#logger.warn({ peer: peerId }, "too many connections: an offer is passed over");
      return;
    }
    const links = incoming.filter(({ peerId: other, user }) => other === peerId && user !== undefined);
    if (links.length >= MAX_PER_PEER) links[0]?.user?.broke("a newer connection of the same peer takes its place");
    const entry = this.#enter(peerId, false);
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
      if (entry.user !== undefined) entry.user.broke(`an ${type} that cannot be read: ${what}`);
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
        if (entry.user !== undefined) entry.user.close();
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

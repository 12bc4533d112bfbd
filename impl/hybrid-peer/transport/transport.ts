import type { Message, PeerContact } from "../core/message.js";
import type { Link } from "../core/ports.js";
import type { WireProfile } from "../wire/profile.js";

/** One way in which hybrid peers reach each other: the HPC functional entity [Q.4100 7.2.5.1]. */
export interface Transport {
  readonly scheme: "tcp" | "tls" | "ws";
  /** PEER_INFO.address, for the HOMS and other peers [Q.4103 6.1.2]: `tcp://host:port`, `tls://host:port`, or the signalling relay's. */
  readonly address: string;
  /**
   * Opens a link. Nothing is left open where it rejects.
   * @throws TransportError ERR_ADDRESS, ERR_UNREACHABLE, ERR_TIMEOUT, ERR_LIMIT, ERR_CLOSED
   */
  connect(to: PeerContact, options: ConnectOptions): Promise<TransportLink>;
  /** Closes all links, after what is queued on them, and takes no more. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** For the log: links themselves belong to no overlay network until their first message says so. */
  readonly overlayId: string;
  /** How messages are spelt on this link. */
  readonly profile: WireProfile;
  /** For everything until the link is there, in ms. */
  readonly timeoutMs: number;
  readonly handler: LinkHandler;
}

export interface LinkHandler {
  message(link: TransportLink, message: Message): void;
  /** Once, however the link ended, unless `link.close()` ended it. `reason` is for people. */
  closed(link: TransportLink, reason: string): void;
}

export interface TransportLink extends Link {
  /** May be replaced: the first message decides whose the link is. */
  handler: LinkHandler;
}

/** Told of the first message on a link that another peer opened. @returns what takes the next ones, or undefined: the link is refused */
export type OnLink = (link: TransportLink, first: Message) => LinkHandler | undefined;

/** What a transport takes from outside. Sizes in octets, times in ms. */
export interface TransportLimits {
  /** Longest frame taken over TCP. */
  readonly maxFrame: number;
  /** Octets waiting on one link for an end that does not read; with more it is closed. */
  readonly maxQueued: number;
  /** Links at a time that others opened, TLS and WebRTC handshakes included. */
  readonly maxLinks: number;
  /** Those of them from one network address. */
  readonly maxLinksPerAddress: number;
  /** Links being opened at a time. */
  readonly maxConnecting: number;
  /** From the connection to the whole of the first frame. */
  readonly firstFrameMs: number;
  /** A frame that is begun has to end within twice this time. */
  readonly frameMs: number;
  /** Frames with codes that do not exist, per link; they are passed over. */
  readonly maxUnknown: number;
  /** How long a closed link waits for the other end to take what was sent last. */
  readonly lingerMs: number;
}

export const defaultTransportLimits: TransportLimits = {
  maxFrame: 256 * 1024,
  maxQueued: 8 * 1024 * 1024,
  maxLinks: 200,
  maxLinksPerAddress: 100,
  maxConnecting: 64,
  firstFrameMs: 5000,
  frameMs: 15_000,
  maxUnknown: 1000,
  lingerMs: 1000,
};

/** What a transport takes from outside. Sizes in octets, times in ms. */
export interface PeerTransportLimits {
  /** From the connection to the other end's proof. */
  readonly handshakeMs: number;
  /** For a data channel to come about, before that. */
  readonly channelMs: number;
  /** Longest frame from a peer that has shown who it is. */
  readonly maxFrame: number;
  /** Links at a time that others opened, whatever their overlay network and state. */
  readonly maxIncoming: number;
  /** Links in their handshake that others opened: all, and those from one network address. */
  readonly maxHalfOpen: number;
  readonly maxHalfOpenPerAddress: number;
  /** Links being opened at a time. */
  readonly maxConnecting: number;
  /** More than this waits on a link: `send` says so, and `drained` follows when less than a quarter waits. */
  readonly highWater: number;
  /** With more, the link is closed: its other end does not read. What waits in small messages takes several times as much memory. */
  readonly maxQueued: number;
  /** Octets of fragments handed to the system at a time; messages that come up meanwhile wait for no more than these. */
  readonly batch: number;
  /** Messages of types that do not exist, per link; they are passed over. */
  readonly maxUnknown: number;
  /** How long a link that is closed waits for the other end to take what was sent last. */
  readonly lingerMs: number;
}

export const defaultPeerTransportLimits: PeerTransportLimits = {
  handshakeMs: 5000,
  channelMs: 10_000,
  maxFrame: 1024 * 1024,
  maxIncoming: 512,
  maxHalfOpen: 128,
  maxHalfOpenPerAddress: 16,
  maxConnecting: 64,
  highWater: 4 * 1024 * 1024,
  maxQueued: 16 * 1024 * 1024,
  batch: 512 * 1024,
  maxUnknown: 1000,
  lingerMs: 1000,
};

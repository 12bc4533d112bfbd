/** Bounds of the fields of R10, in octets or items. */
export const wireLimits = {
  /** Frame of any message but a fragment on a data channel; of all on TCP. */
  frame: 1024 * 1024,
  /** Payload of one fragment message: on TCP, on a data channel. */
  tcpPayload: 1024 * 1024 - 64,
  channelPayload: 64 * 1024,
  /** What a peer that has not shown who it is may send at a time. */
  handshakeFrame: 8 * 1024,
  id: 1024,
  sessionKey: 4096,
  runs: 4096,
  descriptors: 1024,
  receipt: 60 * 1024,
} as const;

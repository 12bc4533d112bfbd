/** Octets of a frame. */
export const wireLimits = {
  /** Whatever the message. */
  frame: 1024 * 1024,
  /** From a peer that has not shown who it is: hello, proof or bye, with the longest identifiers and session key. */
  handshakeFrame: 8 * 1024,
} as const;

/** What carries the octets of a link: a TCP connection, a TLS session on one, or a data channel. */
export interface Carrier {
  /** Of the other end, for people. */
  readonly address: string;
  /** Octets of payload in one fragment message. */
  readonly maxPayload: number;
  /** Octets written that have not left yet. */
  readonly queued: number;
  /** Frames, whole, each in one piece or several. */
  write(frames: readonly (readonly Uint8Array[])[]): void;
  /** Takes nothing more from the other end until told otherwise; without effect where the carrier cannot. */
  pause(paused: boolean): void;
  /** Sends what was written, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

/** What a carrier tells its link. */
export interface CarrierHandler {
  data(chunk: Uint8Array): void;
  /** What was written has left, or most of it. */
  drained(): void;
  /** The other end sends no more. */
  ended(): void;
  /** Once, however it ended. */
  closed(error: Error | undefined): void;
}

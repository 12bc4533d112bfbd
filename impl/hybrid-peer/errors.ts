/** Why something that was asked of a hybrid peer did not come about. Codes are stable. */
export type HybridPeerErrorCode =
  /** The HOMS refuses; `status` has its answer. */
  | "ERR_REFUSED"
  /** The HOMS gives no answer, or one that says to come again, and it was asked often enough. */
  | "ERR_UNAVAILABLE"
  /** No overlay network is what was looked for. */
  | "ERR_NOT_FOUND"
  /** The HOMS agrees, but leaves out what is needed to go on. */
  | "ERR_ANSWER"
  /** The peer, or this membership, is closed. */
  | "ERR_CLOSED"
  /** A setting is out of its bounds, or does not go with another; the message names it. */
  | "ERR_CONFIGURATION"
  /** A message is longer than the settings allow. */
  | "ERR_TOO_LARGE"
  /** Only the source peer of a sub-overlay sends [Q.4100 6]. */
  | "ERR_NOT_SOURCE"
  /** The place to listen at cannot be had, or the signalling relay is not there. */
  | "ERR_TRANSPORT";

/** Thrown by everything a hybrid peer does on request. */
export class HybridPeerError extends Error {
  readonly code: HybridPeerErrorCode;
  /** HTTP status of the answer, if there was one. */
  readonly status: number | undefined;

  constructor(code: HybridPeerErrorCode, message: string, status?: number) {
    super(message);
    this.name = "HybridPeerError";
    this.code = code;
    this.status = status;
  }
}

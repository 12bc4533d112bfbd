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
  | "ERR_CLOSED";

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

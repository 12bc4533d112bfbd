export type PeerErrorCode =
  /** A server refused; the message has its status and words. */
  | "ERR_REFUSED"
  /** What was asked for is not there. */
  | "ERR_NOT_FOUND"
  /** A server gave no answer in time. */
  | "ERR_UNAVAILABLE"
  /** An index file that cannot be worked with. */
  | "ERR_INDEX_FILE"
  /** A fragment is too long, or comes after the end. */
  | "ERR_FRAGMENT"
  /** The whole is not what the index file says, or cannot be kept. */
  | "ERR_CONTENT"
  /** What comes cannot be written: no space left, or not allowed; or another process writes there. */
  | "ERR_STORAGE"
  /** The session or the peer is over. */
  | "ERR_LEFT"
  | "ERR_OPTIONS";

/** What went wrong at a peer; `code` does not change between versions. */
export class PeerError extends Error {
  readonly code: PeerErrorCode;
  /** The status of the server that refused. */
  readonly status: number | undefined;

  constructor(code: PeerErrorCode, message: string, status?: number) {
    super(message);
    this.name = "PeerError";
    this.code = code;
    this.status = status;
  }
}

export const transportErrorCodes = {
  /** No address of a peer, or of a kind that this transport does not reach. */
  ERR_ADDRESS: "ERR_ADDRESS",
  /** Nobody there, or nobody who can be trusted. */
  ERR_UNREACHABLE: "ERR_UNREACHABLE",
  /** Not in the time that was given. */
  ERR_TIMEOUT: "ERR_TIMEOUT",
  /** Too many attempts at once. */
  ERR_LIMIT: "ERR_LIMIT",
  /** The transport is closed. */
  ERR_CLOSED: "ERR_CLOSED",
  /** An optional package is needed and not installed; the message says which. */
  ERR_MISSING_PACKAGE: "ERR_MISSING_PACKAGE",
} as const;

export type TransportErrorCode = (typeof transportErrorCodes)[keyof typeof transportErrorCodes];

/** Why a transport could not be opened, or another peer not be reached. Codes are stable. */
export class TransportError extends Error {
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TransportError";
    this.code = code;
  }
}

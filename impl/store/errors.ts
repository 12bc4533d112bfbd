export const storeErrorCodes = {
  /** The file is held by another process: one entity, one file. */
  ERR_STORE_BUSY: "ERR_STORE_BUSY",
  /** The file is no store of this package, or was written by a newer version of it. */
  ERR_STORE_FORMAT: "ERR_STORE_FORMAT",
  /** The file cannot be opened or made. */
  ERR_STORE_OPEN: "ERR_STORE_OPEN",
  /** A group could not be written; nothing of it is on disk. `cause` has the reason. */
  ERR_STORE_WRITE: "ERR_STORE_WRITE",
  /** The store was closed before. */
  ERR_STORE_CLOSED: "ERR_STORE_CLOSED",
} as const;

export type StoreErrorCode = (typeof storeErrorCodes)[keyof typeof storeErrorCodes];

/** What every store adapter throws and rejects with. `code` is stable. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}

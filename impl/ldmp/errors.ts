import { codeName } from "../../generated/ldmp/index.js";

export const requestErrorCodes = {
  /** No data source with this identifier is registered. */
  ERR_NOT_REGISTERED: "ERR_NOT_REGISTERED",
  /** The data source answered with an error; `ldmpCode` is its code. */
  ERR_REFUSED: "ERR_REFUSED",
  /** No answer came, repeats included. */
  ERR_NO_ANSWER: "ERR_NO_ANSWER",
  /** The data source left, was reset or replaced before it answered. */
  ERR_REMOVED: "ERR_REMOVED",
  /** Too many requests wait for this data source. */
  ERR_BUSY: "ERR_BUSY",
  /** The source peer or data source is closed. */
  ERR_CLOSED: "ERR_CLOSED",
} as const;

export type RequestErrorCode = (typeof requestErrorCodes)[keyof typeof requestErrorCodes];

/** Why a request of a source peer did not succeed. `code` is stable. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;
  /** The code of the answer, such as 0x84; with ERR_REFUSED alone. */
  readonly ldmpCode: number | undefined;

  constructor(code: RequestErrorCode, message: string, ldmpCode?: number) {
    super(message);
    this.name = "RequestError";
    this.code = code;
    this.ldmpCode = ldmpCode;
  }
}

/** The error for an answer of class 4 or 5. */
export function refused(sourceId: number, ldmpCode: number): RequestError {
  return new RequestError("ERR_REFUSED", `data source ${sourceId} answered ${codeName(ldmpCode)}`, ldmpCode);
}

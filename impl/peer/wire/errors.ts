export type WireErrorCode =
  | "ERR_TRUNCATED"
  | "ERR_TRAILING"
  | "ERR_RANGE"
  | "ERR_RESERVED"
  | "ERR_VERSION"
  | "ERR_TEXT"
  | "ERR_SPACE";

/** Octets that are no message of R10, or a message that has no octets [X.609.10 8.9]. */
export class WireError extends Error {
  override name = "WireError";
  readonly code: WireErrorCode;
  /** `hello.peerId`; "" where the message as a whole is meant. */
  readonly field: string;

  constructor(code: WireErrorCode, field: string, what: string) {
    super(field === "" ? what : `${field}: ${what}`);
    this.code = code;
    this.field = field;
  }
}

export const wireErrorCodes = {
  /** The octets end before the frame does. */
  ERR_TRUNCATED: "ERR_TRUNCATED",
  /** The frame has more octets, or fewer, than its header says. */
  ERR_LENGTH: "ERR_LENGTH",
  /** The header is no JSON object in UTF-8, or is nested too deeply. */
  ERR_HEADER: "ERR_HEADER",
  /** A field is missing or has no such value; `field` names it. */
  ERR_FIELD: "ERR_FIELD",
  /** No such message. The field's peers ignore it, so a receiver may go on. */
  ERR_UNKNOWN_CODE: "ERR_UNKNOWN_CODE",
  /** A frame, or the header of a message to be sent, is longer than allowed. */
  ERR_TOO_LARGE: "ERR_TOO_LARGE",
} as const;

export type WireErrorCode = (typeof wireErrorCodes)[keyof typeof wireErrorCodes];

/** Octets that are no message of reference point R2, or a message that cannot be put into a frame. */
export class WireError extends Error {
  readonly code: WireErrorCode;
  /** Where in the header: `req-params.peer.ticket-id`; "" where the frame as a whole is meant. */
  readonly field: string;
  /** Stream decoders: the messages before the fault. */
  preceding: readonly unknown[] = [];

  constructor(code: WireErrorCode, field: string, what: string) {
    super(field === "" ? what : `${field}: ${what}`);
    this.name = "WireError";
    this.code = code;
    this.field = field;
  }
}

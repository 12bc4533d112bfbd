/** A PAMS has refused a request; `status` says how. */
export class PampRefused extends Error {
  /** The primitive: `PAMP_PEER_LIST_QUERY`. */
  readonly operation: string;
  readonly status: number;

  constructor(operation: string, status: number) {
    super(`${operation} was refused with ${status}`);
    this.name = "PampRefused";
    this.operation = operation;
    this.status = status;
  }
}

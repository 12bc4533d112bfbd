import type { Data } from "../core/message.js";
import type { DataSignatures } from "../core/ports.js";

/** Signatures checked at a time, and what may wait for it. */
const MOST_IN_BATCH = 256;
const MOST_WAITING = 4096;
const MOST_OCTETS = 16 * 1024 * 1024;

interface Waiting {
  readonly data: Data;
  readonly then: (valid: boolean) => void;
}

/** Has signatures checked in batches, off the path of the messages, and in their order. */
export class Verifier {
  #waiting: Waiting[] = [];
  #octets = 0;
  #busy = false;

  /** @returns false where too much is waiting already: the data is not looked at, and recovery may bring it later */
  add(signatures: DataSignatures, data: Data, then: (valid: boolean) => void): boolean {
    if (this.#waiting.length >= MOST_WAITING || this.#octets >= MOST_OCTETS) return false;
    this.#waiting.push({ data, then });
    this.#octets += data.payload.byteLength;
    if (!this.#busy) this.#next(signatures);
    return true;
  }

  #next(signatures: DataSignatures): void {
    const batch = this.#waiting.splice(0, MOST_IN_BATCH);
    this.#busy = batch.length > 0;
    if (!this.#busy) return;
    signatures.verify(
      batch.map(({ data }) => data),
      (valid) => {
        for (const [index, { data, then }] of batch.entries()) {
          this.#octets -= data.payload.byteLength;
          then(valid[index] === true);
        }
        this.#next(signatures);
      },
    );
  }
}

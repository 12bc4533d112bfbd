import type { Fragment, Message } from "../core/message.js";
import { encodeMessage } from "../wire/message-codec.js";
import type { Carrier } from "./carrier.js";

/**
 * What waits for the other end. Small messages go first; fragments follow in parts, no more of them at a time than a batch, so that a
 * request is not stuck behind megabytes.
 */
export class Outgoing {
  readonly #carrier: Carrier;
  readonly #batch: number;
  #small: (readonly Uint8Array[])[] = [];
  #smallOctets = 0;
  /** Fragments, the first of them from `#from` on. */
  #fragments: Fragment[] = [];
  #from = 0;
  #bulkOctets = 0;
  #scheduled = false;

  constructor(carrier: Carrier, batch: number) {
    this.#carrier = carrier;
    this.#batch = batch;
  }

  /** Octets, without the heads of fragments. */
  get queued(): number {
    return this.#smallOctets + this.#bulkOctets + this.#carrier.queued;
  }

  /** @throws PeerFrameError where the message has no octets */
  push(message: Message): void {
    if (message.type === "fragment" && message.payload.length > 0) {
      // The head is written when its turn comes: what is wrong with it is said now.
      if (message.payload.length <= this.#carrier.maxPayload) encodeMessage(message);
      else encodeMessage({ ...message, payload: message.payload.subarray(0, 1) });
      this.#fragments.push(message);
      this.#bulkOctets += message.payload.length;
    } else {
      const frame = encodeMessage(message);
      this.#small.push(frame);
      for (const part of frame) this.#smallOctets += part.length;
    }
    // What is sent while one event is handled leaves together.
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.pump();
    });
  }

  /** Hands over as much as may wait in the system. */
  pump(): void {
    const frames = this.#small;
    this.#small = [];
    this.#smallOctets = 0;
    let room = this.#batch - this.#carrier.queued;
    while (room > 0) {
      const fragment = this.#fragments[0];
      if (fragment === undefined) break;
      const { offset, payload } = fragment;
      const count = Math.min(this.#carrier.maxPayload, payload.length - this.#from);
      const part = count === payload.length ? payload : payload.subarray(this.#from, this.#from + count);
      frames.push(encodeMessage({ ...fragment, offset: offset + this.#from, payload: part }));
      room -= count;
      this.#bulkOctets -= count;
      this.#from += count;
      if (this.#from < payload.length) continue;
      this.#fragments.shift();
      this.#from = 0;
    }
    if (frames.length > 0) this.#carrier.write(frames);
  }

  /** Sends the small messages that wait and this one; forgets the fragments. */
  last(message: Message): void {
    this.#fragments = [];
    this.#bulkOctets = 0;
    this.#small.push(encodeMessage(message));
    this.pump();
  }
}

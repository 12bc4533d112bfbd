import type { Fragment, Message } from "../core/message.js";
import { encodeMessage } from "../wire/message-codec.js";
import type { Carrier } from "./carrier.js";

/** How long small messages may wait for others. */
const gatherMs = 1;

/**
 * What waits for the other end. Small messages go first; fragments follow in parts, no more of them at a time than a batch, so that a
 * request is not stuck behind megabytes.
 */
export class Outgoing {
  readonly #carrier: Carrier;
  readonly #batch: number;
  #small: (readonly Uint8Array[])[] = [];
  #smallOctets = 0;
  /** Fragments, or parts of them: heads and payloads. */
  #fragments: (readonly Uint8Array[])[] = [];
  #bulkOctets = 0;
  #scheduled: "now" | "soon" | undefined;
  #soon: NodeJS.Timeout | undefined;
  #pumpedAt = 0;

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
      this.#fragments.push(...this.#inParts(message));
      this.#bulkOctets += message.payload.length;
    } else {
      const frame = encodeMessage(message);
      this.#small.push(frame);
      for (const part of frame) this.#smallOctets += part.length;
    }
    this.#schedule();
  }

  /**
   * What is sent while one event is handled leaves together, and what follows at once within a millisecond: on a fast link requests would
   * cost a system call each, and wake the other end each time.
   */
  #schedule(): void {
    if (this.#scheduled === "now" || (this.#scheduled === "soon" && this.#fragments.length === 0)) return;
    const run = (): void => {
      clearTimeout(this.#soon);
      this.#scheduled = undefined;
      this.pump();
    };
    if (this.#fragments.length === 0 && performance.now() - this.#pumpedAt < gatherMs) {
      this.#scheduled = "soon";
      this.#soon = setTimeout(run, gatherMs);
    } else {
      this.#scheduled = "now";
      setImmediate(run);
    }
  }

  /** Frames that the carrier takes, each a head and a payload. */
  #inParts(message: Fragment): (readonly Uint8Array[])[] {
    const { maxPayload } = this.#carrier;
    const { payload, offset } = message;
    if (payload.length <= maxPayload) return [encodeMessage(message)];
    return Array.from({ length: Math.ceil(payload.length / maxPayload) }, (_, part) => {
      const from = part * maxPayload;
      return encodeMessage({ ...message, offset: offset + from, payload: payload.subarray(from, from + maxPayload) });
    });
  }

  /** Hands over as much as may wait in the system. */
  pump(): void {
    this.#pumpedAt = performance.now();
    const frames = this.#small;
    this.#small = [];
    this.#smallOctets = 0;
    let room = this.#batch - this.#carrier.queued;
    while (room > 0) {
      const fragment = this.#fragments.shift();
      if (fragment === undefined) break;
      const octets = fragment[1]?.length ?? 0;
      room -= octets;
      this.#bulkOctets -= octets;
      frames.push(fragment);
    }
    if (frames.length > 0) this.#carrier.write(frames);
  }

  /** Sends the small messages that wait and this one; forgets the fragments. */
  last(message: Message): void {
    clearTimeout(this.#soon);
    this.#fragments = [];
    this.#bulkOctets = 0;
    this.#small.push(encodeMessage(message));
    this.pump();
  }
}

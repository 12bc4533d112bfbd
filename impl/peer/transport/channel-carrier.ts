import type { ChannelUser, OpenChannel } from "../../net/webrtc/rendezvous.js";
import { MAX_MESSAGE } from "../../net/webrtc/rtc-connection.js";
import type { Carrier, CarrierHandler } from "./carrier.js";

/** Half a part of the swarm: two fit a part, each with its head into a message. */
const maxPayload = 32 * 1024;
/** Both libraries tell how much waits, and not when it has left. */
const lookMs = 5;
/** With less than this waiting, more is handed over. */
const lowWater = 128 * 1024;
/** SCTP recovers from losses more slowly than TCP. */
const lingerFactor = 3;

/** A WebRTC data channel: one frame, one message [X.609.10 8.9 d)]. */
export class ChannelCarrier implements Carrier, ChannelUser {
  readonly address: string;
  readonly maxPayload = maxPayload;
  readonly #channel: OpenChannel["connection"];
  readonly #lingerMs: number;
  handler: CarrierHandler | undefined;
  #looking: NodeJS.Timeout | undefined;
  #over = false;

  constructor({ connection, remote }: OpenChannel, lingerMs: number) {
    this.#channel = connection;
    this.address = remote;
    this.#lingerMs = lingerMs;
  }

  get queued(): number {
    return this.#channel.queued;
  }

  write(frames: readonly (readonly Uint8Array[])[]): void {
    for (const parts of frames) {
      if (this.#over) return;
      const frame = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
      const fits = frame.length <= MAX_MESSAGE;
      if (fits && this.#channel.send(frame)) continue;
      this.broke(
        fits ? "the data channel takes no more" : `a frame of ${frame.length} octets, too long for a data channel`,
      );
    }
    this.#looking ??= setInterval(() => {
      if (this.queued > lowWater) return;
      clearInterval(this.#looking);
      this.#looking = undefined;
      this.handler?.drained();
    }, lookMs);
  }

  /** A data channel has no back-pressure at this end. */
  pause(): void {}

  received(message: string | Uint8Array): void {
    if (!this.#over) this.handler?.data(typeof message === "string" ? Buffer.from(message, "utf8") : message);
  }

  /** The rendezvous is closed. */
  close(): void {
    this.end();
  }

  broke(reason: string): void {
    this.#finish(0, new Error(reason));
  }

  end(): void {
    this.#finish(lingerFactor * this.#lingerMs, undefined);
  }

  destroy(): void {
    this.#finish(0, undefined);
  }

  #finish(lingerMs: number, error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#looking);
    this.#channel.close(lingerMs);
    this.handler?.closed(error);
  }
}

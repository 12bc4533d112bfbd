import type { Connection, ConnectionHandler } from "../../net/tcp.js";
import type { Message } from "../core/message.js";
import { type FrameDecoder, WireError, type WireProfile } from "../wire/profile.js";
import { BaseLink, type BaseLinkOptions } from "./base-link.js";
import { createDetectingDecoder } from "./detecting-decoder.js";
import { type Flushable, flushSoon } from "./flush.js";

/** So much gathered goes out without waiting for the end of the event. */
const FLUSH_AT = 64 * 1024;

/** A link that is a TCP connection, or a TLS session on one. */
export class TcpLink extends BaseLink implements ConnectionHandler, Flushable {
  readonly #connection: Connection;
  readonly #decoder: FrameDecoder;
  readonly #gone: (link: TcpLink) => void;
  #frames: Uint8Array[] = [];
  #octets = 0;
  #scheduled = false;
  #stalled = false;

  /** `gone` is called when the connection is, which may be after the link ended. */
  constructor(connection: Connection, options: BaseLinkOptions, gone: (link: TcpLink) => void) {
    super(options);
    this.#connection = connection;
    this.#gone = gone;
    this.#decoder =
      options.profile === undefined
        ? createDetectingDecoder((profile) => {
            this.profile = profile;
            return this.#decoderOf(profile);
          })
        : this.#decoderOf(options.profile);
    if (options.incoming) this.awaitFirstFrame();
  }

  #decoderOf(profile: WireProfile): FrameDecoder {
    return profile.createDecoder({ maxFrame: this.limits.maxFrame, onUnknown: (error) => this.unknown(error) });
  }

  get queued(): number {
    return this.#octets + this.#connection.queued;
  }

  protected queue(frame: Uint8Array): boolean {
    this.#frames.push(frame);
    this.#octets += frame.length;
    if (this.#octets >= FLUSH_AT) {
      this.flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      flushSoon(this);
    }
    return true;
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#frames.length === 0) return;
    const frames = this.#frames;
    this.#frames = [];
    this.#octets = 0;
    this.#connection.writeAll(frames);
  }

  protected release(afterQueued: boolean): void {
    if (afterQueued) {
      this.flush();
      this.#connection.end();
    } else {
      this.#frames = [];
      this.#octets = 0;
      this.#connection.destroy();
    }
  }

  data(chunk: Uint8Array): void {
    if (this.over) return;
    let messages: Message[];
    try {
      messages = this.#decoder.push(chunk);
    } catch (error) {
      if (error instanceof WireError) this.dispatch(error.preceding as readonly Message[]);
      this.garbage(error);
      return;
    }
    if (messages.length === 0) return;
    this.#stalled = false;
    this.dispatch(messages);
  }

  ended(): void {
    const inside = this.#decoder.pending > 0 ? " in the middle of a frame" : "";
    this.lost(`the other end closed the connection${inside}`, true);
  }

  closed(error: Error | undefined): void {
    this.lost(error === undefined ? "the connection closed" : `the connection broke: ${error.message}`);
    this.#gone(this);
  }

  /** Called at intervals: a frame that has not ended from one call to the next but one never will. */
  look(): void {
    if (this.#decoder.pending === 0) this.#stalled = false;
    else if (this.#stalled) this.lost(`a frame that did not end within ${this.limits.frameMs} ms`);
    else this.#stalled = true;
  }
}

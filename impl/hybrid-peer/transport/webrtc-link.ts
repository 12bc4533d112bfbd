import { MAX_MESSAGE, type RtcConnection } from "../../net/webrtc/rtc-connection.js";
import type { Message } from "../core/message.js";
import { detectProfile, profiles, WireError } from "../wire/profile.js";
import { BaseLink, type BaseLinkOptions } from "./base-link.js";

/** SCTP recovers from losses more slowly than TCP. */
const LINGER = 3;

/** A link that is a data channel: one message of it, one frame. */
export class WebRtcLink extends BaseLink {
  readonly #connection: RtcConnection;

  constructor(connection: RtcConnection, options: BaseLinkOptions) {
    super(options);
    this.#connection = connection;
    if (options.incoming) this.awaitFirstFrame();
  }

  get queued(): number {
    return this.#connection.queued;
  }

  protected queue(frame: Uint8Array): boolean {
    if (frame.length > MAX_MESSAGE) {
      const fields = { remote: this.remote, octets: frame.length, most: MAX_MESSAGE };
      this.logger.warn(fields, "a frame too long for a data channel is not sent");
      return false;
    }
    if (this.#connection.send(frame)) return true;
    this.lost("the data channel takes no more");
    return false;
  }

  protected release(afterQueued: boolean): void {
    this.#connection.close(afterQueued ? LINGER * this.limits.lingerMs : 0);
  }

  /** What came over the data channel. */
  received(frame: string | Uint8Array): void {
    if (this.over) return;
    let message: Message;
    try {
      if (typeof frame === "string") throw new WireError("ERR_HEADER", "", "a text message");
      if (frame.length > this.limits.maxFrame) {
        throw new WireError(
          "ERR_TOO_LARGE",
          "",
          `a frame of ${frame.length} octets, more than ${this.limits.maxFrame}`,
        );
      }
      this.profile ??= this.#detect(frame);
      message = this.profile.decode(frame);
    } catch (error) {
      if (error instanceof WireError && error.code === "ERR_UNKNOWN_CODE") this.unknown(error);
      else this.garbage(error);
      return;
    }
    this.dispatch([message]);
  }

  #detect(frame: Uint8Array) {
    const name = detectProfile(frame);
    if (name === undefined) throw new WireError("ERR_TRUNCATED", "", `a first message of ${frame.length} octets`);
    return profiles[name];
  }

  /** The connection's own news. */
  broke(reason: string): void {
    this.lost(reason);
  }
}

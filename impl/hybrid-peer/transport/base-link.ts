import type { Logger } from "../../net/logger.js";
import type { Message } from "../core/message.js";
import { WireError, type WireProfile } from "../wire/profile.js";
import { encodeOnce } from "./encode-once.js";
import type { LinkHandler, OnLink, TransportLimits, TransportLink } from "./transport.js";

let lastId = 0;

export interface BaseLinkOptions {
  readonly incoming: boolean;
  readonly remote: string;
  /** Undefined: what the other end's first frame is spelt in. */
  readonly profile: WireProfile | undefined;
  readonly handler: LinkHandler;
  readonly limits: TransportLimits;
  readonly logger: Logger;
}

/** What links of every transport have in common: one end, told once, and a handler whose faults end the link and nothing else. */
export abstract class BaseLink implements TransportLink {
  readonly id = ++lastId;
  readonly incoming: boolean;
  readonly remote: string;
  handler: LinkHandler;
  protected profile: WireProfile | undefined;
  protected readonly limits: TransportLimits;
  protected readonly logger: Logger;
  /** Nothing more is taken, sent or told. */
  protected over = false;
  #firstFrame: NodeJS.Timeout | undefined;
  #unknown = 0;

  constructor(options: BaseLinkOptions) {
    this.incoming = options.incoming;
    this.remote = options.remote;
    this.profile = options.profile;
    this.handler = options.handler;
    this.limits = options.limits;
    this.logger = options.logger;
  }

  abstract readonly queued: number;
  /** Takes a frame. @returns false where it cannot; the link is then closing, or a warning tells why the frame is not sent */
  protected abstract queue(frame: Uint8Array): boolean;
  /** Lets go of what carries the link: at once, or after what is queued has left. */
  protected abstract release(afterQueued: boolean): void;

  send(message: Message): boolean {
    if (this.over || this.profile === undefined) return false;
    let frame: Uint8Array;
    try {
      frame = encodeOnce(message, this.profile);
    } catch (error) {
      this.logger.warn(
        { remote: this.remote, code: message.code, err: error },
        "a message that fits no frame is not sent",
      );
      return false;
    }
    if (this.queued + frame.length > this.limits.maxQueued) {
      this.lost(`the other end does not read: more than ${this.limits.maxQueued} octets wait for it`);
      return false;
    }
    return this.queue(frame);
  }

  close(): void {
    if (this.over) return;
    this.#end(true);
  }

  /** The link has ended, and not by this end's will. */
  protected lost(reason: string, afterQueued = false): void {
    if (this.over) return;
    this.#end(afterQueued);
    try {
      this.handler.closed(this, reason);
    } catch (error) {
      this.logger.error({ remote: this.remote, err: error }, "the end of a link was handled badly");
    }
  }

  #end(afterQueued: boolean): void {
    this.over = true;
    clearTimeout(this.#firstFrame);
    this.release(afterQueued);
  }

  /** The other end has so long to say what it wants. */
  protected awaitFirstFrame(): void {
    const { firstFrameMs } = this.limits;
    this.#firstFrame = setTimeout(() => this.lost(`no message within ${firstFrameMs} ms`), firstFrameMs);
  }

  protected dispatch(messages: readonly Message[]): void {
    if (messages.length > 0 && this.#firstFrame !== undefined) {
      clearTimeout(this.#firstFrame);
      this.#firstFrame = undefined;
    }
    try {
      for (let i = 0; i < messages.length && !this.over; i++) this.handler.message(this, messages[i] as Message);
    } catch (error) {
      this.logger.error({ remote: this.remote, err: error }, "a message was handled badly");
      this.lost("its message could not be handled");
    }
  }

  /** What the decoder refuses. Messages before the fault have been dispatched. */
  protected garbage(error: unknown): void {
    const what = error instanceof WireError ? error.message : String(error);
    this.logger.info({ remote: this.remote, reason: what }, "a link is closed for what came over it");
    this.lost(`not a message: ${what}`);
  }

  protected unknown(error: WireError): void {
    this.#unknown++;
    if (this.#unknown === 1)
      this.logger.info({ remote: this.remote, reason: error.message }, "a message is passed over");
    if (this.#unknown > this.limits.maxUnknown) this.garbage(error);
  }
}

/** Stands in until the first message on a link that another peer opened. */
export function firstMessage(onLink: OnLink, logger: Logger): LinkHandler {
  return {
    message(link, message) {
      const handler = onLink(link, message);
      if (handler !== undefined) {
        link.handler = handler;
        return;
      }
      logger.info(
        { remote: link.remote, code: message.code },
        "a link is refused: its first message is for nobody here",
      );
      link.close();
    },
    closed: (link, reason) => logger.info({ remote: link.remote, reason }, "a link ended before its first message"),
  };
}

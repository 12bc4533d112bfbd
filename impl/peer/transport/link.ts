import { isMp2pError } from "../../../generated/peer/frame/index.js";
import type { Logger } from "../../net/logger.js";
import type { ByeReason, Hello, Message } from "../core/message.js";
import type { RemotePeer } from "../core/ports.js";
import { wireLimits } from "../wire/limits.js";
import { createMessageDecoder } from "../wire/message-decoder.js";
import type { Carrier, CarrierHandler } from "./carrier.js";
import type { Handshake } from "./handshake.js";
import type { PeerTransportLimits } from "./limits.js";
import { Outgoing } from "./outgoing.js";
import type { LinkHandler, LinkOverlay, PeerLink } from "./overlay.js";

let lastId = 0;

/** What a link asks of its transport. */
export interface LinkOwner {
  /** The handshake is through. @returns why the link is not wanted, or what takes its messages */
  authenticated(link: Link, overlay: LinkOverlay, hello: Hello): LinkHandler | ByeReason;
  /** It ended in its handshake. */
  failed(link: Link, why: string): void;
  /** Once, for every link: nothing is left of it. */
  gone(link: Link): void;
}

export interface LinkOptions {
  readonly carrier: Carrier;
  readonly incoming: boolean;
  readonly handshake: Handshake;
  readonly owner: LinkOwner;
  readonly limits: PeerTransportLimits;
  readonly logger: Logger;
}

const nobody: RemotePeer = { peerId: "", role: "peer", publicKey: "", incoming: false, address: "" };

/** From the connection to its end: first the handshake, then what two peers have to say to each other. */
export class Link implements PeerLink, CarrierHandler {
  readonly id = ++lastId;
  readonly incoming: boolean;
  readonly #options: LinkOptions;
  readonly #carrier: Carrier;
  readonly #outgoing: Outgoing;
  readonly #decoder = createMessageDecoder(wireLimits.handshakeFrame, () => this.#passOver());
  #handshake: Handshake | undefined;
  #handler: LinkHandler | undefined;
  #overlayId = "";
  #remote: RemotePeer = nobody;
  #unknown = 0;
  #full = false;
  #over = false;
  readonly #timer: NodeJS.Timeout;

  constructor(options: LinkOptions) {
    const { carrier, handshake, limits } = options;
    this.#options = options;
    this.incoming = options.incoming;
    this.#carrier = carrier;
    this.#outgoing = new Outgoing(carrier, limits.batch);
    this.#handshake = handshake;
    const { handshakeMs } = limits;
    this.#timer = setTimeout(() => this.#lost(`no handshake within ${handshakeMs} ms`, "silent"), handshakeMs);
    for (const message of handshake.begin()) this.#outgoing.push(message);
  }

  get address(): string {
    return this.#carrier.address;
  }

  get remote(): RemotePeer {
    return this.#remote;
  }

  get overlayId(): string {
    return this.#overlayId;
  }

  /** Nobody has shown who is at the other end yet. */
  get halfOpen(): boolean {
    return this.#handshake !== undefined;
  }

  /** Nothing more is taken, sent or told. */
  get over(): boolean {
    return this.#over;
  }

  get queued(): number {
    return this.#outgoing.queued;
  }

  send(message: Message): boolean {
    if (this.#over) return true;
    this.#outgoing.push(message);
    const { queued } = this.#outgoing;
    const { highWater, maxQueued } = this.#options.limits;
    if (queued <= highWater) return true;
    if (queued > maxQueued) {
      // Not while the caller is in the middle of something: it is told as of a link that broke by itself.
      setImmediate(() =>
        this.#lost(`the other end does not read: more than ${maxQueued} octets wait for it`, "silent"),
      );
    }
    this.#full = true;
    return false;
  }

  pause(paused: boolean): void {
    if (!this.#over) this.#carrier.pause(paused);
  }

  close(reason: ByeReason): void {
    if (this.#over) return;
    this.#finish();
    this.#outgoing.last({ type: "bye", reason });
    this.#carrier.end();
  }

  /** Closes, and tells whoever has the link. */
  end(why: string, reason: ByeReason): void {
    this.#lost(why, reason);
  }

  data(chunk: Uint8Array): void {
    if (this.#over) return;
    try {
      // Each before the next one is looked at: the limit is another one once the handshake is through.
      this.#decoder.each(chunk, (message) => {
        if (this.#over) return;
        if (this.#handshake === undefined) this.#deliver(message);
        else this.#shakeHands(this.#handshake, message);
      });
    } catch (error) {
      if (!isMp2pError(error)) throw error;
      this.#lost(`not a message of R10: ${error.message}`, "protocol-error");
    }
  }

  /** Of a type that does not exist, or not yet. */
  #passOver(): void {
    this.#unknown++;
    if (this.#unknown > this.#options.limits.maxUnknown) this.#lost("messages of unknown types", "protocol-error");
  }

  drained(): void {
    if (this.#over) return;
    this.#outgoing.pump();
    if (!this.#full || this.#outgoing.queued > this.#options.limits.highWater / 4) return;
    this.#full = false;
    this.#safely(() => this.#handler?.drained());
  }

  ended(): void {
    this.#lost(`the other end closed the connection${this.#decoder.pending > 0 ? " inside a message" : ""}`);
  }

  closed(error: Error | undefined): void {
    this.#lost(error === undefined ? "the connection closed" : `the connection broke: ${error.message}`);
    this.#options.owner.gone(this);
  }

  #shakeHands(handshake: Handshake, message: Message): void {
    const step = handshake.receive(message);
    if (step.kind === "refuse") {
      this.#lost(step.why, step.reason);
    } else if (step.kind === "refused") {
      this.#lost(`the other end refuses: ${step.reason}`);
    } else {
      for (const one of step.send) this.#outgoing.push(one);
      if (step.kind === "open") this.#authenticate(step.overlay, step.remote);
    }
  }

  #authenticate(overlay: LinkOverlay, hello: Hello): void {
    const publicKey = Buffer.from(hello.publicKey).toString("base64url");
    const { incoming, address } = this;
    this.#remote = { peerId: hello.peerId, role: hello.role, publicKey, incoming, address };
    this.#overlayId = overlay.overlayId;
    const outcome = this.#options.owner.authenticated(this, overlay, hello);
    if (typeof outcome === "string") {
      this.#lost(`not wanted: ${outcome}`, outcome);
      return;
    }
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#handshake = undefined;
    this.#decoder.maxLength = this.#options.limits.maxFrame;
    this.#handler = outcome;
  }

  #deliver(message: Message): void {
    if (message.type === "bye") this.#lost(`the other end says bye: ${message.reason}`);
    else if (message.type === "hello" || message.type === "proof") {
      this.#lost(`${message.type} after the handshake`, "protocol-error");
    } else this.#safely(() => this.#handler?.received(message));
  }

  /** A fault of the handler ends the link and nothing else. */
  #safely(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#options.logger.error(
        { remote: this.#remote.peerId, err: error },
        "what came over a link was handled badly",
      );
      this.#lost("its message could not be handled", "protocol-error");
    }
  }

  /** The link is over by what the other end or the network did; with a reason, it is told. */
  #lost(why: string, reason?: ByeReason): void {
    if (this.#over) return;
    const handler = this.#handler;
    this.#finish();
    if (reason !== undefined) this.#outgoing.last({ type: "bye", reason });
    this.#carrier.end();
    const { owner, logger } = this.#options;
    if (handler === undefined) {
      owner.failed(this, why);
      return;
    }
    try {
      handler.closed(why);
    } catch (error) {
      logger.error({ remote: this.#remote.peerId, err: error }, "the end of a link was handled badly");
    }
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#handler = undefined;
  }
}

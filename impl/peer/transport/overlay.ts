import type { KeyObject } from "node:crypto";
import type { SigningKey } from "../../keys/ed25519.js";
import type { ByeReason, Message, PeerRole } from "../core/message.js";
import type { RemotePeer } from "../core/ports.js";

/** One overlay network that this process takes part in, as the transport needs to know it. */
export interface LinkOverlay {
  readonly overlayId: string;
  readonly peerId: string;
  readonly role: PeerRole;
  readonly key: SigningKey;
  /** What the OMS gave at join; "" where the session has none. Read anew for each link. */
  readonly sessionKey: string;
  /** Key of the service provider: who shows no session key of it is not admitted [X.609.1 8.2.6]. Undefined: the session has none. */
  readonly provider: KeyObject | undefined;
  /** Whether a link with this peer, which has shown who it is, is wanted. @returns the reason where it is not */
  admit(remote: RemotePeer): ByeReason | undefined;
  /** A link stands. What is given back is told everything from now on. */
  opened(link: PeerLink): LinkHandler;
}

/** A link between two peers that have shown each other who they are. */
export interface PeerLink {
  /** Unique within this process. */
  readonly id: number;
  readonly overlayId: string;
  readonly remote: RemotePeer;
  /** Octets that wait for the other end, roughly. */
  readonly queued: number;
  /**
   * Never blocks. Small messages go before the fragments that wait; fragments leave in parts that fit. The payload is not copied: it must
   * not change until it has left. Without effect on a link that is closed.
   * @returns false where more waits than the link's limit: `drained` follows
   * @throws PeerFrameError where the message has no octets, naming the field
   */
  send(message: Message): boolean;
  /** Takes nothing more from the other end until told otherwise. */
  pause(paused: boolean): void;
  /** Says bye and closes, without what still waits; the handler is not told. */
  close(reason: ByeReason): void;
}

export interface LinkHandler {
  /** Payloads are views of what was read: they stay valid, and keep it in memory. */
  received(message: Message): void;
  drained(): void;
  /** Once, unless this end closed the link. `reason` is the other end's, or for people. */
  closed(reason: string): void;
}

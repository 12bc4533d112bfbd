import type { SigningKey } from "../keys/ed25519.js";
import type { Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import type { Distances } from "../unis-client/index.js";
import type { LinkOverlay } from "./transport/overlay.js";
import type { PeerTransport } from "./transport/peer-transport.js";
import type { PeerOptions, PeerTimes, Session, SourceSession } from "./types.js";

/** What the sessions of a peer share. */
export interface PeerContext {
  readonly peerId: string;
  readonly key: SigningKey;
  readonly options: PeerOptions;
  readonly times: PeerTimes;
  readonly transport: PeerTransport;
  /** By overlay network: links for it are accepted while it is here. */
  readonly overlays: Map<string, LinkOverlay>;
  readonly sessions: Set<Session | SourceSession>;
  readonly random: Random;
  readonly logger: Logger;
  /** The peer is being closed: nobody waits for a server any longer. */
  readonly closing: AbortSignal;
  /** The UNIS at this address, with what it has said so far; undefined where there is none. */
  distances(url: string | undefined): Distances | undefined;
}

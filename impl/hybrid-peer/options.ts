import type { ClientOptions } from "../../generated/homp/index.js";
import type { BackoffSettings } from "../net/backoff.js";
import type { Clock, Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import type { CoreSettings } from "./core/settings.js";
import type { DialectChoice } from "./overlay/dialects/dialect.js";
import type { MembershipSettings } from "./overlay/membership-types.js";
import type { TransportLimits } from "./transport/transport.js";

/** Where other peers may connect over TCP. */
export interface ListenOptions {
  /** Default 127.0.0.1. `0.0.0.0` and `::` take connections on all interfaces; then `address` should say where. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** PEM: the port speaks TLS, and the address is `tls://…`. */
  readonly tls?: { readonly cert: string | Uint8Array; readonly key: string | Uint8Array };
}

/** How peers are reached over WebRTC data channels. */
export interface WebRtcOptions {
  /** Address of the signalling relay, `ws://host:port`; it is also the address of this peer. */
  readonly signalling: string;
  /** STUN servers and the like. Default: none. */
  readonly iceServers?: readonly string[];
  /** The only local address that is used, such as 127.0.0.1. Default: all. */
  readonly bindAddress?: string;
  /** Default: "wrtc" (the package @roamhq/wrtc, which the field's peers understand) where it is installed, else "node-datachannel". */
  readonly library?: "wrtc" | "node-datachannel";
}

/** How a hybrid peer is set up: its configuration function PC [Q.4100 7.2.1.1]. */
export interface HybridPeerOptions {
  /** Absolute URL of the HOMS, such as `http://homs.example:8080`. */
  homs: string | URL;
  /** Its identifier, the same in all messages. Default: one made at random. */
  peerId?: string;
  /**
   * Where other peers reach it, such as `tcp://192.0.2.1:9000` [Q.4103 6.1.2, E-HOMP-04]. Default: where it listens. Without `listen` and
   * `webrtc` the address is only told, and somebody else answers there: the peer then is its overlay management alone.
   */
  address?: string;
  /** Default: 127.0.0.1 and any free port; false, not at all, where `address` or `webrtc` is given. */
  listen?: ListenOptions | false;
  webrtc?: WebRtcOptions;
  /** PEM authorities for peers at `tls://` addresses. Default: those of the system. */
  tlsAuthorities?: string | Uint8Array;
  /** How frames are spelt on the links that it opens; on those of others it speaks as they do. Default p23. */
  profile?: "p23" | "p22" | "p20";
  /** Limits, targets and times of paths and data [Q.4100 7.2.1.1]. */
  paths?: Partial<CoreSettings>;
  /** What links take from outside, where that is not to be as `paths` has it. */
  links?: Partial<TransportLimits>;
  /** How the HOMS speaks: as Q.4103 has it, or one of the field's ways; `auto` finds out. Default `text`. */
  homsDialect?: DialectChoice;
  /**
   * What other peers have to show when they connect, letters and digits; it also proves this peer to the HOMS. Default: made at random
   * for this instance, as [6.1.7] has it. Give one only to take over a registration of an earlier instance (E-HOMP-38).
   */
  password?: string;
  /** Credentials that the operator of the HOMS asks for, beside HOMP's own. */
  auth?: NonNullable<ClientOptions["auth"]>;
  /** Longest wait for one answer, in ms. Default 10,000. */
  timeoutMs?: number;
  /** Attempts at what was asked for once (creation, query, modification, removal). Default 5. */
  attempts?: number;
  /** Times of refreshes and of repeated attempts. */
  membership?: Partial<Omit<MembershipSettings, "backoff">>;
  backoff?: Partial<BackoffSettings>;
  /** Contacts of an overlay below which the HOMS is asked for more. Default 1. */
  leastContacts?: number;
  /** How long `close` and `leave` wait for the HOMS, in ms. Default 3000. */
  leaveMs?: number;
  logger?: Logger;
  clock?: Clock;
  random?: Random;
  /** Another `fetch` or transport for all requests, as the generated client takes them. */
  fetch?: typeof globalThis.fetch;
}

/** What is known of the overlay network to join, and how. */
export interface JoinOptions {
  readonly overlayId: string;
  /** As the overlay network has them; asked of the HOMS by a query where they are not given [Q.4103 6.2.5, 7.2.1]. */
  readonly type?: "core" | "sub";
  readonly subType?: "tree" | "mesh";
  /** Key phrase of a closed overlay network, for who is not on its peer list. */
  readonly accessKey?: string;
  /** Lifetime of the membership to ask for, in s. Default: left to the HOMS. */
  readonly expires?: number;
}

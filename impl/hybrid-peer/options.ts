import type { ClientOptions } from "../../generated/homp/index.js";
import type { Clock, Random } from "../net/clock.js";
import type { Logger } from "../net/logger.js";
import type { BackoffSettings } from "./overlay/backoff.js";
import type { MembershipSettings } from "./overlay/membership-types.js";

/** How a hybrid peer is set up: its configuration function PC [Q.4100 7.2.1.1]. */
export interface HybridPeerOptions {
  /** Absolute URL of the HOMS, such as `http://homs.example:8080`. */
  homs: string | URL;
  /** Its identifier, the same in all messages. Default: one made at random. */
  peerId?: string;
  /** Where other peers reach it, such as `tcp://192.0.2.1:9000` [Q.4103 6.1.2, E-HOMP-04]. */
  address: string;
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

/** How a swarm behaves. Octets, milliseconds and counts. */
export interface SwarmSettings {
  /** Own identifier: of two links with the same peer the one stays that the smaller identifier opened. Empty: the older one stays. */
  readonly peerId: string;
  readonly role: "peer" | "source-peer" | "virtual-peer";
  /** FILE: everything, rarest first. STREAM: in time, deadline first [X.609.10 6]. */
  readonly contentType: "FILE" | "STREAM";
  /** Octets of a full fragment, of the index file. */
  readonly fragmentSize: number;
  /** Octets per second; infinite where unbounded. */
  readonly uploadRate: number;
  readonly downloadRate: number;
  /** Links at once, both directions. Default 30. */
  readonly maxLinks: number;
  /** Links that this peer opens by itself. Default 12. */
  readonly wantedLinks: number;
  /** Requested octets under way per link, at most: less where the link is slower. Default 4 MiB, at least two fragments. */
  readonly pipeline: number;
  /** Octets of a fragment that one message carries. Default 64 KiB, what a data channel takes. */
  readonly partSize: number;
  /** Fragments that a FILE may have: what is claimed above is a lie. Default 2^22; more than 2^24 are as many. */
  readonly maxFragments: number;
  /** Requests that may wait at this peer per link; more are refused as busy. Default 256. */
  readonly maxWaiting: number;
  /** STREAM: fragments kept behind the newest. Default 256. */
  readonly window: number;
  /** STREAM: how long after it was made a fragment may be handed on, in ms. Default 2,000. */
  readonly delayMs: number;
  /** Silence after which a link is given up. Default 20,000; half of it after which this end says keep-alive. */
  readonly silenceMs: number;
  /** How long a request may wait for its first octet before it is asked of another peer; an own answer takes half of it at most. Default 8,000. */
  readonly requestMs: number;
  /** Octets sent without a receipt before a link is refused more [X.609.1 8.2.6 NOTE 1]; infinite: receipts are not wanted. Default infinite. */
  readonly unreceipted: number;
}

export const defaultSwarmSettings = {
  peerId: "",
  role: "peer",
  uploadRate: Number.POSITIVE_INFINITY,
  downloadRate: Number.POSITIVE_INFINITY,
  maxLinks: 30,
  wantedLinks: 12,
  pipeline: 4 * 1024 * 1024,
  partSize: 64 * 1024,
  maxFragments: 2 ** 22,
  maxWaiting: 256,
  window: 256,
  delayMs: 2_000,
  silenceMs: 20_000,
  requestMs: 8_000,
  unreceipted: Number.POSITIVE_INFINITY,
} as const satisfies Partial<SwarmSettings>;

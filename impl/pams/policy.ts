/** What the Recommendation leaves to the PAMS, with the reading each choice rests on. */
export interface PamsPolicy {
  /** Seconds between two dynamic reports of a peer; 0: peers report on events only, and silence means nothing [E-PAMP-24]. Default 10. */
  reportInterval: number;
  /** Reports a peer may miss before lists leave it out [E-PAMP-59]. Default 3. */
  missedUntilSilent: number;
  /** Reports a peer may miss before it is forgotten, as if it had deregistered [E-PAMP-59]. Default 10. */
  missedUntilForgotten: number;
  /** A second registration of the same ID: refused with 409, or answered 200 and taken as a sign of life [E-X-01, E-PAMP-64]. Default refuse. */
  duplicates: "refuse" | "keep-alive";
  /** Status of a query about an unknown overlay network or peer [E-PAMP-06]. Default 409, as printed. */
  unknownInQuery: 404 | 409;
  /** JSON type of amounts in answers [E-PAMP-08]. Default string, as defined. */
  amounts: "string" | "number";
  /** Share of the average number of holders below which a fragment counts as rare [8.2.4 NOTE, E-PAMP-53]. Default 0.5. */
  rareBelow: number;
  /** Fragments behind the newest one that are of use in a stream [8.2.5]. Default 64. */
  liveWindow: number;
  /** Fragments that each service class below the best begins further back in a stream [8.2.5, E-PAMP-78]. Default 2. */
  liveStep: number;
  /** Share of what a peer could get below which it is served badly [8.2.3, E-X-14]. Default 0.5. */
  poorService: number;
  /**
   * What becomes of confirmed receipts [8.2.6, E-PAMP-75]. `ignore`: amounts count as reported. `check`: only what receipts confirm counts
   * in the order of lists and in advice; peers without keys may register and prove nothing. `require`: without a key that can be relied on
   * nobody may register. Default ignore.
   */
  receipts: "ignore" | "check" | "require";
  /** Kilobytes of a fragment, where the overlay network's registration does not tell: a receipt of more cannot be true. Default 64,000. */
  largestFragment: number;
  /** Seconds by which clocks may differ. Default 300. */
  clockSkew: number;
  /** Kilobytes, and share of what it reported, that a peer's uploads may go without receipts before its reports count as one-sided. Default 4,096 and 0.1. */
  unconfirmed: { kilobytes: number; share: number };
  /** What overlay registration answers in `pam_enabled` [E-PAMP-18]. Default true. */
  pamEnabled: boolean;
}

/** Bounds on what a PAMS keeps and answers. A registration beyond one is refused with 503. */
export interface PamsLimits {
  /** Default 100,000. */
  overlays: number;
  /** Default 2,000,000. */
  peersPerOverlay: number;
  /** All overlay networks together. Default 4,000,000. */
  peers: number;
  /** Unbroken runs of fragments kept per peer; a report with more is refused with 400. Default 4096. */
  fragmentRuns: number;
  /** Peers in an answer whose query names no maximum. Default 100. */
  answerDefault: number;
  /** Peers in any answer. Default 10,000. */
  answerPeers: number;
  /** Peers looked at, in ranking order, for one query with fragments. Default 50,000. */
  fragmentScan: number;
  /** Fragments advised in one answer. Default 100. */
  advice: number;
  /** Receipts that wait for their verification; a report that brings more is refused with 503. Default 20,000. */
  receipts: number;
  /** Incidents kept for the operator, of all overlay networks together. Default 1,000. */
  incidents: number;
}

export const defaultPolicy: PamsPolicy = {
  reportInterval: 10,
  missedUntilSilent: 3,
  missedUntilForgotten: 10,
  duplicates: "refuse",
  unknownInQuery: 409,
  rareBelow: 0.5,
  liveWindow: 64,
  liveStep: 2,
  poorService: 0.5,
  receipts: "ignore",
  largestFragment: 64_000,
  clockSkew: 300,
  unconfirmed: { kilobytes: 4_096, share: 0.1 },
  amounts: "string",
  pamEnabled: true,
};

export const defaultLimits: PamsLimits = {
  overlays: 100_000,
  peersPerOverlay: 2_000_000,
  peers: 4_000_000,
  fragmentRuns: 4096,
  answerDefault: 100,
  answerPeers: 10_000,
  fragmentScan: 50_000,
  advice: 100,
  receipts: 20_000,
  incidents: 1_000,
};

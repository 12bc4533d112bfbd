/** What the Recommendation leaves to the UNIS. Seconds, milliseconds and counts. */
export interface UnisSettings {
  /** Seconds for which clients keep an answer [X.609.10 8.3 d, 8.4 d]. Default 300. */
  updateRequestInterval: number;
  /** Seconds between two reports of a peer. Default 300. */
  reportInterval: number;
  /** Reporters whose median counts: fewer say nothing. With q of them, fewer than q/2 liars cannot move it beyond what others measured. Default 3. */
  quorum: number;
  /** Seconds after which a measurement is forgotten. Default 3600. */
  maxAge: number;
}

export const defaultSettings: UnisSettings = {
  updateRequestInterval: 300,
  reportInterval: 300,
  quorum: 3,
  maxAge: 3600,
};

/** Bounds on what a UNIS keeps and is asked. */
export interface UnisLimits {
  /** Pairs of prefixes with measurements; beyond, those measured longest ago go. Default 200,000. */
  pairs: number;
  /** Reporters kept per pair; beyond, the one who reported longest ago goes. Default 32. */
  reportersPerPair: number;
  /** Round trips that one reporter has in the records; beyond, its oldest go. Default 2000. */
  perReporter: number;
}

export const defaultLimits: UnisLimits = { pairs: 200_000, reportersPerPair: 32, perReporter: 2000 };

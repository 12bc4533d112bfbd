/** Bounds on what a cache server gives. Octets, milliseconds, counts. */
export interface CsLimits {
  /** Allocations that have not ended. */
  readonly allocations: number;
  /** Sessions of which the cache server is the source peer. */
  readonly sessions: number;
  /** Octets of fragments, all allocations and sessions together. */
  readonly storage: number;
  /** Octets of memory: what each fragment takes beside its octets, the windows of STREAMs and, without a folder, all fragments. */
  readonly memory: number;
  /** Octets per second sent to peers, all together. */
  readonly uploadRate: number;
  /** Octets that one session takes. */
  readonly sessionOctets: number;
}

export const defaultLimits: CsLimits = {
  allocations: 100,
  sessions: 100,
  storage: 10 * 2 ** 30,
  memory: 2 ** 30,
  uploadRate: Number.POSITIVE_INFINITY,
  sessionOctets: 10 * 2 ** 30,
};

/** What replaces the bounds above where fragments are kept in memory. */
export const memoryLimits: Pick<CsLimits, "storage" | "sessionOctets"> = { storage: 2 ** 30, sessionOctets: 2 ** 29 };

export interface CsTimes {
  /** How long an OMS may refuse a virtual peer, or not answer, before the allocation ends: as long as an overlay network lives without refresh (E-DS-07). */
  readonly patienceMs: number;
  /** First pause between two attempts, and the longest. */
  readonly retryMs: number;
  readonly retryCapMs: number;
  /** How often the upload is divided anew, and storage looked at. */
  readonly lookMs: number;
  /** How long an allocation that has ended is still answered for. */
  readonly rememberMs: number;
  /** How long data of a STREAM wait to share a fragment with others. */
  readonly flushMs: number;
  /** How long after it was made a live fragment of a session may be handed on. */
  readonly delayMs: number;
  /** Without data, a session of a STREAM ends after this, one of a FILE after the other, unless it says otherwise. */
  readonly idleStreamMs: number;
  readonly idleFileMs: number;
  /** How long the last fragments of a session are still handed out before it is terminated. */
  readonly drainMs: number;
  /** Silence on an upload after which its connection is cut. */
  readonly uploadSilenceMs: number;
}

export const defaultTimes: CsTimes = {
  patienceMs: 300_000,
  retryMs: 500,
  retryCapMs: 15_000,
  lookMs: 1_000,
  rememberMs: 600_000,
  flushMs: 200,
  delayMs: 5_000,
  idleStreamMs: 600_000,
  idleFileMs: 86_400_000,
  drainMs: 2_000,
  uploadSilenceMs: 60_000,
};

/** Weight where an OMS gives none [X.609.10 8.8 c)]. */
export const defaultPriority = 10;
/** Fragments of a STREAM that are kept behind the newest, for the estimate of what an allocation or session will take. */
export const windowFragments = 256;
/** What a fragment takes in memory beside its octets, measured: who has it, what the source peer said of it. */
export const fragmentOverhead = 1_500;

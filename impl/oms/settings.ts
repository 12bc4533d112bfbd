/** What X.609.10 leaves to the OMS, with the reading each choice rests on. Seconds unless said otherwise. */
export interface OmsPolicy {
  /** Lifetime of an overlay network without a refresh, where its maker names none (E-DS-07). */
  refreshExpiration: number;
  /** Lifetime of a membership without a sign of life (E-DS-37). */
  membershipExpires: number;
  /** How long a session key is good for; members get another after half of it [X.609.1 8.2.6]. */
  sessionKeyLife: number;
  /** Peers in a list whose request names no maximum. */
  peerList: number;
  /** Virtual peers of its own cache servers that a list begins with, beside the source peer. */
  virtualPeers: number;
  /** Part of a list that is chosen whatever the distance, so that neighbourhoods stay connected. From 0 to 1. */
  farShare: number;
  /** Peers offered to PAMS and UNIS for each one wanted; 50 at least, 200 at most. */
  candidates: number;
  /** While the UMS does not answer, who has no earlier answer of it is refused with 503, or let in until it answers (E-DS-27). */
  umsDown: "refuse" | "open";
  /** What becomes of a user whom the UMS does not grant access: refused with 403, or let in with the lowest class (E-DS-27). */
  umsRefused: "refuse" | "admit";
  /** How long a request of a peer waits for PAMS, UNIS or UMS, in ms. */
  patienceMs: number;
  /** Time between registrations at the PAMS where it names no report interval [8.1 c]. */
  keepAlive: number;
  /** When cache servers are attached: as load and service ask for, only as owners want, or never [8.8 a]. */
  cacheServers: "load" | "wanted" | "none";
  /** Members for which one cache server is attached, where service is poor or not known. */
  peersPerCacheServer: number;
  /** Service is good where so many of the members hold everything. From 0 to 1. */
  providers: number;
  /** How often load is looked at, and cache servers asked whether they are well. */
  loadInterval: number;
  /** How long the load must have fallen before a cache server is released. */
  releaseAfter: number;
  /**
   * How long a cache server that does not answer is told to release what it had. One that comes back later finds out by itself: its virtual
   * peer is no member any more [8.8 a].
   */
  releaseExpires: number;
  /** Unanswered questions in a row after which a cache server counts as dead. */
  missedUntilDead: number;
  /** Who may make overlay networks: anybody, or who shows a token of the operator's [E-DS-36]. */
  creators: "anybody" | "token";
  /**
   * What those without such a token are held to, so that one of them leaves something to the others: overlay networks of one source
   * key, and of one address; lifetime before the first refresh; priority, and cache servers of one overlay network; part of the
   * allocations of all cache servers that one key or address may have, from 0 to 1 (one allocation at least).
   */
  overlaysPerKey: number;
  overlaysPerAddress: number;
  firstExpiration: number;
  strangerPriority: number;
  strangerCacheServers: number;
  strangerShare: number;
}

export const defaultPolicy: Readonly<OmsPolicy> = {
  refreshExpiration: 300,
  membershipExpires: 120,
  sessionKeyLife: 3600,
  peerList: 50,
  virtualPeers: 3,
  farShare: 0.25,
  candidates: 4,
  umsDown: "refuse",
  umsRefused: "refuse",
  patienceMs: 2000,
  keepAlive: 30,
  cacheServers: "load",
  peersPerCacheServer: 50,
  providers: 0.1,
  loadInterval: 5,
  releaseAfter: 30,
  releaseExpires: 600,
  missedUntilDead: 3,
  creators: "anybody",
  overlaysPerKey: 1000,
  overlaysPerAddress: 1000,
  firstExpiration: 600,
  strangerPriority: 50,
  strangerCacheServers: 5,
  strangerShare: 0.5,
};

/** Bounds on what an OMS keeps and answers, beside those of the schemas. What goes beyond is refused with 503. */
export interface OmsLimits {
  overlays: number;
  peersPerOverlay: number;
  /** All overlay networks together. */
  peers: number;
  /** Peers in any list. */
  peerList: number;
  /** Bounds of a wanted refresh_expiration, in seconds. */
  shortestExpiration: number;
  longestExpiration: number;
  cacheServers: number;
  /** Pairs of peers whose distance is kept. */
  distances: number;
  /** Answers of the UMS kept for when it is down. */
  rights: number;
  /** Requests to the PAMS, and to all cache servers, under way at a time. */
  requests: number;
}

export const defaultLimits: Readonly<OmsLimits> = {
  overlays: 10_000,
  peersPerOverlay: 100_000,
  peers: 1_000_000,
  peerList: 200,
  shortestExpiration: 1,
  longestExpiration: 86_400,
  cacheServers: 1000,
  distances: 500_000,
  rights: 100_000,
  requests: 16,
};

/** What is allotted where an owner names no priority [8.8 c]. */
export const defaultPriority = 10;

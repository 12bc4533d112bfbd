/** Bounds of the signalling relay. */
export interface SignallingLimits {
  /** Sockets at a time. One that has not registered makes room for the next; where all have, that is refused with 503. */
  readonly clients: number;
  /** Of them, those from one address (of IPv6, one network of 64 bits): one host does not keep everybody else out. */
  readonly clientsPerAddress: number;
  /** Octets of one message. An offer of a browser with media has some 10 KiB. */
  readonly message: number;
  /** Messages per second and socket, on the long run. */
  readonly rate: number;
  /** Messages that a socket may send at once: candidates of many connections come together. */
  readonly burst: number;
  /** Octets that wait for one socket; one that takes too little is cut. */
  readonly queue: number;
  /** Sockets that watch, and octets that wait for one of them. */
  readonly monitors: number;
  readonly monitorQueue: number;
  /** How long a socket may stay without a registration, in ms. */
  readonly helloMs: number;
  /** Period of looking whether the other end still answers, in ms. */
  readonly pingMs: number;
}

export const defaultSignallingLimits: SignallingLimits = {
  clients: 5000,
  clientsPerAddress: 1000,
  message: 64 * 1024,
  rate: 100,
  burst: 500,
  queue: 256 * 1024,
  monitors: 20,
  monitorQueue: 16 * 1024 * 1024,
  helloMs: 15_000,
  pingMs: 30_000,
};

/** Why the relay closes a socket: code [RFC 6455 7.4.2] and reason. */
export const closures = {
  malformed: [4000, "malformed message"],
  unregistered: [4001, "no registration"],
  notMember: [4002, "peer-id is no member"],
  notYours: [4003, "peer-id is not yours"],
  taken: [4004, "peer-id is taken"],
  replaced: [4005, "registered anew elsewhere"],
  ended: [4006, "membership ended"],
  wrongSender: [4007, "fromid is not yours"],
  tooMany: [4008, "too many messages"],
  secondName: [4009, "one peer-id per socket"],
  noMonitor: [4010, "not for you to watch"],
  bye: [1000, "bye"],
  closing: [1001, "the relay closes"],
} as const satisfies Record<string, readonly [number, string]>;

export type Closure = keyof typeof closures;

/** How many messages a socket may still send now; refills with time. */
export class Budget {
  readonly #limits: SignallingLimits;
  #left: number;
  #at: number;

  constructor(limits: SignallingLimits, now: number) {
    this.#limits = limits;
    this.#left = limits.burst;
    this.#at = now;
  }

  /** `cost`: as many messages as it counts for. */
  take(now: number, cost = 1): boolean {
    const { rate, burst } = this.#limits;
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1000) * rate);
    this.#at = now;
    if (this.#left < cost) return false;
    this.#left -= cost;
    return true;
  }
}

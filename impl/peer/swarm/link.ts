import type { Descriptors } from "../core/message.js";
import type { LinkState, RemotePeer } from "../core/ports.js";
import { RateMeter, TokenBucket } from "./meters.js";
import { Possession } from "./possession.js";

/** Fragments that may be asked for at once and per second: more than a fast link carries of small ones. */
const requestsAtOnce = 2 ** 14;
const requestRate = 2 ** 15;

/** A fragment asked for on a link. */
export interface Asked {
  readonly index: number;
  /** As far as it was known when it was asked for. */
  readonly size: number;
  readonly at: number;
  /** Its parts so far, in order. */
  readonly parts: Uint8Array[];
  received: number;
  /** Parts since the last that were put together. */
  loose: number;
  /** Earlier requests for it on this link, cancelled, that may have been under way already: it may come so many times more. */
  extra: number;
  /** Of the latest part. */
  lastAt: number;
}

/** A fragment on its way out. */
export interface Sending {
  readonly index: number;
  readonly octets: Uint8Array;
  offset: number;
}

/** Everything that is known of one link. */
export class Link {
  readonly id: number;
  readonly remote: RemotePeer;
  readonly openedAt: number;
  heardAt: number;
  saidAt: number;
  /** When it last gave a fragment or took one; undefined: never. */
  usefulAt: number | undefined;
  /** More waits on it than it takes. */
  blocked = false;

  /** What the other end claims. */
  readonly theirs: Possession;

  // What is asked of the other end.
  readonly asked = new Map<number, Asked>();
  /** No longer wanted, but what is on its way may still come. */
  readonly cancelled = new Map<number, Asked>();
  askedOctets = 0;
  /** Nothing to pick at the last try, and nothing has changed since. */
  dry = false;
  /** Not asked before this time. */
  pauseUntil = 0;
  /** Refused lately: not asked for again before the time given. */
  readonly refused = new Map<number, number>();
  /** From a request to its first octets, in ms, of late; 0: not known yet. */
  answerMs = 0;
  /** Octets per ms while something was asked for; 0: not known yet. */
  speed = 0;
  /** When the latest fragment was complete. */
  completedAt = 0;
  /** Let requests pass without an answer, in a row. */
  unanswered = 0;
  /** When its time for an answer was over and it was not heard of: its network may have failed. */
  silentAt: number | undefined;
  /** Requests that others took over from it since it last answered one. */
  overtaken = 0;
  readonly downloads = new RateMeter();
  fragmentsGot = 0;
  refusals = 0;
  /** Verified and not confirmed yet. */
  toConfirm: number[] = [];
  toConfirmOctets = 0;
  confirmSince = 0;
  /** Confirmed, or to be: a fragment that comes twice is confirmed once. */
  readonly confirmed: Possession;

  // What the other end asked for.
  /** With the time of asking; the order is the other end's. */
  readonly waiting = new Map<number, number>();
  sending: Sending | undefined;
  /** The fragment that is being read for it. */
  reading: number | undefined;
  readonly described = new Set<Descriptors>();
  readonly uploads = new RateMeter();
  fragmentsSent = 0;
  /** Fair queueing: octets it was sent over its weight; the least is served next. */
  turn = 0;
  /** Sent to it and not claimed by it since, with the time of sending. */
  readonly unclaimed = new Map<number, number>();
  /** Sent to it by this source peer and seen nowhere else since. */
  unspread = 0;
  readonly unreceipted = new Map<number, number>();
  readonly everSent: Possession;
  unreceiptedOctets = 0;
  refusedForReceiptsAt: number | undefined;
  /** Does not give: served when nobody else wants anything. */
  leftOver = false;
  strikes = 0;
  readonly requests: TokenBucket;
  /** Genuine descriptors that it sent of what had been described. */
  needless = 0;
  #busyMs = 0;
  #busyOctets = 0;

  constructor(id: number, remote: RemotePeer, now: number, span: number) {
    this.id = id;
    this.remote = remote;
    this.openedAt = now;
    this.heardAt = now;
    this.saidAt = now;
    this.requests = new TokenBucket(requestRate, requestsAtOnce, now);
    this.theirs = new Possession(span);
    this.confirmed = new Possession(span);
    this.everSent = new Possession(span);
  }

  /** The other end does something about what it is asked for. */
  attended(): void {
    this.unanswered = 0;
    this.overtaken = 0;
    this.silentAt = undefined;
  }

  answered(ms: number): void {
    this.answerMs = this.answerMs === 0 ? ms : 0.8 * this.answerMs + 0.2 * ms;
  }

  /** So many octets came in so many ms, in which something was asked for. */
  measure(octets: number, ms: number): void {
    this.#busyMs = this.#busyMs * 0.8 + ms;
    this.#busyOctets = this.#busyOctets * 0.8 + octets;
    this.speed = this.#busyOctets / Math.max(this.#busyMs, 0.05);
  }

  /** Octets that this link is thought to bring per ms, less the longer it owes something. */
  speedNow(now: number, fallback: number): number {
    const known = this.speed > 0 ? this.speed : fallback;
    const oldest = this.asked.values().next().value;
    if (oldest === undefined) return known;
    const since = Math.max(oldest.at, oldest.lastAt, this.completedAt);
    const owed = now - since;
    return owed > 0 ? Math.min(known, Math.max(1, oldest.received + this.askedOctets / this.asked.size) / owed) : known;
  }

  state(now: number): LinkState {
    return {
      link: this.id,
      remote: this.remote,
      uploaded: this.uploads.total,
      downloaded: this.downloads.total,
      uploadRate: this.uploads.rate(now),
      downloadRate: this.downloads.rate(now),
    };
  }
}

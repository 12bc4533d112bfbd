import type { Cancel, RefuseReason, Request, Run } from "../core/message.js";
import type { Context } from "./context.js";
import type { Link, Sending } from "./link.js";
import { TokenBucket } from "./meters.js";
import { areSane, runsInOrder } from "./possession.js";
import { Spread } from "./spread.js";
import { Turns } from "./turns.js";

/** Fragments being read or sent at once where the upload is unlimited; one where it is limited: what is begun is soon complete somewhere. */
const maxAtOnce = 4;
/** Fragments given to somebody who gives nothing, before others go first. */
const credit = 8;
const leastPart = 8 * 1024;
/** Claims of fragments sent may take this long, in ms. */
const claimMs = 10_000;
const maxUnclaimed = 4;
const maxStrikes = 8;
/** Fragments taken, and requests refused in a row, by somebody who never gave anything: more than a slow peer comes to. */
const freeRideTaken = 16;
const freeRideRefusals = 32;

/** Queues what others ask for, and sends it: in a useful and fair order, within the limit. */
export class Upload {
  readonly #c: Context;
  readonly #sent: (link: Link, index: number, size: number) => void;
  readonly #lost: (index: number) => void;
  readonly #bucket: TokenBucket;
  /** Links with a fragment on its way out, the earliest first. */
  readonly #active: Link[] = [];
  #partSize: number;
  #reading = 0;
  /** The turn of the link served last: who comes back after a pause does not catch up on it. */
  #turn = 0;
  readonly #spread = new Spread();
  readonly #turns: Turns;
  total = 0;

  constructor(
    context: Context,
    events: {
      /** A fragment has left. */
      readonly sent: (link: Link, index: number, size: number) => void;
      /** A fragment that should be there cannot be read. */
      readonly lost: (index: number) => void;
    },
  ) {
    this.#c = context;
    this.#sent = events.sent;
    this.#lost = events.lost;
    this.#turns = new Turns(context, this.#spread);
    const { uploadRate } = context.settings;
    this.#partSize = this.#partSizeAt(uploadRate);
    this.#bucket = new TokenBucket(uploadRate, Math.max(this.#partSize, uploadRate / 50), context.host.now());
  }

  limit(rate: number): void {
    this.#partSize = this.#partSizeAt(rate);
    this.#bucket.set(rate, Math.max(this.#partSize, rate / 50), this.#c.host.now());
  }

  /** Small where the upload is slow: requests and announcements wait behind a part. */
  #partSizeAt(rate: number): number {
    return Math.min(this.#c.settings.partSize, Math.max(leastPart, Math.floor(rate / 16)));
  }

  get #isSource(): boolean {
    return this.#c.settings.role === "source-peer";
  }

  /** Octets per second. */
  get rate(): number {
    return this.#bucket.rate;
  }

  /** Octets that other messages take of the limit: those to all links, which add up. */
  charge(octets: number): void {
    this.#bucket.take(octets);
  }

  /** When sending may go on that the limit holds back. */
  get dueAt(): number | undefined {
    const now = this.#c.host.now();
    if (this.#bucket.ready(now)) return undefined;
    for (const { sending, waiting, blocked } of this.#c.links.values()) {
      if (!blocked && (sending !== undefined || waiting.size > 0)) return this.#bucket.readyAt(now);
    }
    return undefined;
  }

  opened(link: Link): void {
    link.turn = this.#turn;
  }

  closed(link: Link): void {
    this.#endSending(link);
    link.waiting.clear();
    this.#spread.closed(link);
  }

  /** A link claims one more fragment. */
  claimed(link: Link, index: number): void {
    link.unclaimed.delete(index);
    this.#spread.claimed(link, index);
  }

  /** @returns false where it changed nothing */
  requested(link: Link, message: Request): boolean {
    const { settings, book, held, live, conduct, host } = this.#c;
    if (!areSane(message.runs, 2 * settings.maxWaiting)) {
      conduct.accuse(link, "invalid-request");
      return true;
    }
    if (message.runs.length === 0) return false;
    const now = host.now();
    // Asked for faster than it could be sent: not worth looking at, and not worth an answer that is not read.
    if (!link.requests.ready(now)) {
      if (link.blocked) {
        conduct.accuse(link, "invalid-request");
        return true;
      }
      if (!host.send(link.id, { type: "refuse", reason: "busy", runs: message.runs })) link.blocked = true;
      return false;
    }
    for (const { count } of message.runs) link.requests.take(count);
    const refused = new Map<RefuseReason, number[]>();
    const refuse = (reason: RefuseReason, index: number) => {
      const indices = refused.get(reason);
      if (indices === undefined) refused.set(reason, [index]);
      else indices.push(index);
    };
    const full = this.#isFull(link);
    for (const { first, count } of message.runs) {
      for (let index = first; index < first + count; index++) {
        if (index >= (book.total ?? Number.POSITIVE_INFINITY)) {
          link.strikes += 1;
          refuse("invalid", index);
        } else if (!held.has(index)) {
          // A stream's window may have moved on meanwhile; a file's fragments stay.
          if (live === undefined) link.strikes += 1;
          refuse("not-held", index);
        } else if (link.waiting.has(index) || link.sending?.index === index || link.reading === index) continue;
        else if (link.waiting.size >= settings.maxWaiting || (full && link.waiting.size > 0)) refuse("busy", index);
        else if (link.unreceiptedOctets >= settings.unreceipted) {
          link.refusedForReceiptsAt ??= now;
          refuse("no-receipt", index);
        } else link.waiting.set(index, now);
      }
    }
    this.#refuse(link, refused);
    if (link.strikes >= maxStrikes) conduct.accuse(link, "invalid-request", message.runs[0]?.first);
    return true;
  }

  /** @returns false where it changed nothing */
  cancelled(link: Link, message: Cancel): boolean {
    if (!areSane(message.runs, 2 * this.#c.settings.maxWaiting)) {
      this.#c.conduct.accuse(link, "invalid-request");
      return true;
    }
    let changed = false;
    for (const { first, count } of message.runs) {
      for (let index = first; index < first + count && link.waiting.size > 0; index++) {
        changed = link.waiting.delete(index) || changed;
      }
    }
    return changed;
  }

  /** A fragment is not kept any more. */
  dropped(below: number): void {
    for (const link of this.#c.links.values()) {
      const gone = [...link.waiting.keys()].filter((index) => index < below);
      for (const index of gone) link.waiting.delete(index);
      this.#refuse(link, new Map([["not-held", gone]]));
      for (const index of link.unclaimed.keys()) if (index < below) link.unclaimed.delete(index);
    }
    this.#spread.dropped(below);
  }

  /** Sends as much as limit and links take. */
  pump(): void {
    const now = this.#c.host.now();
    while (this.#bucket.ready(now)) {
      const link = this.#active.find(({ blocked }) => !blocked);
      if (link?.sending !== undefined) this.#sendPart(link, link.sending, now);
      else if (!this.#begin()) return;
    }
  }

  tick(now: number): void {
    const { settings, conduct } = this.#c;
    for (const link of [...this.#c.links.values()]) {
      const late: number[] = [];
      for (const [index, at] of link.waiting) {
        if (now - at < settings.requestMs / 2) break;
        late.push(index);
      }
      for (const index of late) link.waiting.delete(index);
      this.#refuse(link, new Map([["busy", late]]));
      this.#judge(link, now);
      const { refusedForReceiptsAt } = link;
      if (refusedForReceiptsAt !== undefined && now - refusedForReceiptsAt > claimMs) {
        conduct.accuse(link, "no-receipts");
      }
    }
  }

  /** Whether somebody takes and does not give. One who is slow gives something; a free-rider nothing, or hides what it has. */
  #judge(link: Link, now: number): void {
    let hidden = 0;
    for (const at of link.unclaimed.values()) {
      if (now - at < claimMs) break;
      hidden += 1;
    }
    const gaveNothing = link.fragmentsGot === 0;
    if (hidden >= maxUnclaimed || (gaveNothing && link.fragmentsSent >= credit && link.refusals >= credit)) {
      link.leftOver = true;
    }
    const rides = gaveNothing && link.fragmentsSent >= freeRideTaken && link.refusals >= freeRideRefusals;
    if (hidden >= maxUnclaimed || rides) this.#c.conduct.name(link, "free-rider");
  }

  /** More waits than goes out before the askers lose patience. Who does not give has no say in it. */
  #isFull(asker: Link): boolean {
    const { requestMs, fragmentSize } = this.#c.settings;
    const uploadRate = this.#bucket.rate;
    if (uploadRate === Number.POSITIVE_INFINITY) return false;
    let waiting = 0;
    for (const link of this.#c.links.values()) if (asker.leftOver || !link.leftOver) waiting += link.waiting.size;
    return waiting * fragmentSize * 1000 > (uploadRate * requestMs) / 2;
  }

  #refuse(link: Link, refused: ReadonlyMap<RefuseReason, readonly number[]>): void {
    for (const [reason, indices] of refused) {
      if (indices.length === 0) continue;
      if (!this.#c.host.send(link.id, { type: "refuse", reason, runs: runsInOrder(indices) })) link.blocked = true;
    }
  }

  /** Chooses what goes next and fetches it. @returns false where nothing can be begun now */
  #begin(): boolean {
    const limited = this.#bucket.rate !== Number.POSITIVE_INFINITY;
    const going = this.#reading + this.#active.filter(({ blocked }) => !blocked).length;
    if (going >= (limited ? 1 : maxAtOnce)) return false;
    const choice = this.#turns.choose();
    if (choice === undefined) return false;
    const { link, index } = choice;
    link.waiting.delete(index);
    this.#turn = Math.max(this.#turn, link.turn);
    link.turn = Math.max(link.turn, this.#turn) + this.#c.book.sizeOf(index) / this.#turns.weightOf(link);
    link.reading = index;
    this.#reading += 1;
    if (this.#isSource) this.#spread.begun(index);
    let returned = false;
    this.#c.host.read(index, (octets) => {
      this.#reading -= 1;
      link.reading = undefined;
      if (!this.#c.links.has(link.id)) return;
      if (octets === undefined) {
        this.#refuse(link, new Map([["not-held", [index]]]));
        this.#lost(index);
      } else {
        link.sending = { index, octets, offset: 0 };
        this.#active.push(link);
        this.#describe(link, index);
      }
      if (returned) this.pump();
    });
    returned = true;
    return true;
  }

  #describe(link: Link, index: number): void {
    const message = this.#c.book.messageOf(index);
    if (message === undefined || link.described.has(message)) return;
    link.described.add(message);
    this.#c.host.send(link.id, message);
    const { live } = this.#c;
    if (live === undefined || link.described.size < 4 * this.#c.settings.window) return;
    for (const old of link.described) if (old.first + old.items.length <= live.floor) link.described.delete(old);
  }

  #sendPart(link: Link, sending: Sending, now: number): void {
    const { index, octets, offset } = sending;
    const payload = octets.subarray(offset, offset + this.#partSize);
    this.#bucket.take(payload.length);
    sending.offset += payload.length;
    this.total += payload.length;
    link.uploads.add(payload.length, now);
    link.saidAt = now;
    link.blocked = !this.#c.host.send(link.id, { type: "fragment", index, offset, size: octets.length, payload });
    if (sending.offset < octets.length) return;
    this.#endSending(link);
    link.fragmentsSent += 1;
    link.usefulAt = now;
    if (!link.theirs.has(index)) link.unclaimed.set(index, now);
    if (this.#c.live !== undefined) link.everSent.dropBelow(index - 2 * this.#c.settings.window);
    if (link.everSent.add(index)) {
      link.unreceiptedOctets += octets.length;
      link.unreceipted.set(index, octets.length);
    }
    if (this.#isSource && this.#c.picker.holders(index) === 0) this.#spread.sent(link, index);
    this.#sent(link, index, octets.length);
  }

  #endSending(link: Link): void {
    const at = this.#active.indexOf(link);
    if (at >= 0) this.#active.splice(at, 1);
    const { sending } = link;
    if (this.#isSource && sending !== undefined && sending.offset < sending.octets.length) {
      this.#spread.aborted(sending.index);
    }
    link.sending = undefined;
  }

  /** Receipts for what was sent on this link. @returns false where they are of something else, or of nothing */
  receipted(link: Link, runs: readonly Run[], octets: number): boolean {
    if (runs.length === 0 || !areSane(runs, Number.MAX_SAFE_INTEGER)) {
      this.#c.conduct.accuse(link, "forged-receipt");
      return false;
    }
    let sum = 0;
    for (const { first, count } of runs) {
      if (count > link.unreceipted.size) {
        this.#c.conduct.accuse(link, "forged-receipt", first);
        return false;
      }
      for (let index = first; index < first + count; index++) {
        const size = link.unreceipted.get(index);
        if (size === undefined) {
          this.#c.conduct.accuse(link, "forged-receipt", index);
          return false;
        }
        link.unreceipted.delete(index);
        sum += size;
      }
    }
    link.unreceiptedOctets -= sum;
    if (sum !== octets) {
      this.#c.conduct.accuse(link, "forged-receipt", runs[0]?.first);
      return false;
    }
    if (link.unreceiptedOctets < this.#c.settings.unreceipted) link.refusedForReceiptsAt = undefined;
    return true;
  }
}

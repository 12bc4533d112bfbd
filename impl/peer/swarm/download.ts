import type { Fragment, Refuse, Run } from "../core/message.js";
import type { Context } from "./context.js";
import type { Asked, Link } from "./link.js";
import { TokenBucket } from "./meters.js";
import { areSane, runsInOrder } from "./possession.js";
import { isOnTrial, TakeOver } from "./take-over.js";

/** Requested octets under way on a link suffice for this long, in ms: more than most round trips. */
const horizonMs = 500;
/** The same for all links together where the download is limited. */
const totalHorizonMs = 2_000;
/** How long something cancelled may still come, in ms. */
const cancelledMs = 60_000;
/** Before something cancelled is asked of the same link again, in ms. */
const afterCancelMs = 1_000;
/** STREAM: a request may go to another link that has waited so many times as long as its link takes to answer; and where that is not known, in ms. */
const movePatience = 1.5;
const moveMs = 150;
const maxNotHeld = 8;
const maxUnanswered = 3;
/** So many parts of a fragment are put together where they are small: what comes octet by octet takes no more memory than it is. */
const maxLoose = 256;
const smallPart = 1_024;

/** Asks for fragments, watches over what was asked, and verifies what comes. A whole fragment comes from one peer: it answers for it. */
export class Download {
  readonly #c: Context;
  readonly #verified: (link: Link, index: number, parts: readonly Uint8Array[], size: number) => void;
  readonly #confirm: (link: Link) => void;
  readonly #bucket: TokenBucket;
  readonly #askedOf = new Map<number, Link[]>();
  readonly #takeOver: TakeOver;
  #outstanding = 0;
  total = 0;
  /** When the latest fragment came, or the first could be waited for. */
  gotAt: number;

  constructor(
    context: Context,
    verified: (link: Link, index: number, parts: readonly Uint8Array[], size: number) => void,
    confirm: (link: Link) => void,
  ) {
    this.#c = context;
    this.#verified = verified;
    this.#confirm = confirm;
    this.gotAt = context.host.now();
    this.#takeOver = new TakeOver(context, {
      askedOf: this.#askedOf,
      hasRoom: (link, now) => this.#roomOn(link, now) > 0 && this.#bucket.ready(now),
      isWithheld: (link, index, now) => this.#isWithheld(link, index, now),
      ask: (link, index, now) => this.#ask(link, index, now),
      cancel: (link, asked) => this.#cancel(link, asked),
    });
    const { downloadRate } = context.settings;
    this.#bucket = new TokenBucket(downloadRate, this.#burst(downloadRate), context.host.now());
  }

  get isBusy(): boolean {
    return this.#askedOf.size > 0;
  }

  /** Octets per second at most. */
  get limitRate(): number {
    return this.#bucket.rate;
  }

  limit(rate: number): void {
    this.#bucket.set(rate, this.#burst(rate), this.#c.host.now());
  }

  /** When requests may go on that the limit holds back. */
  get dueAt(): number | undefined {
    if (this.#bucket.rate === Number.POSITIVE_INFINITY || this.#c.picker.openCount === 0) return undefined;
    const now = this.#c.host.now();
    return this.#bucket.ready(now) ? undefined : this.#bucket.readyAt(now);
  }

  /** A link claims one more fragment. */
  claimed(link: Link, index: number): void {
    const { picker } = this.#c;
    if (picker.claimed(index)) {
      link.dry = false;
      return;
    }
    if (this.#c.live !== undefined) {
      this.#moveTo(link, index);
      return;
    }
    // The source peer is for what nobody else has: a request that waits there gives way, so that the next one is for a rare fragment.
    if (link.remote.role === "source-peer" || picker.openCount === 0) return;
    for (const other of this.#askedOf.get(index) ?? []) {
      const asked = other.asked.get(index);
      if (other.remote.role !== "source-peer" || asked === undefined || asked.received > 0) continue;
      this.#cancel(other, asked);
      other.dry = false;
      break;
    }
  }

  /** STREAM: a request that waits elsewhere goes to a link that has just got the fragment and is asked for nothing. */
  #moveTo(link: Link, index: number): void {
    const now = this.#c.host.now();
    const [other, ...more] = this.#askedOf.get(index) ?? [];
    const asked = other?.asked.get(index);
    if (other === undefined || asked === undefined || more.length > 0 || asked.received > 0) return;
    if (
      now - asked.at < (other.answerMs > 0 ? movePatience * other.answerMs : moveMs) ||
      link.asked.size > 0 ||
      this.#isWithheld(link, index, now)
    )
      return;
    this.#cancel(other, asked);
    this.#ask(link, index, now);
    this.#c.host.send(link.id, { type: "request", runs: [{ first: index, count: 1 }] });
  }

  /** STREAM: what makes no progress is asked of somebody else while there is time. */
  #giveUpLate(link: Link, now: number): void {
    for (const asked of [...link.asked.values()]) {
      if (now - Math.max(asked.at, asked.lastAt) < this.#patience) continue;
      if (this.#c.picker.holders(asked.index) > 1) this.#cancel(link, asked);
    }
  }

  /** Ms that are worth waiting for one peer: a fraction of a stream's delay. */
  get #patience(): number {
    return this.#c.live === undefined ? Number.POSITIVE_INFINITY : this.#c.settings.delayMs / 5;
  }

  /** A link does not claim a fragment any more. */
  unclaimed(link: Link, index: number): void {
    this.#c.picker.unclaimed(index);
    const asked = link.asked.get(index);
    if (asked !== undefined && asked.received === 0) this.#forget(link, asked);
  }

  closed(link: Link): void {
    for (const asked of [...link.asked.values()]) this.#forget(link, asked);
    link.cancelled.clear();
    this.#wet();
  }

  /** @returns false where more of it is to come */
  fragment(link: Link, message: Fragment): boolean {
    const { book, held, live, conduct, host, settings } = this.#c;
    const { index, offset, size, payload } = message;
    const asked = link.asked.get(index) ?? link.cancelled.get(index);
    if (asked === undefined) {
      conduct.accuse(link, held.has(index) ? "repeated-fragment" : "unrequested-fragment", index);
      return true;
    }
    const descriptor = book.get(index);
    if (size > settings.fragmentSize || offset + payload.length > size) {
      conduct.accuse(link, "oversized-fragment", index);
      return true;
    }
    if (descriptor === undefined) {
      // What the window of a stream has left behind is not described any more.
      if (live !== undefined && index < live.floor) this.#forget(link, asked);
      else conduct.accuse(link, "undescribed-fragment", index);
      return true;
    }
    if (size > descriptor.size) {
      conduct.accuse(link, "oversized-fragment", index);
      return true;
    }
    if (offset < asked.received) {
      conduct.accuse(link, "repeated-fragment", index);
      return true;
    }
    if (size !== descriptor.size || offset > asked.received || payload.length === 0) {
      conduct.accuse(link, "corrupt-fragment", index);
      return true;
    }
    const now = host.now();
    if (asked.received === 0) link.answered(now - asked.at);
    asked.parts.push(payload);
    if (++asked.loose === maxLoose) putTogether(asked);
    asked.received += payload.length;
    asked.lastAt = now;
    link.attended();
    link.refusals = 0;
    link.downloads.add(payload.length, now);
    this.total += payload.length;
    if (!link.asked.has(index)) this.#bucket.take(payload.length);
    if (asked.received < size) return false;
    this.#complete(link, asked, size, now);
    return true;
  }

  /** @returns false where nothing of it was asked for */
  refused(link: Link, message: Refuse): boolean {
    if (!areSane(message.runs, 2 * this.#c.settings.maxWaiting)) return false;
    if (link.asked.size + link.cancelled.size === 0) return false;
    const now = this.#c.host.now();
    const { reason } = message;
    let wasAsked = false;
    for (const index of eachOf(message.runs, link)) {
      wasAsked = link.cancelled.delete(index) || wasAsked;
      const asked = link.asked.get(index);
      if (asked === undefined) continue;
      wasAsked = true;
      link.attended();
      this.#forget(link, asked);
      link.refused.set(index, now + Math.min(reason === "busy" ? 2_000 : 10_000, this.#patience));
      if (reason !== "not-held") continue;
      if (link.theirs.delete(index)) this.#c.picker.unclaimed(index);
      if (this.#c.live === undefined && ++link.strikes >= maxNotHeld) {
        this.#c.conduct.accuse(link, "false-claim", index);
        return true;
      }
    }
    if (!wasAsked) return false;
    if (reason === "no-receipt") this.#confirm(link);
    if (reason !== "not-held") link.refusals += 1;
    const pause = Math.min(50 * 2 ** Math.min(link.refusals, 6), this.#patience);
    link.pauseUntil = now + (reason === "unwilling" ? 30_000 : pause);
    return true;
  }

  /** Asks a link for as much as it should have under way. */
  pump(link: Link): void {
    const { settings, host, picker } = this.#c;
    const now = host.now();
    if (settings.role === "source-peer" || link.dry || link.pauseUntil > now) return;
    const room = this.#roomOn(link, now);
    if (room <= 0 || !this.#bucket.ready(now)) return;
    // More would be refused as busy.
    const most = Math.min(Math.max(1, Math.ceil(room / settings.fragmentSize)), settings.maxWaiting - link.asked.size);
    const skip =
      link.refused.size === 0 && link.cancelled.size === 0
        ? undefined
        : (index: number) => this.#isWithheld(link, index, now);
    const picked = picker.pick(link.theirs, most, skip);
    if (picked.length < most) link.dry = true;
    const asked: number[] = [];
    for (const index of picked) {
      if (!this.#bucket.ready(now) || this.#outstanding >= this.#mostOutstanding()) {
        link.dry = false;
        break;
      }
      this.#ask(link, index, now);
      asked.push(index);
    }
    if (asked.length > 0) host.send(link.id, { type: "request", runs: runsInOrder(asked) });
  }

  pumpAll(): void {
    // The fastest first: what there is to ask for may not suffice for all. Of a FILE, before them the doubtful, for one fragment each: nobody
    // finds out about whom nobody asks.
    const links = [...this.#c.links.values()].filter((link) => !link.dry);
    const isDoubtful = ({ unanswered }: Link): number => (this.#c.live === undefined && unanswered > 0 ? 1 : 0);
    if (links.length > 1) links.sort((a, b) => isDoubtful(b) - isDoubtful(a) || b.speed - a.speed);
    for (const link of links) this.pump(link);
  }

  /** Looks after what was asked: what waits too long goes to others. */
  tick(now: number): void {
    const { settings, links, live } = this.#c;
    for (const link of [...links.values()]) {
      // What was withheld from a link may be asked of it again some time: looked at anew.
      if (link.refused.size > 0 || link.cancelled.size > 0) link.dry = false;
      for (const [index, until] of link.refused) if (until <= now) link.refused.delete(index);
      for (const [index, { lastAt }] of link.cancelled) if (lastAt + cancelledMs < now) link.cancelled.delete(index);
      if (live !== undefined) this.#giveUpLate(link, now);
      if (link.silentAt !== undefined && link.heardAt > link.silentAt) this.#leftUnanswered(link);
      const oldest = link.asked.values().next().value;
      if (oldest === undefined) continue;
      const since = Math.max(oldest.at, oldest.lastAt, link.completedAt);
      if (now - since < settings.requestMs) continue;
      for (const asked of [...link.asked.values()]) this.#cancel(link, asked);
      if (oldest.received === 0) {
        if (link.heardAt > since + (3 / 4) * settings.requestMs) this.#leftUnanswered(link);
        else link.silentAt ??= now;
      }
      link.pauseUntil = now + (settings.requestMs / 4) * link.unanswered;
      this.#wet();
    }
    this.pumpAll();
    this.#takeOver.look(now);
  }

  /** Answers keep their order: who says something after the time for an answer has left the request without one. */
  #leftUnanswered(link: Link): void {
    link.silentAt = undefined;
    link.unanswered += 1;
    if (link.unanswered >= maxUnanswered) this.#c.conduct.accuse(link, "false-claim");
  }

  /** Cancels everything asked for a fragment that is not wanted any more. */
  abandon(index: number): void {
    for (const link of [...(this.#askedOf.get(index) ?? [])]) {
      const asked = link.asked.get(index);
      if (asked !== undefined) this.#cancel(link, asked);
    }
    this.#c.picker.close(index);
  }

  /** Not to be asked of this link now: it refused it lately, or it was cancelled there and may be on its way. */
  #isWithheld(link: Link, index: number, now: number): boolean {
    if ((link.refused.get(index) ?? 0) > now) return true;
    const cancelled = link.cancelled.get(index);
    return (
      cancelled !== undefined &&
      (cancelled.received > 0 || now - cancelled.lastAt < Math.min(afterCancelMs, this.#patience))
    );
  }

  #roomOn(link: Link, now: number): number {
    const { settings } = this.#c;
    const least = link.speed > 0 || link.leftOver || link.unanswered > 0 ? 1 : 2;
    const wanted = Math.max(least * settings.fragmentSize, Math.min(settings.pipeline, link.speed * horizonMs));
    if (this.#outstanding >= this.#mostOutstanding() || link.asked.size >= settings.maxWaiting) return 0;
    return link.pauseUntil > now ? 0 : wanted - link.askedOctets;
  }

  #mostOutstanding(): number {
    const two = 2 * Math.max(2, this.#c.links.size) * this.#c.settings.fragmentSize;
    return Math.max((this.#bucket.rate * totalHorizonMs) / 1000, two);
  }

  #burst(rate: number): number {
    return Math.max(rate / 4, 2 * this.#c.settings.fragmentSize);
  }

  #ask(link: Link, index: number, now: number): void {
    const size = this.#c.book.sizeOf(index);
    this.#c.picker.close(index);
    link.asked.set(index, { index, size, at: now, parts: [], received: 0, loose: 0, extra: 0, lastAt: 0 });
    link.askedOctets += size;
    this.#outstanding += size;
    this.#bucket.take(size);
    const askedOf = this.#askedOf.get(index);
    if (askedOf === undefined) this.#askedOf.set(index, [link]);
    else askedOf.push(link);
  }

  #complete(link: Link, asked: Asked, size: number, now: number): void {
    const { book, held, host, conduct } = this.#c;
    const descriptor = book.get(asked.index);
    if (descriptor === undefined || !host.check(descriptor, asked.parts)) {
      conduct.accuse(link, "corrupt-fragment", asked.index);
      return;
    }
    const busyFrom = Math.max(asked.at, link.completedAt);
    link.measure(size, now - busyFrom);
    link.completedAt = now;
    link.fragmentsGot += 1;
    link.usefulAt = now;
    this.gotAt = now;
    link.leftOver = false;
    const wanted = link.asked.has(asked.index);
    if (wanted) this.#drop(link, asked, 0);
    else if (asked.extra > 0)
      link.cancelled.set(asked.index, { ...asked, parts: [], received: 0, loose: 0, extra: asked.extra - 1 });
    else link.cancelled.delete(asked.index);
    if (!held.has(asked.index)) this.obtained(asked.index);
    this.#verified(link, asked.index, asked.parts, size);
    this.pump(link);
  }

  /** It is here: whoever was asked for it need not send it. */
  obtained(index: number): void {
    for (const other of [...(this.#askedOf.get(index) ?? [])]) {
      const copy = other.asked.get(index);
      if (copy !== undefined && !isOnTrial(other)) this.#cancel(other, copy);
    }
    this.#c.picker.close(index);
  }

  /** Tells the other end, and keeps in mind that it may come all the same. */
  #cancel(link: Link, asked: Asked): void {
    this.#c.host.send(link.id, { type: "cancel", runs: [{ first: asked.index, count: 1 }] });
    this.#forget(link, asked);
    if (asked.received === 0) asked.lastAt = this.#c.host.now();
    const earlier = link.cancelled.get(asked.index);
    if (earlier !== undefined) asked.extra = earlier.extra + 1;
    link.cancelled.set(asked.index, asked);
  }

  /** Not asked any more, and to be asked of others. */
  #forget(link: Link, asked: Asked): void {
    if (link.asked.get(asked.index) !== asked) {
      link.cancelled.delete(asked.index);
      return;
    }
    this.#drop(link, asked, asked.size - asked.received);
    if (this.#askedOf.has(asked.index) || this.#c.held.has(asked.index)) return;
    this.#c.picker.open(asked.index);
    for (const other of this.#c.links.values()) if (other.theirs.has(asked.index)) other.dry = false;
  }

  #drop(link: Link, asked: Asked, unused: number): void {
    const { index } = asked;
    link.asked.delete(index);
    link.askedOctets -= asked.size;
    this.#outstanding -= asked.size;
    if (unused > 0) this.#bucket.giveBack(unused);
    const askedOf = this.#askedOf.get(index)?.filter((other) => other !== link) ?? [];
    if (askedOf.length === 0) this.#askedOf.delete(index);
    else this.#askedOf.set(index, askedOf);
  }

  #wet(): void {
    for (const link of this.#c.links.values()) link.dry = false;
  }
}

function putTogether(asked: Asked): void {
  const { parts } = asked;
  const loose = parts.slice(-asked.loose);
  asked.loose = 0;
  const length = loose.reduce((sum, part) => sum + part.length, 0);
  if (length > loose.length * smallPart) return;
  parts.length -= loose.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of loose) {
    whole.set(part, at);
    at += part.length;
  }
  parts.push(whole);
}

/** Fragments of the runs, as far as they matter to a link. */
function* eachOf(runs: readonly Run[], { asked, cancelled }: Link): Generator<number> {
  for (const { first, count } of runs) {
    if (count > asked.size + cancelled.size) {
      for (const index of [...asked.keys(), ...cancelled.keys()])
        if (index >= first && index < first + count) yield index;
    } else for (let index = first; index < first + count; index++) yield index;
  }
}

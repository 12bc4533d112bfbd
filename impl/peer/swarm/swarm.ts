import type { ByeReason, Descriptors, Message, Run } from "../core/message.js";
import type { PeerContact, RemotePeer, Swarm, SwarmHost, SwarmState } from "../core/ports.js";
import type { SwarmSettings } from "../core/settings.js";
import { Announcements } from "./announcements.js";
import { Claims } from "./claims.js";
import { Conduct } from "./conduct.js";
import { Confirmations } from "./confirmations.js";
import { Connections } from "./connections.js";
import { type Context, Held } from "./context.js";
import { DescriptorBook } from "./descriptor-book.js";
import { Dice } from "./dice.js";
import { Download } from "./download.js";
import { Link } from "./link.js";
import { LiveWindow } from "./live-window.js";
import { RarestFirst } from "./rarest-first.js";
import { Room } from "./room.js";
import { Upload } from "./upload.js";

const busyTickMs = 100;
const idleTickMs = 1_000;
const hungryShare = 0.75;
/** Nothing came for so long, in ms: others may have something. */
const starvedMs = 5_000;
const maxAdvice = 4_096;
/** Whatever the index file says of a FILE: what is counted per fragment would take too much memory. */
const mostFragments = 2 ** 24;
/** Descriptors of what is described already that are worth a signature's verification, per link. */
const maxNeedless = 16;

/** The swarm of one overlay network, without I/O: what to ask of whom, what to send to whom, and who breaks the rules [X.609.10 8.9]. */
export function createSwarm(host: SwarmHost, settings: SwarmSettings): Swarm {
  return new SwarmCore(host, { ...settings, maxFragments: Math.min(settings.maxFragments, mostFragments) });
}

class SwarmCore implements Swarm {
  readonly #c: Context;
  readonly #links = new Map<number, Link>();
  readonly #download: Download;
  readonly #upload: Upload;
  readonly #connections: Connections;
  readonly #claims: Claims;
  readonly #room: Room;
  readonly #announcements: Announcements;
  readonly #confirmations: Confirmations;
  #tickAt: number;
  #wakeAt: number | undefined;
  #isComplete = false;
  #stopped = false;

  constructor(host: SwarmHost, settings: SwarmSettings) {
    const isLive = settings.contentType === "STREAM";
    const dice = new Dice(() => host.random());
    const live = isLive
      ? new LiveWindow({
          random: () => dice.below(2 ** 16) / 2 ** 16,
          now: () => host.now(),
          size: settings.window,
          delayMs: settings.delayMs,
          countHolders: (index) => this.#countHolders(index),
        })
      : undefined;
    const conduct = new Conduct(host, (link, reason) => this.#cut(link, reason));
    this.#c = {
      host,
      settings,
      links: this.#links,
      book: new DescriptorBook(settings.fragmentSize),
      held: new Held(this.#spanOf(settings)),
      picker: live ?? new RarestFirst(dice, settings.maxFragments),
      live,
      conduct,
      dice,
    };
    this.#claims = new Claims(this.#c, {
      claimed: (link, index) => {
        this.#upload.claimed(link, index);
        this.#download.claimed(link, index);
      },
      unclaimed: (link, index) => this.#download.unclaimed(link, index),
    });
    this.#room = new Room(this.#c);
    this.#download = new Download(
      this.#c,
      (link, index, parts, size) => this.#verified(link, index, parts, size),
      (link) => this.#confirmations.give(link),
    );
    this.#upload = new Upload(this.#c, {
      sent: (link, index, size) => host.news({ kind: "uploaded", index, to: link.remote.peerId, size }),
      lost: (index) => this.#lost(index),
    });
    this.#announcements = new Announcements(this.#c, this.#upload, (link, message) => this.#send(link, message));
    this.#confirmations = new Confirmations(this.#c);
    this.#connections = new Connections(host, settings, this.#links, conduct);
    this.#tickAt = host.now() + busyTickMs;
  }

  get state(): SwarmState {
    const now = this.#c.host.now();
    return {
      held: this.#c.held.runs(),
      total: this.#c.book.total,
      complete: this.#isComplete,
      links: [...this.#links.values()].map((link) => link.state(now)),
      uploaded: this.#upload.total,
      downloaded: this.#download.total,
    };
  }

  candidates(peers: readonly PeerContact[]): void {
    this.#connections.replace(peers);
    if (!this.#stopped) this.#connections.maintain(this.#c.host.now(), !this.#isComplete, false);
    this.#settle();
  }

  advice(runs: readonly Run[]): void {
    const advised: number[] = [];
    for (const { first, count } of runs) {
      for (let index = first; index < first + count && advised.length < maxAdvice; index++) advised.push(index);
    }
    this.#c.picker.advise(advised);
  }

  opened(id: number, remote: RemotePeer): void {
    const { host, conduct, settings, held } = this.#c;
    this.#connections.opened(remote.peerId);
    if (this.#stopped) {
      host.close(id, "leaving");
      return;
    }
    if (conduct.isBanned(remote.peerId)) {
      host.close(id, "protocol-error");
      return;
    }
    if (remote.peerId === settings.peerId) {
      host.close(id, "same-peer");
      return;
    }
    const twin = [...this.#links.values()].find((link) => link.remote.peerId === remote.peerId);
    if (twin !== undefined) {
      if (!this.#isBetter(remote, twin.remote)) {
        host.close(id, "same-peer");
        return;
      }
      this.#cut(twin, "same-peer");
    }
    if (this.#links.size >= settings.maxLinks) {
      const spare = this.#room.for(remote, this.#isComplete);
      if (spare === undefined) {
        host.close(id, "too-many-links");
        return;
      }
      this.#cut(spare, "too-many-links");
    }
    const link = new Link(id, remote, host.now(), this.#spanOf(settings));
    this.#links.set(id, link);
    this.#upload.opened(link);
    host.news({ kind: "link", remote, change: "up" });
    this.#announcements.say();
    this.#send(link, held.bits.toBuffermap());
    this.#settle();
  }

  connectFailed(peer: PeerContact): void {
    this.#connections.failed(peer.peerId);
    if (!this.#stopped) this.#connections.maintain(this.#c.host.now(), !this.#isComplete, false);
    this.#settle();
  }

  received(id: number, message: Message): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    link.heardAt = this.#c.host.now();
    // What changed nothing costs no more than having been read.
    if (this.#take(link, message)) this.#settle();
  }

  /** @returns false where it changed nothing */
  #take(link: Link, message: Message): boolean {
    switch (message.type) {
      case "buffermap":
        return this.#claims.buffermap(link, message);
      case "have":
        return this.#claims.have(link, message.runs);
      case "request":
        return this.#upload.requested(link, message);
      case "cancel":
        return this.#upload.cancelled(link, message);
      case "descriptors":
        return this.#descriptors(link, message);
      case "fragment":
        return this.#download.fragment(link, message);
      case "refuse":
        return this.#download.refused(link, message);
      // Handshake, receipts, keep-alives and farewells are the host's; the clock above is all that they mean here.
      case "hello":
      case "proof":
      case "receipt":
      case "keep-alive":
      case "bye":
        return false;
    }
  }

  receipted(id: number, runs: readonly Run[], octets: number): boolean {
    const link = this.#links.get(id);
    if (link === undefined) return false;
    const wasDue = this.#upload.receipted(link, runs, octets);
    this.#settle();
    return wasDue;
  }

  drained(id: number): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    link.blocked = false;
    this.#settle();
  }

  closed(id: number, reason: string): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    this.#remove(link, reason);
    this.#connections.failed(link.remote.peerId);
    if (!this.#stopped) this.#connections.maintain(this.#c.host.now(), !this.#isComplete, false);
    this.#settle();
  }

  produced(descriptors: Descriptors): void {
    const { book, held, picker, live } = this.#c;
    for (const index of book.add(descriptors)) {
      picker.close(index);
      live?.described(index, book.get(index) as Descriptors["items"][number]);
      this.#c.live?.advance(this.#c.host.now(), () => true);
      held.add(index);
      this.#announcements.add(index);
    }
    this.#moveWindow();
    this.#checkComplete();
    this.#announcements.soon();
    this.#settle();
  }

  restore(descriptors: readonly Descriptors[], held: readonly Run[]): void {
    const { book, live } = this.#c;
    for (const message of descriptors) {
      for (const index of book.add(message)) live?.described(index, book.get(index) as Descriptors["items"][number]);
    }
    for (const { first, count } of held) {
      for (let index = first; index < first + count; index++) {
        if (book.get(index) === undefined) continue;
        this.#c.held.add(index);
        this.#download.obtained(index);
      }
    }
    this.#moveWindow();
    this.#checkComplete();
    this.#announcements.sayAll();
    this.#settle();
  }

  limit(uploadRate: number, downloadRate: number): void {
    this.#upload.limit(uploadRate);
    this.#download.limit(downloadRate);
    this.#settle();
  }

  tick(): void {
    this.#wakeAt = undefined;
    const now = this.#c.host.now();
    if (now >= (this.#announcements.dueAt ?? Number.POSITIVE_INFINITY)) this.#announcements.say();
    this.#claims.work();
    if (now >= this.#tickAt) this.#housekeeping(now);
    else if ((this.#c.live?.nextDeadline ?? Number.POSITIVE_INFINITY) <= now) this.#moveWindow();
    this.#settle();
  }

  stop(): void {
    this.#stopped = true;
    for (const link of [...this.#links.values()]) {
      this.#confirmations.give(link);
      this.#cut(link, "leaving");
    }
    this.#c.host.wake(undefined);
  }

  #housekeeping(now: number): void {
    const { settings } = this.#c;
    for (const link of [...this.#links.values()]) {
      if (now - link.heardAt > settings.silenceMs) {
        this.#cut(link, "silent");
        this.#connections.failed(link.remote.peerId);
      } else if (now - link.saidAt > settings.silenceMs / 2) this.#send(link, { type: "keep-alive" });
      this.#confirmations.look(link, now);
    }
    this.#moveWindow();
    this.#upload.tick(now);
    this.#download.tick(now);
    const isStarved = this.#isStarved(now);
    this.#connections.maintain(
      now,
      !this.#isComplete,
      isStarved || this.#isHungry(now),
      isStarved ? () => this.#giveUp() : undefined,
    );
    const unconfirmed = this.#confirmations.areDue;
    const busy = this.#download.isBusy || this.#c.picker.openCount > 0 || this.#c.live !== undefined || unconfirmed;
    this.#tickAt = now + (busy ? busyTickMs : idleTickMs);
  }

  /** Something is to be had, and comes much slower than it could be taken. */
  #isHungry(now: number): boolean {
    if (this.#c.settings.role === "source-peer" || this.#c.picker.openCount === 0) return false;
    let rate = 0;
    for (const link of this.#links.values()) rate += link.downloads.rate(now);
    return rate < hungryShare * this.#download.limitRate;
  }

  #isStarved(now: number): boolean {
    if (this.#c.settings.role === "source-peer" || this.#isComplete) return false;
    return now - this.#download.gotAt > starvedMs;
  }

  /** Ends a link that has been of no use for longest: others may have what nobody here has. */
  #giveUp(): string | undefined {
    const link = this.#room.longestIdle();
    if (link !== undefined) this.#cut(link, "too-many-links");
    return link?.remote.peerId;
  }

  /** What follows from any event: requests, sending, and the next time to look again. */
  #settle(): void {
    if (this.#stopped) return;
    if (this.#c.settings.role !== "source-peer") this.#download.pumpAll();
    this.#upload.pump();
    const due = [
      this.#tickAt,
      this.#announcements.dueAt,
      this.#upload.dueAt,
      this.#download.dueAt,
      this.#c.live?.nextDeadline,
      this.#claims.dueAt,
    ];
    const now = this.#c.host.now();
    let at = Number.POSITIVE_INFINITY;
    for (const time of due) if (time !== undefined && time < at) at = time;
    at = Math.max(at, now);
    if (this.#wakeAt !== undefined && this.#wakeAt <= at && this.#wakeAt >= now) return;
    this.#wakeAt = at;
    this.#c.host.wake(at);
  }

  /** @returns false where it changed nothing */
  #descriptors(link: Link, message: Descriptors): boolean {
    const { book, host, conduct, settings, live } = this.#c;
    if (settings.role === "source-peer" || book.has(message)) return false;
    const bound = live === undefined ? settings.maxFragments : Number.MAX_SAFE_INTEGER;
    if (!book.isSane(message, bound)) {
      conduct.accuse(link, "forged-descriptors", message.first);
      return true;
    }
    // Only what was asked for is worth a signature's verification, and what was described before not often: the first word stands.
    const asked = message.items
      .map((_, at) => message.first + at)
      .filter((index) => link.asked.has(index) || link.cancelled.has(index));
    if (asked.length === 0) return false;
    const isNeedless = asked.every((index) => book.get(index) !== undefined);
    if (isNeedless && link.needless >= maxNeedless) return false;
    if (!host.isGenuine(message)) {
      conduct.accuse(link, "forged-descriptors", message.first);
      return true;
    }
    if (isNeedless) {
      link.needless += 1;
      return false;
    }
    const fresh = book.add(message);
    if (live !== undefined) {
      for (const index of fresh) {
        if (index >= live.floor) live.described(index, book.get(index) as Descriptors["items"][number]);
      }
      // What links claimed before may be within the window only now.
      for (const other of this.#c.links.values()) other.dry = false;
      this.#moveWindow();
    } else if (book.total !== undefined && fresh.includes(book.total - 1)) this.#findLiars(book.total);
    return true;
  }

  /** Now that the end is known: who claimed fragments behind it. */
  #findLiars(total: number): void {
    for (const link of [...this.#links.values()]) {
      const top = this.#claims.topOf(link);
      if (top >= total) this.#c.conduct.accuse(link, "false-claim", top);
    }
  }

  #verified(link: Link, index: number, parts: readonly Uint8Array[], size: number): void {
    const { held, host, live } = this.#c;
    this.#confirmations.add(link, index, size);
    if (!held.has(index) && (live === undefined || index >= live.floor)) {
      host.keep(index, parts);
      held.add(index);
      host.news({ kind: "fragment", index, from: link.remote.peerId, size });
      this.#announcements.add(index);
      this.#moveWindow();
      this.#checkComplete();
      this.#announcements.soon();
    }
    this.#confirmations.look(link);
  }

  /** STREAM: passes over what is held or too late, and forgets what lies behind the window. */
  #moveWindow(): void {
    const { live, held, host, book } = this.#c;
    if (live === undefined) return;
    for (const index of live.advance(host.now(), (own) => held.has(own))) {
      host.news({ kind: "missed", index });
      this.#download.abandon(index);
    }
    if (live.floor > held.bits.floor) {
      held.dropBelow(live.floor);
      book.dropBelow(live.floor);
      this.#upload.dropped(live.floor);
      host.drop(live.floor);
    }
    this.#checkComplete();
  }

  #checkComplete(): void {
    const { book, held, live, host } = this.#c;
    const { total } = book;
    if (this.#isComplete || total === undefined) return;
    if (live === undefined ? held.size < total : live.base < total) return;
    this.#isComplete = true;
    // Nothing more comes that the receipts could wait for.
    for (const link of this.#links.values()) this.#confirmations.give(link);
    host.news({ kind: "complete" });
  }

  #lost(index: number): void {
    const { held, picker, settings } = this.#c;
    held.delete(index);
    if (settings.role !== "source-peer") picker.open(index);
    this.#announcements.sayAll();
  }

  #send(link: Link, message: Message): void {
    link.saidAt = this.#c.host.now();
    link.blocked = !this.#c.host.send(link.id, message);
  }

  /** Of two links with one peer the one stays that the smaller identifier opened: both ends decide alike. */
  #isBetter(remote: RemotePeer, other: RemotePeer): boolean {
    const { peerId } = this.#c.settings;
    if (peerId === "" || remote.incoming === other.incoming) return false;
    return remote.incoming === remote.peerId < peerId;
  }

  #cut(link: Link, reason: ByeReason): void {
    if (!this.#links.has(link.id)) return;
    this.#c.host.close(link.id, reason);
    this.#remove(link, reason);
  }

  #remove(link: Link, reason: string): void {
    this.#links.delete(link.id);
    this.#upload.closed(link);
    this.#download.closed(link);
    this.#claims.closed(link);
    this.#c.host.news({ kind: "link", remote: link.remote, change: "down", reason });
  }

  #countHolders(index: number): number {
    let count = 0;
    for (const link of this.#links.values()) if (link.theirs.has(index)) count += 1;
    return count;
  }

  #spanOf(settings: SwarmSettings): number {
    return settings.contentType === "STREAM" ? 4 * settings.window : settings.maxFragments;
  }
}

import { createHash, type KeyObject } from "node:crypto";
import type { SigningKey } from "../../keys/ed25519.js";
import { fraction } from "../../net/backoff.js";
import { monotonicClock, type Random } from "../../net/clock.js";
import type { Logger } from "../../net/logger.js";
import type { ByeReason, Descriptor, Descriptors, Message, Receipt, Run } from "../core/message.js";
import type { PeerContact, RemotePeer, Swarm, SwarmHost, SwarmNews, SwarmState } from "../core/ports.js";
import type { SwarmSettings } from "../core/settings.js";
import type { FragmentStore } from "../storage/fragment-store.js";
import { createSwarm } from "../swarm/index.js";
import type { LinkHandler, LinkOverlay, PeerLink } from "../transport/overlay.js";
import type { PeerTransport } from "../transport/peer-transport.js";
import { DescriptorBook } from "./descriptor-book.js";
import { createGenuineCheck } from "./genuine.js";
import { type ConfirmedReceipt, ReceiptsConfirmed, ReceiptsDue } from "./receipts.js";

/** What the OMS gave at join, as it is now [X.609.1 8.2.6 step 2]. */
export interface Admission {
  readonly sessionKey: string;
  readonly provider: KeyObject | undefined;
}

export interface ExchangeOptions {
  readonly overlayId: string;
  readonly settings: SwarmSettings;
  readonly key: SigningKey;
  readonly sourceKey: KeyObject;
  readonly store: FragmentStore;
  readonly transport: PeerTransport;
  admission(): Admission;
  /** Told after the exchange has done its part. */
  news(news: SwarmNews): void;
  /** Before a live fragment is forgotten. */
  dropping?(below: number): void;
  /** Somebody confirmed what this peer sent. */
  confirmed(receipt: ConfirmedReceipt): void;
  readonly receiptMs: number;
  readonly random: Random;
  readonly logger: Logger;
}

const maxForgers = 10_000;

/** The swarm of one overlay network with everything that it asks of its surroundings: links, storage, signatures, time. */
export class Exchange {
  readonly overlay: LinkOverlay;
  readonly #options: ExchangeOptions;
  readonly #swarm: Swarm;
  readonly #links = new Map<number, PeerLink>();
  readonly #book = new DescriptorBook();
  readonly #due: ReceiptsDue;
  readonly #confirmed: ReceiptsConfirmed;
  /** Who showed receipts that were none: not taken back. */
  readonly #forgers = new Set<string>();
  #receiptTimer: NodeJS.Timeout | undefined;
  #wakeTimer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: ExchangeOptions) {
    const { overlayId, settings, key } = options;
    const { peerId, role } = settings;
    this.#options = options;
    this.#due = new ReceiptsDue(overlayId, peerId, key);
    this.#confirmed = new ReceiptsConfirmed(overlayId, peerId, key);
    this.overlay = {
      overlayId,
      peerId,
      role,
      key,
      get sessionKey() {
        return options.admission().sessionKey;
      },
      get provider() {
        return options.admission().provider;
      },
      admit: ({ peerId: remote }) => this.#refusalOf(remote),
      opened: (link) => this.#opened(link),
    };
    this.#swarm = createSwarm(this.#host(), settings);
  }

  get state(): SwarmState {
    return this.#swarm.state;
  }

  descriptor(index: number): Descriptor | undefined {
    return this.#book.of(index);
  }

  candidates(peers: readonly PeerContact[]): void {
    if (!this.#stopped) this.#swarm.candidates(peers);
  }

  advice(runs: readonly Run[]): void {
    if (!this.#stopped) this.#swarm.advice(runs);
  }

  /** Source peer: made, described and kept. */
  produced(descriptors: Descriptors): void {
    this.#described(descriptors);
    this.#swarm.produced(descriptors);
  }

  restore(descriptors: readonly Descriptors[], held: readonly Run[]): void {
    for (const one of descriptors) this.#book.add(one);
    this.#swarm.restore(descriptors, held);
  }

  limit({ uploadRate, downloadRate }: { readonly uploadRate: number; readonly downloadRate: number }): void {
    this.#swarm.limit(uploadRate, downloadRate);
  }

  /** Confirms what is not confirmed yet, and leaves every link. */
  stop(): void {
    if (this.#stopped) return;
    this.#confirmAll();
    this.#stopped = true;
    clearTimeout(this.#wakeTimer);
    clearTimeout(this.#receiptTimer);
    this.#swarm.stop();
    this.#options.transport.leave(this.#options.overlayId, "leaving");
  }

  #host(): SwarmHost {
    const { settings, sourceKey, overlayId, store, random, logger } = this.#options;
    const { contentType, fragmentSize } = settings;
    const isGenuine = createGenuineCheck({ overlayId, sourceKey, contentType, fragmentSize });
    return {
      now: () => monotonicClock.now(),
      random: () => fraction(random),
      send: (link, message) => this.#links.get(link)?.send(message) ?? true,
      close: (link, reason) => this.#close(link, reason),
      connect: (peer) => void this.#connect(peer),
      check: isDescribed,
      keep: (index, parts) => store.keep(index, parts),
      read: (index, done) => store.read(index, done),
      drop: (below) => {
        this.#options.dropping?.(below);
        store.drop(below);
        this.#book.drop(below);
      },
      isGenuine: (descriptors) => {
        const genuine = isGenuine(descriptors);
        if (genuine) this.#described(descriptors);
        return genuine;
      },
      confirm: (link, remote, runs, octets) => this.#confirm(link, remote, runs, octets),
      news: (news) => this.#options.news(news),
      wake: (at) => {
        clearTimeout(this.#wakeTimer);
        if (at === undefined || this.#stopped) return;
        const wait = Math.min(Math.max(0, at - monotonicClock.now()), 2 ** 31 - 1);
        this.#wakeTimer = setTimeout(() => {
          try {
            this.#swarm.tick();
          } catch (error) {
            logger.error({ err: error, overlayId }, "the swarm failed");
          }
        }, wait);
      },
    };
  }

  #described(descriptors: Descriptors): void {
    if (this.#book.add(descriptors)) this.#options.store.describe(descriptors);
  }

  #refusalOf(remote: string): ByeReason | undefined {
    if (this.#stopped) return "leaving";
    return this.#forgers.has(remote) ? "protocol-error" : undefined;
  }

  async #connect(peer: PeerContact): Promise<void> {
    try {
      await this.#options.transport.connect(this.overlay, peer);
    } catch (error) {
      if (!this.#stopped) this.#swarm.connectFailed(peer, error instanceof Error ? error.message : String(error));
    }
  }

  #opened(link: PeerLink): LinkHandler {
    const { id, remote } = link;
    this.#links.set(id, link);
    this.#swarm.opened(id, remote);
    return {
      received: (message: Message) => {
        if (message.type === "receipt") this.#receipted(link, message);
        else this.#swarm.received(id, message);
      },
      drained: () => this.#swarm.drained(id),
      closed: (reason) => {
        this.#forget(id);
        if (!this.#stopped) this.#swarm.closed(id, reason);
      },
    };
  }

  /** The swarm has done with it; what was received is confirmed all the same. */
  #close(id: number, reason: ByeReason): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    this.#sendReceipt(id);
    this.#forget(id);
    link.close(reason);
  }

  #forget(id: number): void {
    this.#links.delete(id);
    this.#due.forget(id);
  }

  #confirm(link: number, remote: RemotePeer, runs: readonly Run[], octets: number): void {
    if (this.#due.add(link, remote, runs, octets, monotonicClock.now())) this.#sendReceipt(link);
    this.#receiptTimer ??= setTimeout(() => {
      this.#receiptTimer = undefined;
      this.#confirmAll();
    }, this.#options.receiptMs);
  }

  #confirmAll(): void {
    for (const link of this.#due.links()) this.#sendReceipt(link);
  }

  #sendReceipt(id: number): void {
    const receipt = this.#due.take(id);
    if (receipt !== undefined) this.#links.get(id)?.send(receipt);
  }

  #receipted(link: PeerLink, receipt: Receipt): void {
    const { id, remote } = link;
    const verified = this.#confirmed.verify(receipt, remote);
    if (verified === undefined) {
      this.#options.news({ kind: "culprit", peerId: remote.peerId, fault: "forged-receipt" });
      if (this.#forgers.size < maxForgers) this.#forgers.add(remote.peerId);
      this.#forget(id);
      link.close("protocol-error");
      this.#swarm.closed(id, "a receipt that is forged, or was shown before");
      return;
    }
    // Worth a signature and a report only where it is of what was sent.
    if (!this.#swarm.receipted(id, verified.runs, verified.octets)) return;
    this.#options.confirmed(this.#confirmed.countersign(receipt));
  }
}

/** Whether the octets are the described fragment. */
export function isDescribed({ size, digest }: Descriptor, parts: readonly Uint8Array[]): boolean {
  const hash = createHash("sha256");
  let length = 0;
  for (const part of parts) {
    length += part.length;
    hash.update(part);
  }
  return length === size && hash.digest().equals(digest);
}

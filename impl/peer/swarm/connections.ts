import type { PeerContact, SwarmHost } from "../core/ports.js";
import type { SwarmSettings } from "../core/settings.js";
import type { Conduct } from "./conduct.js";
import type { Link } from "./link.js";

/** Pause before a peer is tried again, doubled with every failure, in ms. */
const firstPause = 1_000;
const longestPause = 60_000;
const starvingMs = 5_000;
const growMs = 500;
const giveUpMs = 2_000;
/** Before who was given up is tried again: after many others. */
const gaveUpPause = 300_000;
const maxCandidates = 1_000;

interface Attempt {
  failures: number;
  notBefore: number;
}

/** Keeps the wanted number of links up, from the candidates that OMS and UNIS gave, best first. */
export class Connections {
  readonly #host: SwarmHost;
  readonly #settings: SwarmSettings;
  readonly #links: ReadonlyMap<number, Link>;
  readonly #conduct: Conduct;
  #candidates: readonly PeerContact[] = [];
  readonly #connecting = new Set<string>();
  readonly #attempts = new Map<string, Attempt>();
  #starvedAt = Number.NEGATIVE_INFINITY;
  #wanted: number;
  #grownAt: number;
  #gaveUpAt = Number.NEGATIVE_INFINITY;

  constructor(host: SwarmHost, settings: SwarmSettings, links: ReadonlyMap<number, Link>, conduct: Conduct) {
    this.#host = host;
    this.#settings = settings;
    this.#links = links;
    this.#conduct = conduct;
    this.#wanted = settings.wantedLinks;
    this.#grownAt = host.now();
  }

  replace(candidates: readonly PeerContact[]): void {
    this.#candidates = candidates.slice(0, maxCandidates);
    const listed = new Set(this.#candidates.map(({ peerId }) => peerId));
    for (const peerId of this.#attempts.keys()) if (!listed.has(peerId)) this.#attempts.delete(peerId);
  }

  opened(peerId: string): void {
    this.#connecting.delete(peerId);
    this.#attempts.delete(peerId);
  }

  failed(peerId: string): void {
    this.#connecting.delete(peerId);
    const failures = (this.#attempts.get(peerId)?.failures ?? 0) + 1;
    const pause = Math.min(longestPause, firstPause * 2 ** (failures - 1)) * (0.5 + this.#host.random());
    this.#attempts.set(peerId, { failures, notBefore: this.#host.now() + pause });
  }

  /**
   * @param needsMore something is still to be had from others
   * @param isHungry links bring less than this peer could take: one more is tried now and then
   * @param giveUp links bring nothing: ends one, where there is no room for another. It is not tried again soon
   */
  maintain(now: number, needsMore: boolean, isHungry: boolean, giveUp?: () => string | undefined): void {
    const { wantedLinks, maxLinks } = this.#settings;
    if (giveUp !== undefined && this.#links.size >= maxLinks && now - this.#gaveUpAt >= giveUpMs) {
      this.#gaveUpAt = now;
      const peerId = giveUp();
      if (peerId !== undefined) this.#attempts.set(peerId, { failures: 1, notBefore: now + gaveUpPause });
    }
    if (isHungry && now - this.#grownAt >= growMs && this.#links.size >= this.#wanted) {
      this.#grownAt = now;
      this.#wanted = Math.min(this.#links.size + 1, Math.max(wantedLinks, maxLinks));
    }
    const linked = new Set([...this.#links.values()].map(({ remote }) => remote.peerId));
    let count = this.#links.size + this.#connecting.size;
    for (const peer of this.#candidates) {
      if (count >= this.#wanted) return;
      const { peerId } = peer;
      if (linked.has(peerId) || this.#connecting.has(peerId) || this.#conduct.isBanned(peerId)) continue;
      if (peerId === this.#settings.peerId || (this.#attempts.get(peerId)?.notBefore ?? now) > now) continue;
      this.#connecting.add(peerId);
      count += 1;
      this.#host.connect(peer);
    }
    if (count >= this.#wanted || !needsMore || now - this.#starvedAt < starvingMs) return;
    this.#starvedAt = now;
    this.#host.news({ kind: "starving" });
  }
}

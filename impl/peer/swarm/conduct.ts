import type { ByeReason } from "../core/message.js";
import type { Fault, SwarmHost } from "../core/ports.js";
import type { Link } from "./link.js";

/** Peers remembered as culprits. */
const maxBanned = 10_000;

const reasons: Partial<Record<Fault, ByeReason>> = {
  "corrupt-fragment": "corrupt-fragments",
  "no-receipts": "no-receipt",
};

/** Who broke the rules: told once per fault, cut, and not taken back. */
export class Conduct {
  readonly #host: SwarmHost;
  readonly #cut: (link: Link, reason: ByeReason) => void;
  readonly #banned = new Set<string>();
  readonly #told = new Set<string>();

  /** @param cut ends a link, and frees what was asked on it */
  constructor(host: SwarmHost, cut: (link: Link, reason: ByeReason) => void) {
    this.#host = host;
    this.#cut = cut;
  }

  isBanned(peerId: string): boolean {
    return this.#banned.has(peerId);
  }

  /** Names, cuts and bans. The link is gone when this returns. */
  accuse(link: Link, fault: Fault, index?: number): void {
    if (this.#banned.size < maxBanned) this.#banned.add(link.remote.peerId);
    this.name(link, fault, index);
    this.#cut(link, reasons[fault] ?? "protocol-error");
  }

  /** Names without cutting: what is no harm where nobody else wants to be served. */
  name(link: Link, fault: Fault, index?: number): void {
    const { peerId } = link.remote;
    if (this.#told.has(`${fault} ${peerId}`) || this.#told.size >= 2 * maxBanned) return;
    this.#told.add(`${fault} ${peerId}`);
    this.#host.news({ kind: "culprit", peerId, fault, ...(index === undefined ? {} : { index }) });
  }
}

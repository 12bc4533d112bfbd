import type { Context } from "./context.js";
import type { Link } from "./link.js";
import { runsInOrder } from "./possession.js";

/** Receipts wait for so many fragments, or ms. */
const enough = 4;
const longEnoughMs = 500;

/** Receipts for what was verified, once for every fragment and link [X.609.1 8.2.6 step 7]. */
export class Confirmations {
  readonly #c: Context;

  constructor(context: Context) {
    this.#c = context;
  }

  /** Something is to be confirmed some time. */
  get areDue(): boolean {
    for (const { toConfirm } of this.#c.links.values()) if (toConfirm.length > 0) return true;
    return false;
  }

  /** A link has brought a fragment. */
  add(link: Link, index: number, size: number): void {
    const { live, settings, host } = this.#c;
    if (live !== undefined) link.confirmed.dropBelow(index - 2 * settings.window);
    if (!link.confirmed.add(index)) return;
    if (link.toConfirm.length === 0) link.confirmSince = host.now();
    link.toConfirm.push(index);
    link.toConfirmOctets += size;
  }

  /** Gives the receipt where it has waited for enough, or long enough. */
  look(link: Link, now = link.confirmSince): void {
    if (link.toConfirm.length >= enough || now - link.confirmSince >= longEnoughMs) this.give(link);
  }

  give(link: Link): void {
    if (link.toConfirm.length === 0) return;
    const { host } = this.#c;
    const runs = runsInOrder(link.toConfirm.sort((a, b) => a - b));
    const octets = link.toConfirmOctets;
    link.toConfirm = [];
    link.toConfirmOctets = 0;
    link.saidAt = host.now();
    host.confirm(link.id, link.remote, runs, octets);
  }
}

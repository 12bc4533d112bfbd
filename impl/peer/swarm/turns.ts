import type { Context } from "./context.js";
import type { Link } from "./link.js";
import type { Spread } from "./spread.js";

/**
 * Who gives most is given so much more than its share. No more than that: were it much, the slow would finish late, with the fast long done.
 * Who gives nothing at all comes after everybody else.
 */
const thanks = 0.25;
/** Who is behind the others is given up to so much more than its share: all are to be done at about the same time. */
const help = 3;
/** Requests of a link that are looked at to find the best one to serve. */
const lookAhead = 32;

interface Choice {
  readonly link: Link;
  readonly index: number;
}

/** Whose request is served next, and which. */
export class Turns {
  readonly #c: Context;
  readonly #spread: Spread;

  constructor(context: Context, spread: Spread) {
    this.#c = context;
    this.#spread = spread;
  }

  choose(): Choice | undefined {
    if (this.#c.settings.role === "source-peer") return this.#unsent();
    return this.#c.live === undefined ? this.#fair() : this.#fresh();
  }

  /**
   * Source peer: no fragment twice while one that was never sent is asked for; and first to those whose earlier fragments have spread:
   * who can hand on much gets much, who keeps all for itself little.
   */
  #unsent(): Choice | undefined {
    let best: { readonly link: Link; readonly index: number; readonly copies: number } | undefined;
    for (const link of this.#c.links.values()) {
      if (!canServe(link)) continue;
      let seen = 0;
      for (const index of link.waiting.keys()) {
        const copies = this.#spread.copiesOf(index);
        const isBetter =
          best === undefined ||
          copies < best.copies ||
          (copies === best.copies && best.link !== link && isBefore(link, best.link));
        if (isBetter) best = { link, index, copies };
        seen += 1;
        if (copies === 0 || seen >= lookAhead) break;
      }
    }
    return best;
  }

  /** Peer: the link whose turn it is, by what it was given over its weight; of its requests the rarest fragment. */
  #fair(): Choice | undefined {
    let best: Link | undefined;
    for (const link of this.#c.links.values()) {
      if (!canServe(link)) continue;
      if (best === undefined || (link.leftOver === best.leftOver ? link.turn < best.turn : best.leftOver)) best = link;
    }
    if (best === undefined) return undefined;
    let rarest = -1;
    let least = Number.POSITIVE_INFINITY;
    let seen = 0;
    for (const index of best.waiting.keys()) {
      const holders = this.#c.live === undefined ? this.#c.picker.holders(index) : seen;
      if (holders < least) [rarest, least] = [index, holders];
      if (++seen >= lookAhead) break;
    }
    return { link: best, index: rarest };
  }

  /**
   * Peer of a stream: who has waited long, by age; else the fragment that fewest have: what is new must multiply first, but not for so
   * long that the last to get the old ones miss them.
   */
  #fresh(): Choice | undefined {
    const longAgo = this.#c.host.now() - this.#c.settings.delayMs / 10;
    let best: { readonly link: Link; readonly index: number; readonly rank: number } | undefined;
    for (const link of this.#c.links.values()) {
      if (!canServe(link)) continue;
      let seen = 0;
      for (const [index, at] of link.waiting) {
        const rank = at < longAgo ? at - longAgo : this.#c.picker.holders(index);
        if (best === undefined || isFresher(link, rank, best.link, best.rank)) best = { link, index, rank };
        if (++seen >= lookAhead) break;
      }
    }
    return best;
  }

  /** Who gives more is given more, and so is who has fallen behind; both within bounds. */
  weightOf(link: Link): number {
    const now = this.#c.host.now();
    let most = 1;
    let held = 0;
    for (const other of this.#c.links.values()) {
      most = Math.max(most, other.downloads.rate(now));
      held += other.theirs.size;
    }
    const mean = held / this.#c.links.size;
    const behind = mean > 0 ? Math.max(0, 1 - link.theirs.size / mean) : 0;
    const weight = 1 + (thanks * link.downloads.rate(now)) / most + help * behind;
    return link.remote.role === "virtual-peer" ? 3 * weight : weight;
  }
}

function isBefore(a: Link, b: Link): boolean {
  if (a.leftOver !== b.leftOver) return b.leftOver;
  if (a.unspread !== b.unspread) return a.unspread < b.unspread;
  return a.turn < b.turn;
}

function isFresher(link: Link, rank: number, other: Link, otherRank: number): boolean {
  if (link.leftOver !== other.leftOver) return other.leftOver;
  return rank < otherRank || (rank === otherRank && link.turn < other.turn);
}

function canServe(link: Link): boolean {
  return !link.blocked && link.reading === undefined && link.sending === undefined && link.waiting.size > 0;
}

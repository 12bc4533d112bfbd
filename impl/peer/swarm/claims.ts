import type { Buffermap, Run } from "../core/message.js";
import type { Context } from "./context.js";
import type { Link } from "./link.js";
import { TokenBucket } from "./meters.js";
import { areSane, Possession } from "./possession.js";

/** Claims counted per second, of all links together, and at once: a step is some tenths of a µs. */
const changeRate = 2 ** 20;
const changesAtOnce = 2 ** 13;
/** Words of claims compared for the price of a step. */
const wordsPerChange = 64;
/** What is left is gone on with after so many ms, so that others have their turn meanwhile. */
const pauseMs = 5;
/**
 * What reading messages may cost per link, at once and per second: a message itself, each of its runs, and its fragments, of a FILE for 32
 * the price of one. A buffermap of the largest FILE costs an eighth of it all.
 */
const messageCost = 4;
const attention = { FILE: 2 ** 20, STREAM: 2 ** 17 } as const;
const attentionRate = { FILE: 2 ** 18, STREAM: 2 ** 16 } as const;
/** FILE: claims that a link may take back, and how many more per second: who loses a fragment says so, and nobody loses all again and again. */
const retractions = 4_096;
const retractionRate = 64;

/** What is not counted yet of what a link claims. */
interface Backlog {
  /** All that it claims by now. */
  readonly told: Possession;
  /** Word to be compared next; the last one is followed by the first. */
  at: number;
  /** Words to be compared. */
  left: number;
}

interface Budget {
  readonly attention: TokenBucket;
  readonly retractions: TokenBucket;
}

/**
 * What links say that they hold [X.609.10 8.9]. A message of some octets may name millions of fragments: as many as may be are counted at
 * once, and the rest a bit at a time. `link.theirs` and the picker know what has been counted.
 */
export class Claims {
  readonly #c: Context;
  readonly #claimed: (link: Link, index: number) => void;
  readonly #unclaimed: (link: Link, index: number) => void;
  readonly #room: TokenBucket;
  readonly #backlogs = new Map<Link, Backlog>();
  readonly #budgets = new WeakMap<Link, Budget>();
  /** Of links that are gone, still in the picker's counts. */
  readonly #departed: { readonly theirs: Possession; at: number }[] = [];
  #resumeAt = 0;

  constructor(
    context: Context,
    events: {
      /** A link claims one more fragment. */
      readonly claimed: (link: Link, index: number) => void;
      readonly unclaimed: (link: Link, index: number) => void;
    },
  ) {
    this.#c = context;
    this.#claimed = events.claimed;
    this.#unclaimed = events.unclaimed;
    this.#room = new TokenBucket(changeRate, changesAtOnce, context.host.now());
  }

  /** Something was claimed or taken back that is not counted yet. */
  get isBehind(): boolean {
    return this.#backlogs.size > 0 || this.#departed.length > 0;
  }

  /** When to go on with what is not counted yet. */
  get dueAt(): number | undefined {
    if (!this.isBehind) return undefined;
    return Math.max(this.#resumeAt, this.#room.readyAt(this.#c.host.now()));
  }

  /** @returns false where it changed nothing */
  have(link: Link, runs: readonly Run[]): boolean {
    const { conduct, live, settings } = this.#c;
    if (!areSane(runs, live === undefined ? settings.maxFragments : 4 * settings.window)) {
      conduct.accuse(link, "false-claim");
      return true;
    }
    let count = 0;
    for (const run of runs) count += run.count;
    if (!this.#isAffordable(link, runs.length + (live === undefined ? count / 32 : count))) return true;
    let changed = false;
    for (const run of runs) {
      if (live === undefined && run.first + run.count > this.#limit) {
        conduct.accuse(link, "false-claim", Math.max(run.first, this.#limit));
        return true;
      }
      changed = this.#add(link, run) || changed;
    }
    return changed;
  }

  /** @returns false where it changed nothing */
  buffermap(link: Link, message: Buffermap): boolean {
    const { conduct, live, settings } = this.#c;
    const { first, bits } = message;
    const most = live === undefined ? settings.maxFragments - first : 4 * settings.window;
    const isPlace = Number.isSafeInteger(first) && first >= 0 && Number.isSafeInteger(first + bits.length * 8);
    if (!isPlace || bits.length * 8 > most + 7) {
      conduct.accuse(link, "false-claim");
      return true;
    }
    if (!this.#isAffordable(link, bits.length * (live === undefined ? 1 / 4 : 8))) return true;
    if (live !== undefined) this.#replaceLive(link, message);
    else this.#replace(link, Possession.of(message, settings.maxFragments + 64));
    return true;
  }

  closed(link: Link): void {
    this.#backlogs.delete(link);
    const { theirs } = link;
    if (this.#c.live !== undefined || theirs.size === 0) return;
    this.#departed.push({ theirs, at: 0 });
    this.work();
  }

  /** Everything that a link claims, counted or not, is below this. */
  topOf(link: Link): number {
    return Math.max(link.theirs.top, this.#backlogs.get(link)?.told.top ?? -1);
  }

  /** Goes on with what is not counted yet. */
  work(): void {
    const now = this.#c.host.now();
    if (!this.isBehind || now < this.#resumeAt) return;
    while (this.#room.ready(now)) {
      const departed = this.#departed[0];
      const [backlog] = this.#backlogs;
      if (departed !== undefined) this.#uncount(departed);
      else if (backlog !== undefined) this.#count(...backlog);
      else return;
    }
    this.#resumeAt = now + pauseMs;
  }

  /** FILE: claims from here on are lies. */
  get #limit(): number {
    return Math.min(this.#c.book.total ?? Number.POSITIVE_INFINITY, this.#c.settings.maxFragments);
  }

  /** Reading what it says is work, whether or not it is news. @returns false where the link is gone over it */
  #isAffordable(link: Link, cost: number): boolean {
    const { attention: budget } = this.#budgetOf(link);
    const isReady = budget.ready(this.#c.host.now());
    budget.take(messageCost + cost);
    if (!isReady) this.#c.conduct.accuse(link, "false-claim");
    return isReady;
  }

  #budgetOf(link: Link): Budget {
    const known = this.#budgets.get(link);
    if (known !== undefined) return known;
    const { host, settings } = this.#c;
    const now = host.now();
    const { contentType } = settings;
    const budget = {
      attention: new TokenBucket(attentionRate[contentType], attention[contentType], now),
      retractions: new TokenBucket(retractionRate, retractions, now),
    };
    this.#budgets.set(link, budget);
    return budget;
  }

  #add(link: Link, { first, count }: Run): boolean {
    const { live, settings, host } = this.#c;
    const backlog = this.#backlogs.get(link);
    if (
      live === undefined &&
      count > 1 &&
      (backlog !== undefined || !this.#room.ready(host.now()) || count > changesAtOnce)
    ) {
      const later = backlog ?? this.#open(link, link.theirs.copy());
      later.told.addRun(first, count);
      this.#again(link, later);
      this.work();
      return true;
    }
    let changed = false;
    for (let index = first; index < first + count; index++) {
      if (live !== undefined) link.theirs.dropBelow(index - 2 * settings.window);
      backlog?.told.addRun(index, 1);
      if (!link.theirs.add(index)) continue;
      this.#room.take(1);
      this.#claimed(link, index);
      changed = true;
    }
    return changed;
  }

  /** STREAM: no more than some windows. */
  #replaceLive(link: Link, { first, bits }: Buffermap): void {
    const isSet = (at: number): boolean => ((bits[at >>> 3] ?? 0) & (0x80 >>> (at & 7))) !== 0;
    for (const index of [...link.theirs.indices()]) {
      if (index >= first && isSet(index - first)) continue;
      link.theirs.delete(index);
      this.#unclaimed(link, index);
    }
    link.theirs.dropBelow(first);
    for (let at = 0; at < bits.length * 8; at++) if (isSet(at)) this.#add(link, { first: first + at, count: 1 });
  }

  /** FILE: all of it, in place of what it said before. */
  #replace(link: Link, told: Possession): void {
    if (told.top >= this.#limit) {
      this.#c.conduct.accuse(link, "false-claim", told.top);
      return;
    }
    const before = this.#backlogs.get(link)?.told ?? link.theirs;
    const { retractions: budget } = this.#budgetOf(link);
    const retracted = before.countWithout(told);
    if (retracted > 0) {
      const isReady = budget.ready(this.#c.host.now());
      budget.take(retracted);
      if (!isReady) {
        this.#c.conduct.accuse(link, "false-claim");
        return;
      }
    }
    this.#open(link, told);
    this.work();
  }

  #open(link: Link, told: Possession): Backlog {
    const backlog = { told, at: 0, left: 0 };
    this.#backlogs.set(link, backlog);
    this.#again(link, backlog);
    return backlog;
  }

  /** From anywhere on: all begin a file at different ends. */
  #again(link: Link, backlog: Backlog): void {
    const words = Math.max(backlog.told.words, link.theirs.words);
    backlog.left = words;
    backlog.at = words === 0 ? 0 : this.#c.dice.below(words);
  }

  #count(link: Link, backlog: Backlog): void {
    const { told } = backlog;
    const { theirs } = link;
    const words = Math.max(told.words, theirs.words);
    let cost = 0;
    for (; backlog.left > 0 && cost < changesAtOnce / 8; backlog.left--) {
      if (backlog.at >= words) backlog.at = 0;
      const { at } = backlog;
      let different = told.word(at) ^ theirs.word(at);
      backlog.at += 1;
      cost += 1 / wordsPerChange;
      while (different !== 0) {
        const low = different & -different;
        different ^= low;
        cost += 1;
        const index = at * 32 + 31 - Math.clz32(low);
        if (theirs.add(index)) this.#claimed(link, index);
        else if (theirs.delete(index)) this.#unclaimed(link, index);
      }
    }
    this.#room.take(cost);
    if (backlog.left <= 0) this.#backlogs.delete(link);
  }

  #uncount(departed: { readonly theirs: Possession; at: number }): void {
    const { theirs } = departed;
    let cost = 0;
    for (; departed.at < theirs.words && cost < changesAtOnce / 8; departed.at++) {
      let word = theirs.word(departed.at);
      cost += 1 / wordsPerChange;
      while (word !== 0) {
        const low = word & -word;
        word ^= low;
        cost += 1;
        this.#c.picker.unclaimed(departed.at * 32 + 31 - Math.clz32(low));
      }
    }
    this.#room.take(cost);
    if (departed.at >= theirs.words) this.#departed.shift();
  }
}

import type { Data } from "../core/message.js";
import type { Delivery, Timers } from "../core/ports.js";
import type { CoreSettings } from "../core/settings.js";
import type { Range } from "./ranges.js";
import { Reassembly } from "./reassembly.js";
import type { Source } from "./sources.js";

export interface DelivererOptions {
  readonly settings: Pick<CoreSettings, "order" | "maxMessage" | "maxCacheOctets" | "recoveryMs">;
  readonly timers: Timers;
  now(): number;
  recovers(): boolean;
  /** Data of this source from before the first that came is on its way, as far as one knows. */
  expects(source: Source): boolean;
  /** Finds out what others have of that. */
  ask(): void;
  deliver(delivery: Delivery): void;
  /** Too much is held back: this is not waited for any longer. `lost` has to be called for it. */
  gaveUp(source: Source, range: Range): void;
  /** All of these came, or are parts of a message of which something did not: it is not delivered. */
  lost(source: string, range: Range, reason?: string): void;
}

/** Least octets for what is held back, and for incomplete messages. */
const LEAST_OCTETS = 1024 * 1024;

/** How often the order of a source waits another `recoveryMs` for data from before its first. */
const MOST_WAITS = 30;

/** How long an incomplete message is kept though nothing is added to it, in units of `recoveryMs`; and how often that is looked at. */
const INCOMPLETE = 30;
const SWEEP = 10;

/** Brings what was accepted, once per source and sequence, into its order, puts parts together, and hands it to the application. */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #reassembly: Reassembly;
  readonly #maxHeld: number;
  readonly #ordered: boolean;
  #held = 0;
  #delivered = 0;
  #sweeping = false;

  constructor(options: DelivererOptions) {
    const { maxMessage, maxCacheOctets, order } = options.settings;
    this.#options = options;
    this.#ordered = order === "source";
    this.#maxHeld = Math.max(LEAST_OCTETS, maxCacheOctets / 4);
    this.#reassembly = new Reassembly({
      maxMessage,
      maxOctets: 2 * Math.max(LEAST_OCTETS, maxMessage),
      now: options.now,
      gaveUp: options.lost,
    });
  }

  get delivered(): number {
    return this.#delivered;
  }

  take(source: Source, data: Data): void {
    if (this.#ordered) this.#order(source, data);
    else this.#assemble(source, data, undefined);
  }

  /** Of a peer that does not count its messages. */
  uncounted(data: Data): void {
    this.#delivered += 1;
    this.#options.deliver(deliveryOf(data, 0));
  }

  /** These are not waited for any longer. */
  lost(source: Source, [from, to]: Range): void {
    this.#reassembly.lost(source.id, from, to);
    if (!this.#ordered) return;
    source.sequencer.skip(from, to);
    this.#drain(source);
  }

  forget(source: Source): void {
    this.#held -= source.sequencer.octets;
    this.#reassembly.forget(source.id);
  }

  #order(source: Source, data: Data): void {
    const { sequencer } = source;
    if (sequencer.next === undefined) this.#begin(source, data.sequence);
    if (sequencer.pass(data.sequence)) {
      this.#assemble(source, data, 0);
      if (sequencer.holding) this.#drain(source);
      return;
    }
    const before = sequencer.octets;
    if (!sequencer.hold(data)) {
      // Its place is over: the application is told so rather than left without it.
      this.#assemble(source, data, 0, true);
      return;
    }
    this.#held += sequencer.octets - before;
    this.#drain(source);
    while (this.#held > this.#maxHeld && this.#hurry(source));
  }

  /**
   * First contact: others may have earlier data cached, which is on its way to a late joiner, or to one that was cut off when the source
   * began. Once the order has begun it would be too late for its place.
   */
  #begin(source: Source, sequence: number): void {
    if (sequence <= 1 || !this.#options.recovers()) source.sequencer.begin(sequence);
    else if (!source.sequencer.holding) this.#wait(source, MOST_WAITS, false);
  }

  /** @param asked others were asked after the last time that something was known to be on its way */
  #wait(source: Source, more: number, asked: boolean): void {
    const { ask, expects, settings, timers } = this.#options;
    timers.after(settings.recoveryMs, () => {
      if (source.sequencer.next !== undefined) return;
      const expected = expects(source);
      if (more > 0 && (expected || !asked)) {
        if (!expected) ask();
        this.#wait(source, more - 1, !expected);
        return;
      }
      source.sequencer.begin();
      this.#drain(source);
    });
  }

  #drain(source: Source): void {
    const { sequencer } = source;
    for (;;) {
      const before = sequencer.octets;
      const ready = sequencer.take();
      this.#held += sequencer.octets - before;
      if (ready === undefined) return;
      this.#assemble(source, ready.data, ready.skipped);
    }
  }

  /** Too much is held back in all: this source stops waiting for its oldest gap. @returns false where it waits for none */
  #hurry(source: Source): boolean {
    const { sequencer, window } = source;
    if (!sequencer.holding) return false;
    if (sequencer.next === undefined) {
      sequencer.begin();
      this.#drain(source);
      return true;
    }
    const gap = firstFrom(window.holes(), sequencer.next);
    if (gap === undefined) return false;
    for (const range of window.giveUp(gap[1])) this.#options.gaveUp(source, range);
    return true;
  }

  /** @param skipped how many were given up since the last one, where the order is kept */
  #assemble(source: Source, data: Data, skipped: number | undefined, late = false): void {
    const whole = this.#reassembly.add(data);
    if (data.part !== undefined) this.#sweep();
    if (whole === undefined) return;
    if (late) {
      this.#delivered += 1;
      this.#options.deliver({ ...deliveryOf(whole.data, 0), late });
    } else this.#deliver(source, whole.data, whole.first, skipped);
  }

  #deliver(source: Source, data: Data, first: number, skipped: number | undefined): void {
    const last = source.delivered;
    const missing =
      last === undefined || first <= last + 1 ? 0 : (skipped ?? source.window.unreceivedIn(last + 1, first - 1));
    if (last === undefined || data.sequence > last) source.delivered = data.sequence;
    this.#delivered += 1;
    this.#options.deliver(deliveryOf(data, missing));
  }

  #sweep(): void {
    if (this.#sweeping || this.#reassembly.octets === 0) return;
    const { now, settings, timers } = this.#options;
    this.#sweeping = true;
    timers.after(SWEEP * settings.recoveryMs, () => {
      this.#sweeping = false;
      this.#reassembly.sweep(now() - INCOMPLETE * settings.recoveryMs);
      this.#sweep();
    });
  }
}

function firstFrom(ranges: Iterable<Range>, from: number): Range | undefined {
  for (const range of ranges) if (range[1] >= from) return range;
  return undefined;
}

/** Spelt out, because every message comes by here. */
function deliveryOf({ source, sequence, payloadType, appId, payload, signature }: Data, missing: number): Delivery {
  return signature === undefined
    ? { source, sequence, payloadType, appId, payload, missing }
    : { source, sequence, payloadType, appId, payload, signature, missing };
}

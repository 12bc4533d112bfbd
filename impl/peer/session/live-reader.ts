import type { Descriptor } from "../core/message.js";
import { LiveOrder, type Turn } from "../exchange/live-order.js";
import type { FragmentStore } from "../storage/fragment-store.js";
import type { Received } from "../types.js";

/** The one octet of a last fragment that only says that the stream is over: its source peer had no more data when it ended. */
export const endMark = Uint8Array.of(0);

export interface LiveReaderOptions {
  readonly store: FragmentStore;
  descriptor(index: number): Descriptor | undefined;
  /** How long after it was made a fragment may be handed on, in ms. */
  readonly delayMs: number;
  /** Fragments that wait for a reader. */
  readonly unread: number;
}

/** The fragments of a STREAM in their order, with gaps where one did not come in time. */
export class LiveReader {
  readonly #options: LiveReaderOptions;
  readonly #order = new LiveOrder();
  /** What waits for the first reader. */
  #early: Queue | undefined;
  readonly #queues = new Set<Queue>();
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(options: LiveReaderOptions) {
    this.#options = options;
    this.#early = new Queue(options.unread);
    this.#queues.add(this.#early);
  }

  arrived(index: number): void {
    this.#give(this.#order.arrived(index));
    this.#watch();
  }

  missed(index: number): void {
    this.#give(this.#order.missed(index));
  }

  dropping(below: number): void {
    this.#give(this.#order.dropped(below));
  }

  /** Nothing follows: what has come and waits has its turn now. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#give(this.#order.begin());
    while (this.#order.waiting) this.#give(this.#order.skip());
    for (const queue of this.#queues) queue.end();
  }

  async *read(): AsyncGenerator<Received> {
    const queue = this.#early ?? new Queue(this.#options.unread);
    this.#early = undefined;
    this.#queues.add(queue);
    if (this.#over) queue.end();
    try {
      for (;;) {
        const next = await queue.next();
        if (next === undefined) return;
        yield next;
      }
    } finally {
      this.#queues.delete(queue);
    }
  }

  /** Where to begin shows after a moment; and nothing waits for what comes neither in time nor is given up. */
  #watch(): void {
    if (!this.#order.waiting || this.#timer !== undefined || this.#over) return;
    const { delayMs } = this.#options;
    const { begun, next } = this.#order;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (!begun) this.#give(this.#order.begin());
        else if (this.#order.next === next) this.#give(this.#order.skip());
        this.#watch();
      },
      begun ? delayMs : Math.min(250, delayMs / 4),
    );
  }

  #give(turns: readonly Turn[]): void {
    const { store, descriptor } = this.#options;
    for (const { index, missed } of turns) {
      const { time = 0, last = false } = descriptor(index) ?? {};
      // In memory: the answer comes at once.
      store.read(index, (octets) => {
        if (octets === undefined || (last && octets.length === 1 && octets[0] === 0)) return;
        for (const queue of this.#queues) queue.push({ index, octets, time, missed });
      });
    }
  }
}

/** What waits for one reader; where it is too slow, the oldest are passed over and counted. */
class Queue {
  readonly #limit: number;
  #waiting: Received[] = [];
  #wake: (() => void) | undefined;
  #passed = 0;
  #over = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(received: Received): void {
    this.#waiting.push(received);
    if (this.#waiting.length > this.#limit) this.#passed += 1 + (this.#waiting.shift()?.missed ?? 0);
    this.#wake?.();
  }

  end(): void {
    this.#over = true;
    this.#wake?.();
  }

  async next(): Promise<Received | undefined> {
    while (this.#waiting.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const received = this.#waiting.shift();
    if (received === undefined || this.#passed === 0) return received;
    const missed = received.missed + this.#passed;
    this.#passed = 0;
    return { ...received, missed };
  }
}

import type { CoreHost, Timers } from "./ports.js";

/** The timers of one core, and the time that they and every silence are measured by. */
export interface CoreTimers extends Timers {
  /**
   * Milliseconds that this core was awake: what a tick was late by is not counted. A process that was stopped or starved finds everything
   * as near as it was before, and takes nobody's silence for its own [Q.4100 7.2.2.3].
   */
  now(): number;
  tick(): void;
  clear(): void;
}

/** A tick later than this is a stall. */
const STALL_MS = 50;

interface Entry {
  readonly at: number;
  readonly order: number;
  action: (() => void) | undefined;
}

/** Timers over `host.wake`, due ones run in order of time, then of setting. */
export function createTimers(host: Pick<CoreHost, "now" | "wake">): CoreTimers {
  /** Binary heap, the earliest first; what was taken back stays in until it comes up. */
  let heap: Entry[] = [];
  let cancelled = 0;
  let order = 0;
  let forgiven = 0;
  let armedAt: number | undefined;
  let ticking = false;

  const now = (): number => host.now() - forgiven;
  const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(entry: Entry): void {
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const up = (index - 1) >> 1;
      const above = heap[up] as Entry;
      if (!before(entry, above)) break;
      heap[index] = above;
      index = up;
    }
    heap[index] = entry;
  }

  function pop(): void {
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let down = 2 * index + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && before(heap[down + 1] as Entry, heap[down] as Entry)) down += 1;
      const below = heap[down] as Entry;
      if (!before(below, last)) break;
      heap[index] = below;
      index = down;
    }
    heap[index] = last;
  }

  function dropCancelled(): void {
    while (heap[0] !== undefined && heap[0].action === undefined) {
      pop();
      cancelled -= 1;
    }
    if (cancelled > 64 && cancelled > heap.length / 2) {
      const alive = heap.filter(({ action }) => action !== undefined);
      heap = [];
      cancelled = 0;
      alive.forEach(push);
    }
  }

  /** A wake that stands for too early is left: its tick finds nothing to do, and arms anew. */
  function arm(): void {
    if (ticking) return;
    dropCancelled();
    const first = heap[0];
    if (first === undefined) return;
    const at = first.at + forgiven;
    if (armedAt !== undefined && armedAt <= at) return;
    armedAt = at;
    host.wake(at);
  }

  return {
    now,
    after(ms, action) {
      const entry: Entry = { at: now() + ms, order: order++, action };
      push(entry);
      arm();
      return () => {
        if (entry.action === undefined) return;
        entry.action = undefined;
        cancelled += 1;
      };
    },
    tick() {
      if (ticking) return;
      if (armedAt !== undefined) {
        const late = host.now() - armedAt;
        if (late > STALL_MS) forgiven += late;
      }
      armedAt = undefined;
      ticking = true;
      try {
        // Sums and differences of fractions are not exact: what is woken for must be due then.
        const due = now() + 0.001;
        for (dropCancelled(); heap[0] !== undefined && heap[0].at <= due; dropCancelled()) {
          const { action } = heap[0];
          heap[0].action = undefined;
          pop();
          action?.();
        }
      } finally {
        ticking = false;
        arm();
      }
    },
    clear() {
      heap = [];
      cancelled = 0;
      armedAt = undefined;
      host.wake(undefined);
    },
  };
}

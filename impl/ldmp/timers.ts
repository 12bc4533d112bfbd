/** Something that is due at a time; `slot` is its place in the heap and belongs to {@link TimerQueue}. */
export interface Timed {
  due: number;
  slot: number;
}

/** One heap of deadlines for any number of counterparts, so that one system timer serves them all. */
export interface TimerQueue<T extends Timed> {
  /** Sets or moves the deadline of an item. */
  set(item: T, due: number): void;
  clear(item: T): void;
  /** The earliest deadline; Infinity when there is none. */
  next(): number;
  /** Takes the earliest item that is due; undefined when none is. */
  take(now: number): T | undefined;
  readonly size: number;
}

/** A binary heap; every item knows its slot, so moving and clearing cost O(log n). An item outside has slot -1. */
export function createTimerQueue<T extends Timed>(): TimerQueue<T> {
  const heap: T[] = [];

  const place = (item: T, slot: number): void => {
    heap[slot] = item;
    item.slot = slot;
  };
  const rise = (item: T, from: number): void => {
    let slot = from;
    while (slot > 0) {
      const up = (slot - 1) >> 1;
      const parent = heap[up] as T;
      if (parent.due <= item.due) break;
      place(parent, slot);
      slot = up;
    }
    place(item, slot);
  };
  const sink = (item: T, from: number): void => {
    let slot = from;
    for (;;) {
      let down = 2 * slot + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && (heap[down + 1] as T).due < (heap[down] as T).due) down++;
      const child = heap[down] as T;
      if (child.due >= item.due) break;
      place(child, slot);
      slot = down;
    }
    place(item, slot);
  };
  const clear = (item: T): void => {
    const { slot } = item;
    if (slot < 0) return;
    item.slot = -1;
    const last = heap.pop() as T;
    if (last === item) return;
    if (slot > 0 && last.due < (heap[(slot - 1) >> 1] as T).due) rise(last, slot);
    else sink(last, slot);
  };

  return {
    set(item, due) {
      const before = item.due;
      item.due = due;
      if (item.slot < 0) {
        heap.push(item);
        rise(item, heap.length - 1);
      } else if (due < before) rise(item, item.slot);
      else if (due > before) sink(item, item.slot);
    },
    clear,
    next: () => heap[0]?.due ?? Number.POSITIVE_INFINITY,
    take(now) {
      const first = heap[0];
      if (first === undefined || first.due > now) return undefined;
      clear(first);
      return first;
    },
    get size() {
      return heap.length;
    },
  };
}

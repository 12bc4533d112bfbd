/** Something that ends at a moment, which may be moved. */
export interface Mortal {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The queue's own note: under which moment the item waits. `Infinity` while it does not wait, `NaN` once forgotten. */
  scheduledAt: number;
}

interface Entry<T> {
  at: number;
  item: T;
}

/** Entries of forgotten items that may lie around before the heap is rebuilt without them. */
const staleAllowance = 1024;

/**
 * Items ordered by when they end: a binary heap that is lazy about postponement. A refreshed lease only moves its `expiresAt`;
 * the entry waits where it is and is put back when its old moment comes. So a refresh costs nothing here, and a lease costs one
 * heap operation per lifetime, not per refresh.
 */
export class ExpiryQueue<T extends Mortal> {
  #heap: Entry<T>[] = [];
  #stale = 0;

  /** Entries in memory, stale ones included. */
  get length(): number {
    return this.#heap.length;
  }

  /** To be called after an item was made and whenever its end came nearer; harmless otherwise. */
  schedule(item: T): void {
    const before = item.scheduledAt;
    if (!(item.expiresAt < before)) return;
    item.scheduledAt = item.expiresAt;
    if (before !== Number.POSITIVE_INFINITY) this.#lost();
    this.#push({ at: item.expiresAt, item });
  }

  /** Takes an item out before its end. */
  forget(item: T): void {
    const before = item.scheduledAt;
    item.scheduledAt = Number.NaN;
    if (Number.isFinite(before)) this.#lost();
  }

  /** The next item whose end is not after `now`; it no longer waits then. */
  nextDue(now: number): T | undefined {
    for (let top = this.#heap[0]; top !== undefined && top.at <= now; top = this.#heap[0]) {
      this.#pop();
      const { at, item } = top;
      if (item.scheduledAt !== at) {
        this.#stale--;
        continue;
      }
      item.scheduledAt = Number.POSITIVE_INFINITY;
      if (item.expiresAt <= now) return item;
      this.schedule(item);
    }
    return undefined;
  }

  /** An entry lost its item. When such entries are too many, keeps the others only; sorted, they are a heap again. */
  #lost(): void {
    this.#stale++;
    if (this.#stale <= staleAllowance || this.#stale * 2 <= this.#heap.length) return;
    this.#heap = this.#heap.filter(({ at, item }) => item.scheduledAt === at).sort((a, b) => a.at - b.at);
    this.#stale = 0;
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(entry);
    while (hole > 0) {
      const up = (hole - 1) >> 1;
      const parent = heap[up] as Entry<T>;
      if (parent.at <= entry.at) break;
      heap[hole] = parent;
      hole = up;
    }
    heap[hole] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry<T>;
    const length = heap.length;
    if (length === 0) return;
    let hole = 0;
    for (;;) {
      let down = 2 * hole + 1;
      if (down >= length) break;
      if (down + 1 < length && (heap[down + 1] as Entry<T>).at < (heap[down] as Entry<T>).at) down++;
      const child = heap[down] as Entry<T>;
      if (child.at >= last.at) break;
      heap[hole] = child;
      hole = down;
    }
    heap[hole] = last;
  }
}

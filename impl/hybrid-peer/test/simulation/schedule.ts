/** The simulated clock, and what is to happen when. What is due at the same time happens in the order it was asked for. */
export interface Schedule {
  readonly now: number;
  /** Not before now. */
  at(time: number, action: () => void): void;
  after(ms: number, action: () => void): void;
  /** Lets everything happen that is due up to then; afterwards it is then. */
  runUntil(time: number): void;
  /** What has happened so far. */
  readonly events: number;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

const STUCK = 100_000;

export function createSchedule(): Schedule {
  const heap: Entry[] = [];
  let now = 0;
  let order = 0;
  let events = 0;
  /** In a row at the same time. */
  let here = 0;

  const schedule: Schedule = {
    get now() {
      return now;
    },
    get events() {
      return events;
    },
    at(time, action) {
      push(heap, { time: Math.max(time, now), order: order++, action });
    },
    after(ms, action) {
      schedule.at(now + ms, action);
    },
    runUntil(time) {
      for (let first = heap[0]; first !== undefined && first.time <= time; first = heap[0]) {
        pop(heap);
        here = first.time === now ? here + 1 : 0;
        if (here > STUCK) throw new Error(`more than ${STUCK} things happen at ${now} ms: time does not go on`);
        now = first.time;
        events++;
        first.action();
      }
      now = Math.max(now, time);
    },
  };
  return schedule;
}

const isBefore = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let place = heap.length;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(entry, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    const left = heap[below];
    if (left === undefined) break;
    let child = left;
    const right = heap[below + 1];
    if (right !== undefined && isBefore(right, left)) {
      child = right;
      below++;
    }
    if (!isBefore(child, last)) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = last;
}

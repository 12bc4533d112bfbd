import { describe, expect, test } from "vitest";
import { seeded } from "./test/support.js";
import { createTimerQueue, type Timed } from "./timers.js";

describe.each([1, 2, 3])("seed %d", (seed) => {
  test("whatever is set, moved and cleared comes out in order of time, as a sorted list would give it", () => {
    const chance = seeded(seed);
    const queue = createTimerQueue<Timed>();
    const items: Timed[] = Array.from({ length: 300 }, () => ({ due: 0, slot: -1 }));
    const model = new Map<Timed, number>();
    for (let step = 0; step < 5000; step++) {
      const item = items[Math.floor(chance() * items.length)] as Timed;
      const kind = chance();
      if (kind < 0.6) {
        const due = Math.floor(chance() * 1000);
        queue.set(item, due);
        model.set(item, due);
      } else if (kind < 0.8) {
        queue.clear(item);
        model.delete(item);
      } else {
        const now = Math.floor(chance() * 500);
        const taken = queue.take(now);
        const earliest = Math.min(...model.values());
        expect(taken?.due).toBe(earliest <= now ? earliest : undefined);
        if (taken !== undefined) model.delete(taken);
      }
      expect(queue.size).toBe(model.size);
      expect(queue.next()).toBe(Math.min(...model.values()));
    }
  });
});

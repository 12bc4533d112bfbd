import fc from "fast-check";
import { expect, test } from "vitest";
import { ExpiryQueue } from "./expiry-queue.js";

class Item {
  scheduledAt = Number.POSITIVE_INFINITY;
  alive = true;
  expiresAt: number;
  constructor(expiresAt: number) {
    this.expiresAt = expiresAt;
  }
}

const step = fc.oneof(
  fc.record({ act: fc.constant("add" as const), pick: fc.nat(), ms: fc.integer({ min: 0, max: 50 }) }),
  fc.record({ act: fc.constant("move" as const), pick: fc.nat(), ms: fc.integer({ min: 0, max: 50 }) }),
  fc.record({ act: fc.constant("forget" as const), pick: fc.nat(), ms: fc.constant(0) }),
  fc.record({ act: fc.constant("wait" as const), pick: fc.constant(0), ms: fc.integer({ min: 0, max: 20 }) }),
);

test("gives out exactly what has expired, whatever was added, moved and forgotten before", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new ExpiryQueue<Item>();
      const items: Item[] = [];
      let now = 0;
      for (const { act, pick, ms } of steps) {
        const item = items[pick % (items.length || 1)];
        if (act === "add") {
          const added = new Item(now + ms);
          items.push(added);
          queue.schedule(added);
        } else if (act === "move" && item?.alive) {
          item.expiresAt = now + ms;
          queue.schedule(item);
        } else if (act === "forget" && item?.alive) {
          item.alive = false;
          queue.forget(item);
        } else if (act === "wait") {
          now += ms;
        }
        const due = new Set<Item>();
        for (let next = queue.nextDue(now); next; next = queue.nextDue(now)) {
          expect(due.has(next)).toBe(false);
          due.add(next);
          next.alive = false;
          expect(next.expiresAt).toBeLessThanOrEqual(now);
        }
        expect(items.filter(({ alive, expiresAt }) => alive && expiresAt <= now)).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test("forgotten items do not pile up", () => {
  const queue = new ExpiryQueue<Item>();
  const kept = [new Item(5), new Item(3)];
  for (const item of kept) queue.schedule(item);
  for (let i = 0; i < 100_000; i++) {
    const item = new Item(1_000_000 + i);
    queue.schedule(item);
    queue.forget(item);
  }
  expect(queue.length).toBeLessThan(3000);
  expect([queue.nextDue(10), queue.nextDue(10), queue.nextDue(10)]).toEqual([kept[1], kept[0], undefined]);
});

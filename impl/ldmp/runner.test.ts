import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Machine, run } from "./runner.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

type Event = { readonly type: "set"; readonly at: number } | { readonly type: "chain"; readonly n: number };

function machine() {
  let due = Number.POSITIVE_INFINITY;
  const seen: string[] = [];
  const self: Machine<Event, Event> = {
    step(event, now) {
      seen.push(`${event.type}@${now}`);
      if (event.type === "set") due = event.at;
      if (event.type === "timer" && now >= due) due = Number.POSITIVE_INFINITY;
      return event.type === "chain" && event.n > 0
        ? [
            { type: "chain", n: event.n - 1 },
            { type: "chain", n: 0 },
          ]
        : [];
    },
    nextTimer: () => due,
  };
  return { self, seen };
}

const clock = { now: () => Date.now() };

test("one system timer serves the machine's deadlines, moved forward or back", () => {
  vi.setSystemTime(0);
  const { self, seen } = machine();
  const runner = run(self, clock, () => undefined);
  runner.dispatch({ type: "set", at: 100 });
  runner.dispatch({ type: "set", at: 40 });
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(40);
  expect(seen.at(-1)).toBe("timer@40");
  runner.dispatch({ type: "set", at: 3_000_000_000 });
  vi.advanceTimersByTime(2_999_999_000);
  expect(seen.at(-1)).not.toBe("timer@3000000000");
  vi.advanceTimersByTime(1000);
  expect(seen.at(-1)).toBe("timer@3000000000");
  runner.dispatch({ type: "set", at: 3_000_000_500 });
  runner.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("an event that an effect brings about waits for the effects before it", () => {
  vi.setSystemTime(0);
  const { self, seen } = machine();
  const performed: number[] = [];
  const runner = run<Event, Event>(self, clock, (effect) => {
    if (effect.type !== "chain") return;
    performed.push(effect.n);
    runner.dispatch(effect);
  });
  runner.dispatch({ type: "chain", n: 2 });
  expect(performed).toEqual([1, 0, 0, 0]);
  expect(seen).toHaveLength(5);
});

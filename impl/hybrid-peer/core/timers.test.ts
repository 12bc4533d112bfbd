import fc from "fast-check";
import { expect, it } from "vitest";
import { createTimers } from "./timers.js";

function clock() {
  const state = { now: 0, wakeAt: undefined as number | undefined };
  const timers = createTimers({
    now: () => state.now,
    wake: (at) => {
      state.wakeAt = at;
    },
  });
  const run = (until: number): void => {
    while (state.wakeAt !== undefined && state.wakeAt <= until) {
      state.now = Math.max(state.now, state.wakeAt);
      state.wakeAt = undefined;
      timers.tick();
    }
    state.now = until;
  };
  return { state, timers, run };
}

it("runs what is due in order of time, and of setting where the time is the same; nothing that was taken back", () => {
  const set = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 50 }), keep: fc.boolean() }), { maxLength: 200 });
  fc.assert(
    fc.property(set, (entries) => {
      const { timers, run } = clock();
      const ran: number[] = [];
      const takeBack = entries.map(({ ms }, index) => timers.after(ms, () => ran.push(index)));
      entries.forEach(({ keep }, index) => {
        if (!keep) takeBack[index]?.();
      });
      run(100);
      const expected = entries
        .map(({ ms, keep }, index) => ({ ms, keep, index }))
        .filter(({ keep }) => keep)
        .sort((a, b) => a.ms - b.ms || a.index - b.index);
      expect(ran).toEqual(expected.map(({ index }) => index));
    }),
  );
});

it("counts no time that it was late by: what was 100 ms away is so after a stall", () => {
  const { state, timers, run } = clock();
  const ran: string[] = [];
  timers.after(10, () => ran.push("first"));
  timers.after(110, () => ran.push("second"));
  state.now = 5000;
  run(5000);
  expect(ran).toEqual(["first"]);
  expect(timers.now()).toBe(10);
  run(5099);
  expect(ran).toEqual(["first"]);
  run(5101);
  expect(ran).toEqual(["first", "second"]);
});

it("takes as due what it was woken for, whatever the fractions", () => {
  const { state, timers, run } = clock();
  let ran = 0;
  state.now = 0.1;
  const again = (): void => {
    ran += 1;
    if (ran < 1000) timers.after(0.7 + ran / 3, again);
    if (ran % 10 === 0) state.now += 77.7777;
  };
  timers.after(0.2, again);
  let ticks = 0;
  while (ran < 1000 && ticks < 5000) {
    ticks += 1;
    run(state.wakeAt ?? state.now);
  }
  expect(ran).toBe(1000);
});

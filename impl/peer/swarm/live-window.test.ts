import { describe, expect, test } from "vitest";
import type { Descriptor } from "../core/message.js";
import { LiveWindow } from "./live-window.js";
import { Possession } from "./possession.js";

const descriptor = (time: number): Descriptor => ({ size: 1, time, digest: new Uint8Array(32), last: false });

function setUp(size = 16) {
  const clock = { now: 1_000_000 };
  const holders = new Map<number, number>();
  const live = new LiveWindow({
    random: () => 0,
    now: () => clock.now,
    size,
    delayMs: 1_000,
    countHolders: (index) => holders.get(index) ?? 1,
  });
  return { clock, holders, live };
}

function holding(from: number, to: number): Possession {
  const possession = new Possession(1_000_000);
  for (let index = from; index <= to; index++) possession.add(index);
  return possession;
}

describe("the window of a stream", () => {
  test("begins near the newest for who comes late, who misses nothing from before", () => {
    const { clock, live } = setUp();
    expect(live.pick(holding(0, 500), 10, undefined)).toEqual([500]);
    live.described(500, descriptor(5_000));
    expect(live.base).toBe(493);
    clock.now += 1_500;
    expect(live.advance(clock.now, (index) => index === 500)).toEqual([]);
    expect(live.base).toBe(501);
  });

  test("has deadlines of the source peer's time, whatever its clock says", () => {
    const { clock, live } = setUp();
    live.described(0, descriptor(77));
    live.advance(clock.now, (index) => index === 0);
    clock.now += 600;
    // Made 100 ms after the first, told 600 ms after it.
    live.described(1, descriptor(177));
    expect(live.nextDeadline).toBe(1_000_000 + 100 + 1_000);
    expect(live.advance(1_001_099, () => false)).toEqual([]);
    expect(live.advance(1_001_100, () => false)).toEqual([1]);
  });

  test("is moved by descriptors alone: a claim far ahead makes one request to who claims it", () => {
    const { live } = setUp();
    live.described(10, descriptor(0));
    const picked = live.pick(holding(90_000, 90_100), 10, undefined);
    expect(picked).toEqual([90_100]);
    expect(live.newest).toBe(10);
  });

  test("picks what is urgent by its deadline, then what was advised, then the rarest", () => {
    const { clock, holders, live } = setUp();
    live.described(0, descriptor(0));
    live.described(1, descriptor(1));
    clock.now += 600;
    for (let index = 2; index <= 5; index++) live.described(index, descriptor(600));
    holders.set(2, 4).set(3, 2).set(4, 3).set(5, 1);
    expect(live.pick(holding(0, 5), 10, undefined)).toEqual([0, 1, 5, 3, 4, 2]);
    expect(live.pick(holding(0, 5), 2, (index) => index === 0)).toEqual([1, 5]);
    live.advise([4]);
    expect(live.pick(holding(0, 5), 4, undefined)).toEqual([0, 1, 4, 5]);
  });

  test("gives up at once what a long silence has left behind", () => {
    const { clock, live } = setUp();
    live.described(0, descriptor(0));
    live.advance(clock.now, (index) => index === 0);
    clock.now += 60_000;
    live.described(1_000, descriptor(60_000));
    const missed = live.advance(clock.now, () => false);
    expect(missed.length).toBeLessThanOrEqual(32);
    expect(live.base).toBeGreaterThanOrEqual(live.floor);
    expect(live.pick(holding(900, 1_000), 100, undefined).every((index) => index >= live.floor)).toBe(true);
  });

  test.each([2 ** 32, 2 ** 50, Number.MAX_SAFE_INTEGER - 1])("a jump to %d costs no more than a window", (far) => {
    const { clock, live } = setUp();
    live.described(0, descriptor(0));
    live.advance(clock.now, (index) => index === 0);
    clock.now += 10;
    live.described(far, descriptor(10));
    expect(live.advance(clock.now, () => false).length).toBeLessThanOrEqual(32);
    expect(live.base).toBe(live.floor);
    expect(live.openCount).toBe(16);
    clock.now += 5_000;
    expect(live.advance(clock.now, (index) => index === far)).toHaveLength(15);
    expect(live.base).toBe(far + 1);
    expect(live.nextDeadline).toBeUndefined();
  });
});

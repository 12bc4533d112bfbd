import { describe, expect, it } from "vitest";
import { Window } from "./window.js";

function windowOf(sequences: readonly number[], maxRanges?: number) {
  const given: [number, number][] = [];
  const window = new Window((from, to) => given.push([from, to]), maxRanges);
  return { window, given, verdicts: sequences.map((one) => window.accept(one)) };
}

describe("the window of a source", () => {
  it.each([
    ["in order", [1, 2, 3], ["new", "new", "new"], 0],
    ["twice", [1, 1, 2, 1], ["new", "duplicate", "new", "duplicate"], 0],
    ["with a gap", [5, 9], ["new", "new"], 3],
    ["backwards", [9, 8, 5, 7, 6, 8], ["new", "new", "new", "new", "new", "duplicate"], 0],
    ["from zero", [0, 2], ["new", "new"], 1],
    ["with the largest sequence", [1, Number.MAX_SAFE_INTEGER], ["new", "new"], Number.MAX_SAFE_INTEGER - 2],
  ])("%s", (_, sequences, verdicts, missing) => {
    const seen = windowOf(sequences);
    expect(seen.verdicts).toEqual(verdicts);
    expect(seen.window.missing).toBe(missing);
  });

  it("misses nothing before first contact, but takes it", () => {
    const { window } = windowOf([500]);
    expect(window.missing).toBe(0);
    expect(window.accept(499)).toBe("new");
    expect(window.missing).toBe(0);
    expect(window.accept(400)).toBe("new");
    expect([...window.holes()]).toEqual([[401, 498]]);
  });

  it("takes late what was given up, once", () => {
    const { window } = windowOf([1, 5, 9]);
    expect(window.giveUp(5)).toEqual([[2, 4]]);
    expect(window.giveUp(5)).toEqual([]);
    expect(window.missing).toBe(3);
    expect([...window.holes()]).toEqual([[6, 8]]);
    expect(window.accept(3)).toBe("late");
    expect(window.accept(3)).toBe("duplicate");
    expect([...window.holes()]).toEqual([[6, 8]]);
    expect([window.missing, window.missingUpTo(7), window.unreceivedIn(1, 9)]).toEqual([3, 2, 5]);
  });

  it("gives the oldest hole up where there are too many, and then for good", () => {
    const { window, given } = windowOf([1, 3, 5, 7], 3);
    expect(given).toEqual([[2, 2]]);
    expect(window.accept(2)).toBe("duplicate");
    window.giveUp(4);
    window.accept(9);
    expect(given).toEqual([[2, 2]]);
    expect([...window.received.ranges()]).toEqual([
      [1, 5],
      [7, 7],
      [9, 9],
    ]);
  });

  it("stays small whatever holes a source makes", () => {
    const { window } = windowOf([]);
    for (let n = 0; n < 2000; n++) window.accept(1 + n * 1000);
    expect(window.received.count).toBe(512);
  });
});

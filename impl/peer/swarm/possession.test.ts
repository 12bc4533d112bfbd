import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areSane, Possession, runsInOrder } from "./possession.js";

type Step = readonly ["add" | "delete" | "drop", number];

const steps = fc.array(fc.tuple(fc.constantFrom("add", "delete", "drop" as const), fc.nat(400)), { maxLength: 200 });

function play(possession: Possession, model: Set<number>, script: readonly Step[]): number {
  let floor = 0;
  for (const [what, index] of script) {
    if (what === "add") {
      expect(possession.add(index)).toBe(index >= floor && !model.has(index));
      if (index >= floor) model.add(index);
    } else if (what === "delete") expect(possession.delete(index)).toBe(model.delete(index));
    else {
      floor = Math.max(floor, index / 2);
      floor = Math.floor(floor);
      possession.dropBelow(floor);
      for (const own of model) if (own < floor) model.delete(own);
    }
  }
  return floor;
}

describe("possession", () => {
  test("is a set of numbers whose low end is given up", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const possession = new Possession(1_000);
        const model = new Set<number>();
        const floor = play(possession, model, script as readonly Step[]);
        const sorted = [...model].sort((a, b) => a - b);
        expect([...possession.indices()]).toEqual(sorted);
        expect(possession.size).toBe(model.size);
        expect(possession.floor).toBe(floor);
        for (let index = 0; index <= 400; index++) expect(possession.has(index)).toBe(model.has(index));
        expect([...Possession.of(possession.toBuffermap(), 1_000).indices()]).toEqual(sorted);
      }),
    );
  });

  test("takes nothing beyond its span, wherever that lies", () => {
    const possession = new Possession(64);
    expect(possession.add(1_000_000)).toBe(false);
    possession.dropBelow(1_000_000);
    expect(possession.add(1_000_000)).toBe(true);
    expect(possession.add(2 ** 50)).toBe(false);
    expect([...possession.indices()]).toEqual([1_000_000]);
  });

  test.each([1, 8, 40])("holds a buffermap of %d fragments within a span as small", (count) => {
    const possession = new Possession(count);
    possession.addRun(0, count);
    const map = Possession.of(possession.toBuffermap(), count);
    expect([map.size, map.top, map.countWithout(possession)]).toEqual([count, count - 1, 0]);
  });

  test("knows nothing of what lies 2^32 above", () => {
    const possession = new Possession(64);
    possession.add(3);
    for (const far of [2 ** 32 + 3, 2 ** 37 + 3, 2 ** 52 + 3]) expect(possession.has(far)).toBe(false);
  });

  test("takes runs and whole buffermaps as it takes single ones", () => {
    const nats = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 100 })), { maxLength: 6 });
    fc.assert(
      fc.property(nats, nats, fc.nat(70), (runs, others, first) => {
        const [bulk, single, other] = [new Possession(512), new Possession(512), new Possession(512)];
        for (const [from, count] of runs) {
          bulk.addRun(from, count);
          for (let index = from; index < from + count; index++) single.add(index);
        }
        for (const [from, count] of others) other.addRun(from, count);
        const indices = [...single.indices()];
        expect([...bulk.indices()]).toEqual(indices);
        expect([bulk.size, bulk.top]).toEqual([single.size, single.top]);
        expect(bulk.countWithout(other)).toBe(indices.filter((index) => !other.has(index)).length);
        expect([...bulk.copy().indices()]).toEqual(indices);
        const { bits } = bulk.toBuffermap();
        const moved = Possession.of({ type: "buffermap", first, bits }, 1_024);
        expect([...moved.indices()]).toEqual(indices.map((index) => index + first));
        expect([moved.size, moved.top]).toEqual([
          indices.length,
          indices.length === 0 ? -1 : (indices.at(-1) ?? 0) + first,
        ]);
      }),
    );
  });

  test("says runs in the order given", () => {
    expect(runsInOrder([7, 8, 9, 3, 4, 9])).toEqual([
      { first: 7, count: 3 },
      { first: 3, count: 2 },
      { first: 9, count: 1 },
    ]);
  });

  test.each([
    ["a fraction", [{ first: 0.5, count: 1 }]],
    ["below zero", [{ first: -1, count: 1 }]],
    ["no fragment", [{ first: 1, count: 0 }]],
    ["beyond whole numbers", [{ first: Number.MAX_SAFE_INTEGER, count: 1 }]],
    [
      "too many together",
      [
        { first: 0, count: 6 },
        { first: 9, count: 5 },
      ],
    ],
  ])("finds runs of %s insane", (_, runs) => {
    expect(areSane(runs, 10)).toBe(false);
    expect(areSane([{ first: 0, count: 10 }], 10)).toBe(true);
  });
});

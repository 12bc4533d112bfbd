import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RangeSet } from "./ranges.js";

const most = 24;
const number = fc.integer({ min: 0, max: most });
const change = fc.oneof(
  fc.record({ kind: fc.constantFrom("add" as const, "delete" as const), from: number, to: number }),
  fc.record({ kind: fc.constantFrom("addRange" as const, "deleteRange" as const), from: number, to: number }),
);
const changes = fc.array(change, { maxLength: 40 });

type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

/** The same on a set of numbers. */
function apply(to: { set: Set<number>; ranges: RangeSet }, one: Change): void {
  const { set, ranges } = to;
  if (one.kind === "add") {
    expect(ranges.add(one.from)).toBe(!set.has(one.from));
    set.add(one.from);
  } else if (one.kind === "delete") {
    expect(ranges.delete(one.from)).toBe(set.delete(one.from));
  } else {
    ranges[one.kind](one.from, one.to);
    for (let n = one.from; n <= one.to; n++) if (one.kind === "addRange") set.add(n);
    for (let n = one.from; n <= one.to; n++) if (one.kind === "deleteRange") set.delete(n);
  }
}

function play(all: readonly Change[]) {
  const state = { set: new Set<number>(), ranges: new RangeSet() };
  for (const one of all) apply(state, one);
  return state;
}

const numbers = (ranges: Iterable<readonly [number, number]>) =>
  [...ranges].flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));

describe("a set of ranges", () => {
  it("holds what a set of numbers would, and its ranges do not touch", () => {
    fc.assert(
      fc.property(changes, (all) => {
        const { set, ranges } = play(all);
        const wanted = [...set].sort((a, b) => a - b);
        const listed = [...ranges.ranges()];
        expect(numbers(listed)).toEqual(wanted);
        expect(listed.every(([from], index) => index === 0 || from > (listed[index - 1]?.[1] ?? 0) + 1)).toBe(true);
        expect([ranges.size, ranges.count, ranges.min, ranges.max]).toEqual([
          set.size,
          listed.length,
          wanted[0],
          wanted.at(-1),
        ]);
        const every = Array.from({ length: most + 2 }, (_, n) => n);
        expect(every.map((n) => ranges.has(n))).toEqual(every.map((n) => set.has(n)));
        expect(every.map((n) => ranges.around(n))).toEqual(
          every.map((n) => listed.find(([from, to]) => from <= n && n <= to)),
        );
      }),
    );
  });

  it("tells what is between, what is lacking in a span, what another lacks", () => {
    fc.assert(
      fc.property(changes, changes, number, number, (some, others, from, to) => {
        const a = play(some);
        const b = play(others);
        const span = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
        expect(numbers(a.ranges.lackingIn(from, to))).toEqual(span.filter((n) => !a.set.has(n)));
        expect(a.ranges.countIn(from, to)).toBe(span.filter((n) => a.set.has(n)).length);
        const all = [...a.set].sort((x, y) => x - y);
        expect(numbers(a.ranges.without(b.ranges))).toEqual(all.filter((n) => !b.set.has(n)));
        const inside = Array.from({ length: most + 1 }, (_, n) => n).filter(
          (n) => n > (all[0] ?? most) && n < (all.at(-1) ?? 0),
        );
        expect(numbers(a.ranges.holes())).toEqual(inside.filter((n) => !a.set.has(n)));
      }),
    );
  });
});

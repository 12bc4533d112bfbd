import fc from "fast-check";
import { expect, test } from "vitest";
import { newest, rarest } from "./advice.js";
import { Distribution, distributionOf, distributionWithout } from "./distribution.js";
import { FragmentSet } from "./fragment-set.js";
import { runsOf } from "./possession.js";

const setOf = (numbers: readonly number[]): FragmentSet =>
  FragmentSet.of(runsOf({ fragment: [...numbers] }, undefined) ?? []);
/** Scattered near the start, a few anywhere, or in one piece. */
const numbers = fc.oneof(
  fc.array(fc.nat(500), { maxLength: 250, size: "max" }),
  fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 10 }),
  fc.tuple(fc.nat(3000), fc.nat(300)).map(([first, count]) => Array.from({ length: count }, (_, i) => first + i)),
);

function countsIn(distribution: Distribution): Map<number, number> {
  const counts = new Map<number, number>();
  distribution.visit((first, last, holders) => {
    for (let at = first; at <= last; at++) counts.set(at, holders);
  });
  return counts;
}

test("a set of fragments answers as the numbers it was made of, kept as runs or as bits, also when written down and read", () => {
  let asBits = 0;
  fc.assert(
    fc.property(numbers, numbers, (held, asked) => {
      const set = setOf(held);
      if (set.bits !== undefined) asBits++;
      const wanted = setOf(asked);
      const distinct = new Set(asked);
      const hits = [...distinct].filter((one) => held.includes(one)).length;
      for (const one of [set, FragmentSet.restore(JSON.parse(JSON.stringify(set)))]) {
        expect(one.count).toBe(new Set(held).size);
        expect(one.highest).toBe(Math.max(-1, ...held));
        expect(one.countIn(wanted)).toBe(hits);
        expect(one.holdsAll(wanted)).toBe(hits === distinct.size);
        expect(one.runs).toEqual(runsOf({ fragment: held }, undefined));
        for (const number of asked.slice(0, 20)) expect(one.has(number)).toBe(held.includes(number));
      }
      expect(set.union(wanted.runs).runs).toEqual(runsOf({ fragment: [...held, ...asked] }, undefined));
    }),
  );
  expect(asBits).toBeGreaterThan(0);
});

test("a distribution kept up change by change is the one counted afresh, in whichever way [8.2.4]", () => {
  const change = fc.record({ who: fc.nat(30), held: fc.option(numbers, { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 60 }), (changes) => {
      const distribution = new Distribution();
      const peers = new Map<number, FragmentSet>();
      for (const { who, held } of changes) {
        const before = peers.get(who);
        const after = held === undefined ? undefined : setOf(held);
        if (before !== undefined && after !== undefined) distribution.replace(before, after);
        else if (before !== undefined) distribution.remove(before);
        else if (after !== undefined) distribution.add(after);
        if (after === undefined) peers.delete(who);
        else peers.set(who, after);
      }
      const expected = new Map<number, number>();
      for (const set of peers.values()) {
        for (const [first = 0, last = 0] of pairs(set.runs)) {
          for (let at = first; at <= last; at++) expected.set(at, (expected.get(at) ?? 0) + 1);
        }
      }
      const sorted = new Map([...expected].sort(([a], [b]) => a - b));
      expect([...countsIn(distribution)]).toEqual([...sorted]);
      const sets = [...peers.values()];
      expect([...countsIn(distributionOf(sets))]).toEqual([...sorted]);
      const some = sets.slice(0, 3);
      expect([...countsIn(distributionWithout(distribution, some))]).toEqual([
        ...countsIn(distributionOf(sets.slice(3))),
      ]);
      // Enough of them that bits are counted in columns.
      const twenty = sets.flatMap((set) => Array.from({ length: 20 }, () => set));
      expect([...countsIn(distributionOf(twenty))]).toEqual([...sorted].map(([at, holders]) => [at, holders * 20]));
    }),
    { numRuns: 60 },
  );
});

test("the threshold follows the average; what nobody else lacks and what the peer has is not advised [8.2.4 NOTE, E-PAMP-53]", () => {
  const all = Array.from({ length: 20 }, (_, i) => i);
  const sets = [all, all.slice(1), all.slice(2), all.slice(2)].map(setOf);
  const distribution = distributionOf(sets);
  const advise = (fraction: number, except: readonly number[] = [], everywhere = 0) =>
    rarest(distribution, everywhere, fraction, { limit: 100, except: setOf(except) });
  expect(advise(0.5)).toEqual([0]);
  expect(advise(0.6)).toEqual([0, 1]);
  expect(advise(0.6, [0])).toEqual([1]);
  // Ten more that have everything: what was rare is not any more.
  expect(advise(0.6, [], 10)).toEqual([]);
  expect(rarest(distribution, 0, 0.6, { limit: 1, except: undefined })).toEqual([0]);
  // A run without end is not walked through.
  const endless = FragmentSet.of([0, Number.MAX_SAFE_INTEGER - 1]);
  const liar = distributionOf([endless, ...Array.from({ length: 8 }, () => setOf([5]))]);
  expect(rarest(liar, 0, 0.9, { limit: 10, except: endless })).toEqual([]);
});

test("in a stream the newest come first, a little older ones for lesser classes, and none that is behind the window [8.2.5]", () => {
  const distribution = distributionOf([setOf([1, 90, 95, 96, 97, 98, 99])]);
  const advise = (window: number, back: number) =>
    newest(distribution, { window, back }, { limit: 4, except: setOf([97]) });
  expect(advise(10, 0)).toEqual([99, 98, 96, 95]);
  expect(advise(10, 2)).toEqual([96, 95, 90]);
  expect(advise(3, 0)).toEqual([99, 98]);
  expect(advise(10, 1_000)).toEqual([90]);
  expect(newest(new Distribution(), { window: 5, back: 0 }, { limit: 5, except: undefined })).toEqual([]);
});

function* pairs(runs: readonly number[]): Iterable<readonly [number | undefined, number | undefined]> {
  for (let i = 0; i < runs.length; i += 2) yield [runs[i], runs[i + 1]];
}

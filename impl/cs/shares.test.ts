import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divide } from "./shares.js";

const greedy = Number.POSITIVE_INFINITY;

describe("the upload of a cache server by priority [X.609.10 8.8 c)]", () => {
  it.each([
    [
      "by weight among those who want all",
      100,
      [
        [1, greedy],
        [3, greedy],
      ],
      [25, 75],
    ],
    [
      "what one cannot use goes to the others",
      100,
      [
        [50, 10],
        [1, greedy],
        [1, greedy],
      ],
      [10, 45, 45],
    ],
    [
      "what nobody uses is there for whoever begins",
      100,
      [
        [1, 10],
        [1, 20],
      ],
      [45, 55],
    ],
    ["one alone gets all", 100, [[7, 0]], [100]],
    [
      "without a bound there is none for anybody",
      greedy,
      [
        [1, 5],
        [2, 5],
      ],
      [greedy, greedy],
    ],
    ["nobody", 100, [], []],
  ] as [string, number, [number, number][], number[]][])("%s", (_, total, claims, parts) => {
    expect(
      divide(
        total,
        claims.map(([weight, demand]) => ({ weight, demand })),
      ),
    ).toEqual(parts);
  });

  it("gives all of it away, and nobody less than its weight entitles it to and it can use", () => {
    const claim = fc.record({ weight: fc.integer({ min: 1, max: 100 }), demand: fc.nat({ max: 1000 }) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.array(claim, { minLength: 1, maxLength: 8 }),
        (total, claims) => {
          const parts = divide(total, claims);
          const weights = claims.reduce((all, { weight }) => all + weight, 0);
          expect(parts.reduce((all, part) => all + part, 0)).toBeCloseTo(total, 6);
          for (const [i, { weight, demand }] of claims.entries())
            expect(parts[i]).toBeGreaterThanOrEqual(Math.min(demand, (total * weight) / weights) - 1e-6);
        },
      ),
    );
  });
});

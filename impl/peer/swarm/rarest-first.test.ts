import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { createDice } from "../../hybrid-peer/test/simulation/random.js";
import { Dice } from "./dice.js";
import { Possession } from "./possession.js";
import { RarestFirst } from "./rarest-first.js";

const fragments = 60;
const step = fc.tuple(fc.constantFrom("claim", "unclaim", "close", "open"), fc.nat(fragments - 1));

describe("rarest first", () => {
  test("picks of what somebody holds the open fragments that fewest hold", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 400 }),
        fc.array(fc.nat(fragments - 1)),
        fc.integer(),
        (script, theirs, seed) => {
          const dice = createDice(seed);
          const picker = new RarestFirst(new Dice(() => dice.fraction()), 1_000);
          const counts = new Map<number, number>();
          const closed = new Set<number>();
          for (const [what, index] of script) {
            const count = counts.get(index) ?? 0;
            if (what === "claim") {
              expect(picker.claimed(index)).toBe(!closed.has(index));
              counts.set(index, count + 1);
            } else if (what === "unclaim" && count > 0) {
              picker.unclaimed(index);
              counts.set(index, count - 1);
            } else if (what === "close") {
              picker.close(index);
              closed.add(index);
            } else if (what === "open") {
              picker.open(index);
              closed.delete(index);
            }
          }
          const possession = new Possession(fragments);
          for (const index of theirs) possession.add(index);
          const rarity = [...new Set(theirs)]
            .filter((index) => !closed.has(index) && (counts.get(index) ?? 0) > 0)
            .map((index) => counts.get(index) as number)
            .sort((a, b) => a - b);
          const picked = picker.pick(possession, 10, undefined);
          expect(picked.map((index) => counts.get(index))).toEqual(rarity.slice(0, 10));
          expect(new Set(picked).size).toBe(picked.length);
          const open = [...counts].filter(([index, count]) => count > 0 && !closed.has(index));
          expect(picker.openCount).toBe(open.length);
        },
      ),
    );
  });

  test("does not pick in the order of the numbers where all are equally rare", () => {
    const possession = new Possession(1_000);
    const picks = [1, 2].map((seed) => {
      const dice = createDice(seed);
      const picker = new RarestFirst(new Dice(() => dice.fraction()), 1_000);
      for (let index = 0; index < 1_000; index++) {
        picker.claimed(index);
        possession.add(index);
      }
      return picker.pick(possession, 20, undefined);
    });
    expect(picks[0]).not.toEqual(picks[1]);
  });

  test("picks first what it was advised to, and passes over what is withheld [X.609.1 8.2.4 step 7]", () => {
    const picker = new RarestFirst(new Dice(() => 0.5), 200_000);
    const possession = new Possession(100);
    for (let index = 0; index < 100; index++) {
      picker.claimed(index);
      if (index !== 3) picker.claimed(index);
      possession.add(index);
    }
    picker.advise([7, 90, 500]);
    expect(picker.pick(possession, 3, undefined)).toEqual([7, 90, 3]);
    expect(picker.pick(possession, 2, (index) => index === 7)).toEqual([90, 3]);
  });

  test("finds what somebody holds of millions that others claim, and does not walk through these", () => {
    const picker = new RarestFirst(new Dice(() => 0.5), 200_000);
    const possession = new Possession(200_000);
    for (let index = 0; index < 200_000; index++) picker.claimed(index);
    for (const index of [3, 77_777, 199_999]) {
      possession.add(index);
      picker.claimed(index);
    }
    picker.close(3);
    const looked = vi.spyOn(possession, "has");
    expect(picker.pick(possession, 10, undefined).sort((a, b) => a - b)).toEqual([77_777, 199_999]);
    expect(looked.mock.calls.length).toBeLessThan(5_000);
    picker.close(77_777);
    expect(picker.pick(possession, 10, (index) => index === 199_999)).toEqual([]);
  });
});

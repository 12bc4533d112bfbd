import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countHeld, countOf, runsOf, runsOfEvents, union } from "./possession.js";
import type { FragmentEvent } from "./types.js";

describe("runsOf [E-PAMP-16, E-PAMP-69]", () => {
  const range = (start_fragment_id: number, end_fragment_id: number) => ({ start_fragment_id, end_fragment_id });
  test.each([
    ["nothing said", undefined, undefined, undefined],
    ["an empty list", { fragment: [] }, undefined, []],
    ["a list without numbers", { num_of_fragment: 7 }, undefined, undefined],
    ["neighbours make one run", { fragment: [3, 1, 2] }, undefined, [1, 3]],
    ["duplicates count once", { fragment: [5, 5, 9] }, undefined, [5, 5, 9, 9]],
    ["both ends of a range included", undefined, range(2, 4), [2, 4]],
    ["a range of one", undefined, range(2, 2), [2, 2]],
    ["list and range together", { fragment: [1, 9, 5] }, range(2, 4), [1, 5, 9, 9]],
    ["list inside the range", { fragment: [3] }, range(2, 4), [2, 4]],
    ["a range with one end says nothing", undefined, { start_fragment_id: 3 }, undefined],
    ["the largest numbers", { fragment: [2 ** 53 - 1, 0] }, undefined, [0, 0, 2 ** 53 - 1, 2 ** 53 - 1]],
  ])("%s", (_name, list, bounds, expected) => {
    expect(runsOf(list, bounds)).toEqual(expected);
  });
});

describe("runsOfEvents [E-PAMP-10, E-PAMP-36, E-PAMP-38]", () => {
  const down = (fragment_id: string, more: Partial<FragmentEvent> = {}): FragmentEvent => ({
    fragment_event_type: "DOWNLOADED",
    fragment_id,
    ...more,
  });
  test.each<[string, FragmentEvent, number[]]>([
    ["a download", down("7"), [7, 7]],
    ["a download that passed its check", down("7", { fragment_integrity: true }), [7, 7]],
    ["a download that failed its check", down("7", { fragment_integrity: false }), []],
    ["a download by the reporter", down("7", { to: "me" }), [7, 7]],
    ["a download by somebody else", down("7", { to: "you" }), []],
    ["an upload", down("7", { fragment_event_type: "UPLOADED" }), []],
    ["an ID that is no number", down("seven"), []],
    ["an ID beyond exact numbers", down("9007199254740993"), []],
    ["no ID", { fragment_event_type: "DOWNLOADED" }, []],
  ])("%s", (_name, event, expected) => {
    expect(runsOfEvents([event], "me")).toEqual(expected);
  });
});

test("runs behave as sets of numbers do", () => {
  const numbers = fc.array(fc.nat({ max: 60 }), { maxLength: 40 });
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const x = runsOf({ fragment: a }, undefined) ?? [];
      const y = runsOf({ fragment: b }, undefined) ?? [];
      const both = union(x, y);
      const set = new Set([...a, ...b]);
      expect(both).toEqual(runsOf({ fragment: [...set] }, undefined));
      expect(countOf(both)).toBe(set.size);
      expect(countHeld(x, y)).toBe([...new Set(b)].filter((n) => a.includes(n)).length);
      for (let i = 2; i < both.length; i += 2) expect(both[i]).toBeGreaterThan((both[i - 1] ?? 0) + 1);
    }),
  );
});

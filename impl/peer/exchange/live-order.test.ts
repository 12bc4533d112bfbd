import { expect, test } from "vitest";
import { LiveOrder, type Turn } from "./live-order.js";

type Step = readonly ["skip"] | readonly ["arrived" | "missed" | "dropped", number] | readonly ["begin"];

const after = (steps: readonly Step[], first?: number): string => {
  const order = new LiveOrder(first);
  const turns: Turn[] = [];
  for (const [what, index = 0] of steps)
    turns.push(...(what === "begin" || what === "skip" ? order[what]() : order[what](index)));
  return turns.map(({ index, missed }) => (missed > 0 ? `(${missed})${index}` : index)).join(" ");
};

test.each<[string, readonly Step[], number | undefined, string]>([
  [
    "in order",
    [
      ["arrived", 0],
      ["arrived", 1],
    ],
    0,
    "0 1",
  ],
  [
    "out of order",
    [
      ["arrived", 1],
      ["arrived", 2],
      ["arrived", 0],
    ],
    0,
    "0 1 2",
  ],
  [
    "one given up",
    [
      ["arrived", 1],
      ["missed", 0],
    ],
    0,
    "(1)1",
  ],
  [
    "given up before others come",
    [
      ["missed", 0],
      ["missed", 1],
      ["arrived", 2],
    ],
    0,
    "(2)2",
  ],
  [
    "given up, and came after all",
    [
      ["missed", 1],
      ["arrived", 1],
      ["arrived", 0],
    ],
    0,
    "0 1",
  ],
  [
    "given up after it came",
    [
      ["arrived", 1],
      ["missed", 1],
      ["arrived", 0],
    ],
    0,
    "0 1",
  ],
  [
    "twice",
    [
      ["arrived", 0],
      ["arrived", 0],
      ["missed", 0],
      ["arrived", 1],
    ],
    0,
    "0 1",
  ],
  [
    "a late joiner waits for its beginning",
    [
      ["arrived", 105],
      ["arrived", 103],
    ],
    undefined,
    "",
  ],
  [
    "and begins with the lowest",
    [["arrived", 105], ["arrived", 103], ["missed", 104], ["begin"]],
    undefined,
    "103 (1)105",
  ],
  ["nothing to begin with", [["begin"], ["arrived", 7], ["begin"]], undefined, "7"],
  [
    "the window moves on",
    [
      ["arrived", 3],
      ["arrived", 5],
      ["dropped", 5],
      ["arrived", 6],
    ],
    0,
    "(3)3 (1)5 6",
  ],
  [
    "the window jumps",
    [
      ["arrived", 0],
      ["dropped", 1_000_000],
      ["arrived", 1_000_000],
    ],
    0,
    "0 (999999)1000000",
  ],
  [
    "the window moves before the beginning",
    [
      ["arrived", 5],
      ["dropped", 4],
      ["arrived", 6],
    ],
    undefined,
    "",
  ],
  [
    "somebody waits too long",
    [["arrived", 2], ["arrived", 4], ["skip"], ["arrived", 5], ["skip"], ["skip"]],
    0,
    "(2)2 (1)4 5",
  ],
])("%s", (_, steps, first, expected) => {
  expect(after(steps, first)).toBe(expected);
});
